package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// TestCheckRequired checks each demand of the platform team's with a claim that meets it, at its limit, and one that does not.
func TestCheckRequired(t *testing.T) {
	const commit = "3f1c0de3f1c0de3f1c0de3f1c0de3f1c0de3f1c0"
	type require = v1beta1.Require
	cases := map[string]struct {
		reason  string
		fields  string
		require require
		want    []string
	}{
		"Nothing": {
			reason: "Nothing is required of a claim that has nothing.",
			fields: "  approval: {required: false}\n  rollout: {bypassAlarmsForCommit: " + commit + ", analysis: {enabled: false, bakeMinutes: 0}}\n  retention: {logDays: 1, historyDays: 1, artifactDays: 1}",
		},
		"Approval": {reason: "The default is to ask.", require: require{Approval: true}},
		"NoApproval": {
			reason: "Nobody would be asked.", fields: "  approval: {required: false}", require: require{Approval: true},
			want: []string{`spec.approval.required: Invalid value: false: the claim must say true (platform setting require.approval of EnvironmentConfig payments)`},
		},
		"Analysis": {reason: "The default is to judge.", require: require{Analysis: true}},
		"NoAnalysis": {
			reason: "Nothing would be judged.", fields: "  rollout: {analysis: {enabled: false}}", require: require{Analysis: true},
			want: []string{`spec.rollout.analysis.enabled: Invalid value: false: the claim must say true (platform setting require.analysis of EnvironmentConfig payments)`},
		},
		"Bakes": {reason: "Ten minutes are the default.", require: require{BakeMinutes: 10}},
		"BakesLess": {
			reason: "The default is too short, and the claim hears what to write.", require: require{BakeMinutes: 11},
			want: []string{`spec.rollout.analysis.bakeMinutes: Invalid value: 10: the claim must say 11 or more (platform setting require.bakeMinutes of EnvironmentConfig payments)`},
		},
		"BakesUnjudged": {
			reason: "Who does not judge does not bake, whatever the minutes.", fields: "  rollout: {analysis: {enabled: false, bakeMinutes: 60}}", require: require{BakeMinutes: 30},
			want: []string{`spec.rollout.analysis.enabled: Invalid value: false: the claim must say true (platform setting require.bakeMinutes of EnvironmentConfig payments)`},
		},
		"NeitherBakesNorJudges": {
			reason: "One field is told once.", fields: "  rollout: {analysis: {enabled: false, bakeMinutes: 60}}", require: require{Analysis: true, BakeMinutes: 30},
			want: []string{`spec.rollout.analysis.enabled: Invalid value: false: the claim must say true (platform setting require.analysis of EnvironmentConfig payments)`},
		},
		"Alarms": {reason: "A reason alone lets nothing through.", fields: "  rollout: {bypassReason: none}", require: require{Alarms: true}},
		"PassesAlarms": {
			reason: "The commit would pass.", fields: "  rollout: {bypassAlarmsForCommit: " + commit + "}", require: require{Alarms: true},
			want: []string{`spec.rollout.bypassAlarmsForCommit: Invalid value: "` + commit + `": the claim must say nothing here (platform setting require.alarms of EnvironmentConfig payments)`},
		},
		"Protected": {reason: "It says so.", fields: "  deletionProtection: true", require: require{DeletionProtection: true}},
		"Unprotected": {
			reason: "The default is not to protect.", require: require{DeletionProtection: true},
			want: []string{`spec.deletionProtection: Invalid value: false: the claim must say true (platform setting require.deletionProtection of EnvironmentConfig payments)`},
		},
		"Kept":        {reason: "These are long enough.", fields: "  retention: {logDays: 30, historyDays: 365, artifactDays: 90}", require: require{LogDays: 30, HistoryDays: 365, ArtifactDays: 90}},
		"KeptForEver": {reason: "For ever is longer.", fields: "  retention: {logDays: 0, historyDays: 0, artifactDays: 0}", require: require{LogDays: 30, HistoryDays: 365, ArtifactDays: 90}},
		"KeptTooShort": {
			reason: "A day is missing of each.", fields: "  retention: {historyDays: 364}", require: require{LogDays: 8, HistoryDays: 365, ArtifactDays: 31},
			want: []string{
				`spec.retention.logDays: Invalid value: 7: the claim must say 8 or more, or 0, which is for ever (platform setting require.logDays of EnvironmentConfig payments)`,
				`spec.retention.historyDays: Invalid value: 364: the claim must say 365 or more, or 0, which is for ever (platform setting require.historyDays of EnvironmentConfig payments)`,
				`spec.retention.artifactDays: Invalid value: 30: the claim must say 31 or more, or 0, which is for ever (platform setting require.artifactDays of EnvironmentConfig payments)`,
			},
		},
	}
	from := Origins{"require": "EnvironmentConfig payments"}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := messages(checkGuardrails(specWith(t, tc.fields), v1beta1.PlatformSettings{Require: tc.require}, from))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\ncheckGuardrails(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
