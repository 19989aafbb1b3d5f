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
		"EnoughInvocations": {reason: "To wait for them is as good as to fail.", fields: "  rollout: {analysis: {tooFewInvocations: Wait}}", require: require{EnoughInvocations: true}},
		"TooFewInvocations": {
			reason: "The default lets a release pass that nobody has called.", require: require{EnoughInvocations: true},
			want: []string{`spec.rollout.analysis.tooFewInvocations: Invalid value: "Pass": the claim must say Fail or Wait (platform setting require.enoughInvocations of EnvironmentConfig payments)`},
		},
		"StrictJudgement": {
			reason: "Each is at its limit.", fields: "  rollout: {analysis: {minInvocations: 100, maxErrorPercent: 2.5, maxThrottlePercent: 10}}",
			require: require{MaxMinInvocations: 100, MaxErrorPercent: 2.5, MaxThrottlePercent: 10},
		},
		"JudgesNothing": {
			reason:  "No release has so many invocations, and one that fails always passes.",
			fields:  "  rollout: {analysis: {minInvocations: 1000000, maxErrorPercent: 99, maxThrottlePercent: 100}}",
			require: require{MaxMinInvocations: 100, MaxErrorPercent: 2.5, MaxThrottlePercent: 10},
			want: []string{
				`spec.rollout.analysis.minInvocations: Invalid value: 1000000: the claim must say 100 or less (platform setting require.maxMinInvocations of EnvironmentConfig payments)`,
				`spec.rollout.analysis.maxErrorPercent: Invalid value: 99: the claim must say 2.5 or less (platform setting require.maxErrorPercent of EnvironmentConfig payments)`,
				`spec.rollout.analysis.maxThrottlePercent: Invalid value: 100: the claim must say 10 or less (platform setting require.maxThrottlePercent of EnvironmentConfig payments)`,
			},
		},
		"Steps": {reason: "A tenth moves first.", require: require{MaxFirstStepPercent: 10}},
		"AllAtOnce": {
			reason: "Nothing is judged before all traffic has moved.", fields: "  rollout: {deploymentConfig: LambdaAllAtOnce}", require: require{MaxFirstStepPercent: 99},
			want: []string{`spec.rollout.deploymentConfig: Invalid value: "LambdaAllAtOnce": the first step may move at most 99 % of traffic (platform setting require.maxFirstStepPercent of EnvironmentConfig payments)`},
		},
		"CustomStep": {
			reason: "What custom says holds, and not deploymentConfig.", require: require{MaxFirstStepPercent: 50},
			fields: "  rollout: {deploymentConfig: LambdaAllAtOnce, custom: {type: Canary, percentage: 99, intervalMinutes: 1}}",
			want:   []string{`spec.rollout.custom.percentage: Invalid value: 99: the first step may move at most 50 % of traffic (platform setting require.maxFirstStepPercent of EnvironmentConfig payments)`},
		},
		"AlarmFires": {reason: "The defaults are 5 % for ten minutes.", require: require{MaxAlarmErrorPercent: 5, MaxAlarmMinutes: 10}},
		"AlarmNeverFires": {
			reason: "A rollout is over before it does.", fields: "  alarm: {errorRatePercent: 99, evaluationPeriods: 24, periodSeconds: 3600}", require: require{MaxAlarmErrorPercent: 20, MaxAlarmMinutes: 30},
			want: []string{
				`spec.alarm.errorRatePercent: Invalid value: 99: the claim must say 20 or less (platform setting require.maxAlarmErrorPercent of EnvironmentConfig payments)`,
				`spec.alarm.evaluationPeriods: Invalid value: 1440: evaluationPeriods times periodSeconds may be at most 30 minutes (platform setting require.maxAlarmMinutes of EnvironmentConfig payments)`,
			},
		},
		"NoFunctionURL": {reason: "There is none.", require: require{NoFunctionURL: true}},
		"NoCache":       {reason: "None is the default.", require: require{NoBuildCache: true}},
		"Cache": {
			reason: "A build would begin with what another one has left.", fields: "  build: {cache: S3}", require: require{NoBuildCache: true},
			want: []string{`spec.build.cache: Invalid value: "S3": the claim must say None (platform setting require.noBuildCache of EnvironmentConfig payments)`},
		},
		"FunctionURL": {
			reason: "One with all defaults is one.", fields: "  service: {functionUrl: {}}", require: require{NoFunctionURL: true},
			want: []string{`spec.service.functionUrl: Invalid value: the claim must say nothing here (platform setting require.noFunctionUrl of EnvironmentConfig payments)`},
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
			got := messages(checkGuardrails(judged{spec: new(specWith(t, tc.fields)), settings: &v1beta1.PlatformSettings{Require: tc.require}, from: from}))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\ncheckGuardrails(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
