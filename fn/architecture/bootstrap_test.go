package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestBootstrapVersion(t *testing.T) {
	const other = "b3RoZXIgY29kZQ=="
	type args struct {
		xr       string
		alias    string
		function string
		code     string
	}
	type want struct {
		Bootstrap string
		Released  bool
	}
	cases := map[string]struct {
		reason string
		args   args
		want   want
	}{
		"NothingThere": {
			reason: "Before the function has a version, nothing is released.",
			args:   args{code: fntest.BootstrapCode, function: "{}", alias: "{}"},
		},
		"BeforeTheAlias": {
			reason: "A function that has just been created has the bootstrap code.",
			args:   args{code: fntest.BootstrapCode, function: fntest.FunctionCreated("1"), alias: "{}"},
			want:   want{Bootstrap: "1"},
		},
		"New": {
			reason: "So has the version that the alias begins with.",
			args:   args{code: fntest.BootstrapCode, function: fntest.FunctionCreated("1"), alias: fntest.AliasOn("1")},
			want:   want{Bootstrap: "1"},
		},
		"Configured": {
			reason: "A configuration that has changed is another version with the bootstrap code.",
			args:   args{code: fntest.BootstrapCode, function: fntest.FunctionCreated("3"), alias: fntest.AliasOn("1")},
			want:   want{Bootstrap: "1"},
		},
		"Remembered": {
			reason: "The first release has uploaded its code, and is not live yet.",
			args: args{
				xr: "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}", code: fntest.BootstrapCode,
				function: fntest.FunctionCoded("2", other), alias: fntest.AliasOn("1"),
			},
			want: want{Bootstrap: "1"},
		},
		"Released": {
			reason: "The first release is live.",
			args: args{
				xr: "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}", code: fntest.BootstrapCode,
				function: fntest.FunctionCoded("2", other), alias: fntest.AliasOn("2"),
			},
			want: want{Bootstrap: "1", Released: true},
		},
		"Stale": {
			reason: "The provider may look at the alias before it looks at the function: a version that it does not know is no bootstrap.",
			args: args{
				xr: "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}", code: fntest.BootstrapCode,
				function: fntest.FunctionCreated("1"), alias: fntest.AliasOn("2"),
			},
			want: want{Bootstrap: "1", Released: true},
		},
		"StaleWithMoreDigits": {
			reason: "Versions are numbers.",
			args: args{
				xr: "status: {release: {liveVersion: '9', bootstrapVersion: '9'}}", code: fntest.BootstrapCode,
				function: fntest.FunctionCreated("9"), alias: fntest.AliasOn("10"),
			},
			want: want{Bootstrap: "9", Released: true},
		},
		"Torn": {
			reason: "The provider may have read the function's code before a release has uploaded another, and its versions after that.",
			args: args{
				xr: "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}", code: fntest.BootstrapCode,
				function: fntest.FunctionCreated("2"), alias: fntest.AliasOn("2"),
			},
			want: want{Bootstrap: "1", Released: true},
		},
		"TakenBack": {
			reason: "The bootstrap may be live again.",
			args: args{
				xr: "status: {release: {liveVersion: '2', bootstrapVersion: '1'}}", code: fntest.BootstrapCode,
				function: fntest.FunctionCoded("2", other), alias: fntest.AliasOn("1"),
			},
			want: want{Bootstrap: "1"},
		},
		"StatusLost": {
			reason: "What was remembered should stand in for what is not told.",
			args: args{
				xr: "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}", code: fntest.BootstrapCode, function: "{}", alias: "{}",
			},
			want: want{Bootstrap: "1"},
		},
		"CreatedAgain": {
			reason: "A function that is created again has a bootstrap again.",
			args: args{
				xr:   "status: {release: {liveVersion: '7', bootstrapVersion: '1'}}",
				code: fntest.BootstrapCode, function: fntest.FunctionCreated("10"), alias: fntest.AliasOn("7", fntest.Gone("7")),
			},
			want: want{Bootstrap: "10"},
		},
		"Adopted": {
			reason: "A function that had code of its own counts as released.",
			args:   args{code: fntest.BootstrapCode, function: fntest.FunctionCoded("6", other), alias: fntest.AliasOn("6")},
			want:   want{Released: true},
		},
		"Untold": {
			reason: "Code that nobody tells of is no bootstrap.",
			args:   args{code: fntest.BootstrapCode, function: fntest.FunctionWith("6"), alias: fntest.AliasOn("6")},
			want:   want{Released: true},
		},
		"NoCode": {
			reason: "Without bootstrap code there is nothing to compare.",
			args:   args{code: "", function: fntest.FunctionCoded("6", ""), alias: fntest.AliasOn("6")},
			want:   want{Released: true},
		},
		"Malformed": {
			reason: "What is not base64 is no code.",
			args:   args{code: "Y29kZQ", function: fntest.FunctionCreated("6"), alias: fntest.AliasOn("6")},
			want:   want{Released: true},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			seen := compose.NewObservation(fntest.State(t, tc.args.xr, map[resource.Name]string{
				LiveAlias: tc.args.alias, blueFunction: tc.args.function,
				blueBootstrap: "spec: {forProvider: {contentBase64: '" + tc.args.code + "'}}",
			}))
			s := ReadServing(seen)
			if diff := cmp.Diff(tc.want, want{s.Bootstrap, s.IsReleased()}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBootstrapCodeStays checks that the code by which the bootstrap was recognised stays until that is remembered: an upgrade that brings
// other code would make it unrecognisable if the status could not be written.
func TestBootstrapCodeStays(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		xr     string
		want   bool
	}{
		"Recognised": {reason: "Nobody else knows it.", xr: "status: {}", want: true},
		"Remembered": {reason: "The status has it.", xr: "status: {release: {liveVersion: '1', bootstrapVersion: '1'}}", want: false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t)
			p.Serving = ReadServing(compose.NewObservation(fntest.State(t, tc.xr, map[resource.Name]string{
				LiveAlias: fntest.AliasOn("1"), blueFunction: fntest.FunctionCreated("1"),
				blueBootstrap: "spec: {forProvider: {contentBase64: '" + fntest.BootstrapCode + "'}}",
			})))
			content := *buildOne[*s3v1beta2.Object](t, p, blueBootstrap).Spec.ForProvider.ContentBase64
			if stays := content == fntest.BootstrapCode; stays != tc.want {
				t.Errorf("%s\nwant the code to stay: %t, got %t", tc.reason, tc.want, stays)
			}
			if *buildOne[*s3v1beta2.Object](t, p, greenBootstrap).Spec.ForProvider.ContentBase64 == fntest.BootstrapCode {
				t.Error("green's code is today's")
			}
		})
	}
}

// TestDeferred checks what is not made before the first release: what lets others call the alias, and nothing else.
func TestDeferred(t *testing.T) {
	deferred := func(s Serving) (names []resource.Name) {
		p := newTestPipeline(t, everything)
		p.Serving = s
		for _, r := range p.Resources() {
			if r.Deferred {
				names = append(names, r.Name)
			}
		}
		return names
	}
	want := []resource.Name{
		"live-invoker-api-25306f6c", "live-invoker-ledger-856a2b7c", functionURL, "live-url-invoker-ledger-856a2b7c",
		"event-permission-rule", "event-permission-schedule",
	}
	for name, s := range map[string]Serving{"nothing is live": {}, "the bootstrap is live": {Version: "1", Bootstrap: "1"}} {
		if diff := cmp.Diff(want, deferred(s)); diff != "" {
			t.Errorf("while %s: -want, +got:\n%s", name, diff)
		}
	}
	if got := deferred(Serving{Version: "2", Bootstrap: "1"}); len(got) > 0 {
		t.Errorf("after a release: want nothing deferred, got %v", got)
	}
}

// TestRulesOfOthers checks that a rule is not composed before it is known what serves: AWS may have the rule already, and would disable
// it. A rule that the pipeline has stays.
func TestRulesOfOthers(t *testing.T) {
	for name, tc := range map[string]struct {
		reason   string
		observed map[resource.Name]string
		want     string
	}{
		"Nothing": {reason: "Nobody knows yet.", want: ""},
		"Told":    {reason: "The function has a version.", observed: map[resource.Name]string{blueFunction: fntest.FunctionWith("1")}, want: known},
		"Rule":    {reason: "What exists stays.", observed: map[resource.Name]string{"event-rule-schedule": "{}"}, want: known},
	} {
		t.Run(name, func(t *testing.T) {
			p, seen := newTestPipeline(t, everything), compose.NewObservation(fntest.State(t, fntest.XR, tc.observed))
			p.Serving = ReadServing(seen)
			if diff := cmp.Diff(tc.want, p.Facts(seen)[servingTold]); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
	for _, r := range newTestPipeline(t, everything).eventSources() {
		_, waits := compose.Known{nameHeld: known, AccountID: fntest.Account, liveVersion: "1"}.Missing(r.Needs)
		if isRule := r.Name == "event-rule-rule" || r.Name == "event-rule-schedule"; waits != isRule {
			t.Errorf("%s: want it to wait to know what serves: %t, got %t", r.Name, isRule, waits)
		}
	}
}
