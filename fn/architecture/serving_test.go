package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

func TestReadServing(t *testing.T) {
	function := fntest.FunctionWith("10")
	type args struct {
		xr       string
		alias    string
		function string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   Serving
	}{
		"Serving": {
			reason: "The version that the alias has should be the one, whatever was built since.",
			args:   args{alias: fntest.AliasOn("7"), function: function},
			want:   Serving{Version: "7", Told: "7", Before: "7"},
		},
		"Shifting": {
			reason: "A version that shares the traffic should be the candidate.",
			args:   args{alias: fntest.AliasOn("7", standin.Shifting("8", 0.1)), function: function},
			want:   Serving{Version: "7", Told: "7", Before: "7", Candidate: "8", CandidateShare: 0.1},
		},
		"Gone": {
			reason: "A version that AWS says it does not have should give way to the one that the function has.",
			args:   args{xr: "status: {release: {liveVersion: '7'}}", alias: fntest.AliasOn("7", fntest.Gone("7")), function: function},
			want:   Serving{Version: "10", Told: "7", Before: "7", Lost: "7"},
		},
		"GoneToldInTheBackground": {
			reason: "The provider is trying again, and tells of the last time.",
			args: args{
				alias:    fntest.AliasOn("7", fntest.Gone("7"), standin.Condition("Synced", "True", "ReconcileSuccess", "")),
				function: function,
			},
			want: Serving{Version: "10", Told: "7", Before: "7", Lost: "7"},
		},
		"AskedForAnother": {
			reason: "What was lost should stay so while the alias is made with another version.",
			args: args{
				xr: "status: {release: {liveVersion: '10', lostVersion: '7'}}", alias: fntest.AliasAsked("10", "7", fntest.Gone("7")), function: function,
			},
			want: Serving{Version: "10", Told: "7", Before: "7", Lost: "7"},
		},
		"NeverWritten": {
			reason: "What was asked for should be kept, if the XR's status could not be written.",
			args:   args{xr: "status: {release: {liveVersion: '7'}}", alias: fntest.AliasAsked("9", "7", fntest.Gone("7")), function: function},
			want:   Serving{Version: "9", Told: "7", Before: "7", Lost: "7"},
		},
		"AnotherGoneToo": {
			reason: "The version that was asked for instead may be gone as well. What a release made live is what is lost.",
			args: args{
				xr: "status: {release: {liveVersion: '9', lostVersion: '7'}}", alias: fntest.AliasAsked("9", "7", fntest.Gone("9")), function: function,
			},
			want: Serving{Version: "10", Told: "7", Before: "7", Lost: "7"},
		},
		"NotRecreatedYet": {
			reason: "While the function has no other version, nothing should change.",
			args: args{
				xr: "status: {release: {liveVersion: '7'}}", alias: fntest.AliasOn("7", fntest.Gone("7")),
				function: fntest.FunctionWith("7"),
			},
			want: Serving{Version: "7", Told: "7", Before: "7"},
		},
		"AnotherNotRecreatedYet": {
			reason: "While the function has no other version, nothing should change, and the loss be told.",
			args: args{
				xr: "status: {release: {liveVersion: '9', lostVersion: '7'}}", alias: fntest.AliasAsked("9", "7", fntest.Gone("9")),
				function: fntest.FunctionWith("9"),
			},
			want: Serving{Version: "9", Told: "7", Before: "7", Lost: "7"},
		},
		"OnlyLatest": {
			reason: "$LATEST is no version to fall back to.",
			args:   args{alias: fntest.AliasOn("7", fntest.Gone("7")), function: fntest.FunctionWith("$LATEST")},
			want:   Serving{Version: "7", Told: "7", Before: "7"},
		},
		"Back": {
			reason: "The loss should be told until the next release.",
			args:   args{xr: "status: {release: {liveVersion: '10', lostVersion: '7'}}", alias: fntest.AliasOn("10"), function: function},
			want:   Serving{Version: "10", Told: "10", Before: "10", Lost: "7"},
		},
		"Released": {
			reason: "A release ends it.",
			args:   args{xr: "status: {release: {liveVersion: '10', lostVersion: '7'}}", alias: fntest.AliasAsked("10", "11"), function: function},
			want:   Serving{Version: "11", Told: "11", Before: "11"},
		},
		"NumbersBeginAgain": {
			reason: "Should AWS give a number twice, an alias that is there has a version that is there.",
			args:   args{xr: "status: {release: {liveVersion: '1', lostVersion: '7'}}", alias: fntest.AliasAsked("1", "7"), function: function},
			want:   Serving{Version: "7", Told: "7", Before: "7"},
		},
		"OldError": {
			reason: "An alias that is there should not be taken from its version, whatever its conditions still say.",
			args: args{
				alias:    fntest.AliasOn("7", fntest.Gone("7"), standin.Condition("Ready", "True", "Available", "")),
				function: function,
			},
			want: Serving{Version: "7", Told: "7", Before: "7"},
		},
		"LostAgain": {
			reason: "If the function is deleted again before a release, what a release made live is still what is lost.",
			args: args{
				xr: "status: {release: {liveVersion: '8', lostVersion: '7'}}", alias: fntest.AliasOn("8", fntest.Gone("8")), function: function,
			},
			want: Serving{Version: "10", Told: "8", Before: "8", Lost: "7"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			seen := compose.NewObservation(fntest.State(t, tc.args.xr, map[resource.Name]string{LiveAlias: tc.args.alias, blueFunction: tc.args.function}))
			if diff := cmp.Diff(tc.want, ReadServing(seen)); diff != "" {
				t.Errorf("%s\nReadServing(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestOtherErrorsMoveNothing checks that the alias, which is gone, comes back on the version that was live whatever the
// provider says, unless it says that this version is gone.
func TestOtherErrorsMoveNothing(t *testing.T) {
	t.Parallel()
	errors := []string{
		"",
		"create failed: async create failed: AccessDeniedException: not authorized to perform lambda:CreateAlias on arn:aws:lambda:us-east-1:111122223333:function:blue:7",
		"TooManyRequestsException: Rate exceeded",
		"ResourceConflictException: Alias already exists: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123:live",
		"ResourceNotFoundException: Cannot find alias arn: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123:live",
		"ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123",
		"ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123:$LATEST",
		fntest.UnknownVersion("8"), fntest.UnknownVersion("77"), fntest.UnknownVersion("97"),
	}
	rapid.Check(t, func(t *rapid.T) {
		message := rapid.OneOf(rapid.SampledFrom(errors), rapid.String()).Draw(t, "error")
		seen := compose.NewObservation(&fnv1.State{Resources: map[string]*fnv1.Resource{}})
		seen.Resources[string(blueFunction)] = observedOf(t, fntest.FunctionWith("10"))
		seen.Resources[string(LiveAlias)] = observedOf(t, fntest.AliasOn("7", standin.Uncreated(message)))
		if diff := cmp.Diff(Serving{Version: "7", Told: "7", Before: "7"}, ReadServing(seen)); diff != "" {
			t.Errorf("%q: -want, +got:\n%s", message, diff)
		}
	})
}

// observedOf is a resource of JSON.
func observedOf(t rapid.TB, object string) *fnv1.Resource {
	s := &structpb.Struct{}
	if err := s.UnmarshalJSON([]byte(object)); err != nil {
		t.Fatalf("cannot parse %q: %v", object, err)
	}
	return &fnv1.Resource{Resource: s}
}
