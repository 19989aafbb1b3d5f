package report

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestSetConfigurationPending(t *testing.T) {
	const again = `push to the branch, or choose "Release change" in CodePipeline.`
	spec := fntest.MinimalSpec()
	spec.Service.Environment = v1alpha1.FunctionVariables{"TOKEN": "secret"}
	asked := architecture.Pipeline{Claim: claim.Claim{Spec: spec}}.DesiredConfiguration()
	// version with the claim's configuration, but for those that differ.
	version := func(name string, differ map[string]string) v1alpha1.VersionStatus {
		configuration := maps.Clone(asked)
		maps.Copy(configuration, differ)
		return v1alpha1.VersionStatus{Version: name, Settings: configuration}
	}
	smaller := map[string]string{"memorySizeMiB": "128"}
	condition := func(status fnv1.Status, reason, message string) *fnv1.Condition {
		return fntest.Condition("ConfigurationPending", status, reason, message)
	}
	const yes, no, unknown = fnv1.Status_STATUS_CONDITION_TRUE, fnv1.Status_STATUS_CONDITION_FALSE, fnv1.Status_STATUS_CONDITION_UNKNOWN

	type args struct {
		on, key string
		release *v1alpha1.ReleaseStatus
	}
	cases := map[string]struct {
		reason string
		args   args
		want   *fnv1.Condition
	}{
		"Nothing": {
			reason: "Before a version is live, none has a configuration.",
			args:   args{release: &v1alpha1.ReleaseStatus{}},
		},
		"Live": {
			reason: "A version that is only published does not matter.",
			args: args{release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", Versions: []v1alpha1.VersionStatus{version("8", smaller), version("7", nil)},
			}},
			want: condition(no, "SettingsLive", ""),
		},
		"NeverSeen": {
			reason: "Of a version that was never seen as the newest nothing is claimed.",
			args:   args{release: &v1alpha1.ReleaseStatus{LiveVersion: "7", Versions: []v1alpha1.VersionStatus{version("8", nil)}}},
			want: condition(unknown, "SettingsUnknown", "It is not known which settings version 7 has, which is live: "+
				"AWS tells those of the newest version only. The next release's are known."),
		},
		"NotAllKnown": {
			reason: "A field that nobody has looked at may differ.",
			args: args{release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", Versions: []v1alpha1.VersionStatus{{Version: "7", Settings: map[string]string{"runtime": asked["runtime"]}}},
			}},
			want: condition(unknown, "SettingsUnknown", "It is not known which settings version 7 has, which is live: "+
				"AWS tells those of the newest version only. The next release's are known."),
		},
		"NeverSeenWithKey": {
			reason: "Who may not decrypt variables sees none.",
			args:   args{key: fntest.Key, release: &v1alpha1.ReleaseStatus{LiveVersion: "7"}},
			want: condition(unknown, "SettingsUnknown", "It is not known which settings version 7 has, which is live: "+
				"AWS tells those of the newest version only. The next release's are known. "+
				"If they are not, let the provider's role decrypt with service.kmsKeyArn: AWS hides the variables from others."),
		},
		"DiffersForSure": {
			reason: "What is known to differ is told, whatever else may.",
			args: args{release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", Versions: []v1alpha1.VersionStatus{{Version: "7", Settings: smaller}},
			}},
			want: condition(yes, "SettingsNotLive", "Version 7, which is live, has service.memorySizeMiB 128 where the claim says 512. "+
				"Only a new version has other settings. Release again: "+again),
		},
		"Differ": {
			reason: "Fields and values should be named, but nothing of variables.",
			args: args{release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", Versions: []v1alpha1.VersionStatus{version("7", map[string]string{"memorySizeMiB": "128", "environment": "0123"})},
			}},
			want: condition(yes, "SettingsNotLive", "Version 7, which is live, has service.memorySizeMiB 128 where the claim says 512, "+
				"another service.environment than the claim. Only a new version has other settings. Release again: "+again),
		},
		"OnTheirWay": {
			reason: "While they go live nobody need do anything.",
			args: args{release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", CandidateVersion: "8", Versions: []v1alpha1.VersionStatus{version("8", nil), version("7", smaller)},
			}},
			want: condition(yes, "SettingsNotLive", "Version 7, which is live, has service.memorySizeMiB 128 where the claim says 512. "+
				"Version 8, to which traffic moves, has what the claim says."),
		},
		"OthersOnTheirWay": {
			reason: "A candidate that does not have them either is no help.",
			args: args{release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", CandidateVersion: "8", Versions: []v1alpha1.VersionStatus{version("8", smaller), version("7", smaller)},
			}},
			want: condition(yes, "SettingsNotLive", "Version 7, which is live, has service.memorySizeMiB 128 where the claim says 512. "+
				"Only a new version has other settings. Release again: "+again),
		},
		"ByThemselves": {
			reason: "Who has them released should not be told to do it.",
			args: args{on: v1alpha1.ConfigurationRelease, release: &v1alpha1.ReleaseStatus{
				LiveVersion: "7", Versions: []v1alpha1.VersionStatus{version("7", smaller)},
			}},
			want: condition(yes, "SettingsNotLive", "Version 7, which is live, has service.memorySizeMiB 128 where the claim says 512. "+
				"They are released by themselves, once, within minutes, unless somebody has taken production back. If that release has failed, release again: "+again),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := spec
			spec.Rollout.OnConfigurationChange, spec.Service.KMSKeyARN = tc.args.on, tc.args.key
			rsp := &fnv1.RunFunctionResponse{}
			setConfigurationPending(rsp, architecture.Pipeline{Claim: claim.Claim{Spec: spec}}, tc.args.release)
			var want []*fnv1.Condition
			if tc.want != nil {
				want = append(want, tc.want)
			}
			if diff := cmp.Diff(want, rsp.GetConditions(), protocmp.Transform()); diff != "" {
				t.Errorf("%s\nsetConfigurationPending(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
