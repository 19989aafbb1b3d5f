package architecture

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestEverySettingIsKnown checks that no parameter of the functions is forgotten that a version carries.
func TestEverySettingIsKnown(t *testing.T) {
	others := map[string]string{
		"region":        "never changes",
		"roleRef":       "never changes",
		"packageType":   "never changes",
		"architectures": "never change",
		"publish":       "is what the provider does, and no setting in AWS",
		"tags":          "are the function's, and change at once",
	}
	var known []string
	for _, s := range versionSettings {
		known = append(known, s.parameter)
	}
	b, err := json.Marshal(newTestPipeline(t, everything).functionParameters(blue))
	if err != nil {
		t.Fatal(err)
	}
	parameters := map[string]any{}
	if err := json.Unmarshal(b, &parameters); err != nil {
		t.Fatal(err)
	}
	for name := range parameters {
		if slices.Contains(known, name) == (others[name] != "") {
			t.Errorf("%s: want it either in versionSettings, if a version carries it, or here, with the reason why not", name)
		}
		delete(others, name)
	}
	if len(others) > 0 {
		t.Errorf("not set, and explained here: %v", others)
	}
}

func TestSettings(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Environment = v1alpha1.FunctionVariables{"TOKEN": "secret"} })
	want := map[string]string{
		"runtime": "nodejs24.x", "handler": "index.handler", "memorySizeMiB": "512", "timeoutSeconds": "30",
		// This is what XRs remember: another way to write it would be a change of settings, on every pipeline at once.
		"environment": "dc42f68777de25f0",
	}
	if diff := cmp.Diff(want, p.Settings()); diff != "" {
		t.Errorf("Settings(): -want, +got:\n%s", diff)
	}
}

// blueWith is a blue function whose newest version the provider knows, with its memory in MiB.
func blueWith(version string, memory int) string {
	return fmt.Sprintf(`status: {atProvider: {version: %q, runtime: nodejs24.x, handler: index.handler, memorySize: %d, timeout: 30, environment: [{variables: {A: b}}]}}`,
		version, memory)
}

// settingsWith are those of blueWith, as they are remembered.
func settingsWith(memory int) map[string]string {
	return map[string]string{
		"runtime": "nodejs24.x", "handler": "index.handler", "memorySizeMiB": fmt.Sprint(memory), "timeoutSeconds": "30",
		"environment": "7fdf1ff73fa105d0",
	}
}

func TestRememberVersions(t *testing.T) {
	version := func(name string, memory int) v1alpha1.VersionStatus {
		return v1alpha1.VersionStatus{Version: name, Settings: settingsWith(memory)}
	}
	many := func(last, count int) (versions []v1alpha1.VersionStatus) {
		for i := range count {
			versions = append(versions, version(fmt.Sprint(last-i), 512))
		}
		return versions
	}
	type args struct {
		before   []v1alpha1.VersionStatus
		function string
		serving  Serving
	}
	cases := map[string]struct {
		reason string
		args   args
		want   []v1alpha1.VersionStatus
	}{
		"First": {
			reason: "The newest version's settings are told by AWS.",
			args:   args{function: blueWith("1", 512)},
			want:   []v1alpha1.VersionStatus{version("1", 512)},
		},
		"Newer": {
			reason: "The newest comes first, and numbers are no text.",
			args:   args{before: many(9, 1), function: blueWith("10", 1024)},
			want:   []v1alpha1.VersionStatus{version("10", 1024), version("9", 512)},
		},
		"NotPublishedYet": {
			reason: "Settings of $LATEST that no version has yet should not be taken for the newest version's.",
			args:   args{before: many(9, 1), function: blueWith("9", 1024)},
			want:   many(9, 1),
		},
		"NewSetting": {
			reason: "A setting that was not known of the newest version is added.",
			args: args{
				before:   []v1alpha1.VersionStatus{{Version: "9", Settings: map[string]string{"memorySizeMiB": "128"}}},
				function: blueWith("9", 1024),
			},
			want: []v1alpha1.VersionStatus{version("9", 128)},
		},
		"Silent": {
			reason: "Nothing is forgotten while AWS tells nothing.",
			args:   args{before: many(9, 2), function: "{}"},
			want:   many(9, 2),
		},
		"Latest": {
			reason: "$LATEST is no version.",
			args:   args{before: many(9, 2), function: blueWith("$LATEST", 1024)},
			want:   many(9, 2),
		},
		"HalfTold": {
			reason: "Nothing is made of half of the settings.",
			args:   args{before: many(9, 2), function: "status: {atProvider: {version: '10', memorySize: 512}}"},
			want:   many(9, 2),
		},
		"NumbersBeginAgain": {
			reason: "What was known of a function that is gone says nothing of the one that was made again.",
			args:   args{before: many(9, 3), function: blueWith("8", 1024)},
			want:   []v1alpha1.VersionStatus{version("8", 512), version("7", 512)},
		},
		"Many": {
			reason: "Those that take traffic should be kept, and the newest ten.",
			args:   args{before: many(30, 30), function: blueWith("31", 512), serving: Serving{Version: "3", Candidate: "7"}},
			want:   append(many(31, 10), version("7", 512), version("3", 512)),
		},
		"Garbage": {
			reason: "What is no version is dropped.",
			args:   args{before: []v1alpha1.VersionStatus{version("x", 1), version("-1", 1), version("0", 1), version("", 1)}, function: blueWith("1", 512)},
			want:   many(1, 1),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := tc.args.before
			for i := range 2 {
				xr, err := json.Marshal(map[string]any{"status": map[string]any{"release": v1alpha1.ReleaseStatus{Versions: before}}})
				if err != nil {
					t.Fatal(err)
				}
				seen := compose.NewObservation(fntest.State(t, string(xr), map[resource.Name]string{blueFunction: tc.args.function}))
				before = RememberVersions(seen, tc.args.serving)
				if diff := cmp.Diff(tc.want, before); diff != "" {
					t.Errorf("%s\nRememberVersions(...), time %d: -want, +got:\n%s", tc.reason, i+1, diff)
				}
			}
		})
	}
}
