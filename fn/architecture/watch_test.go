package architecture

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestWatchPolicy checks on what the watch may act.
func TestWatchPolicy(t *testing.T) {
	const (
		green = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-pr-123"
		blue  = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"
		table = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123"

		pipeline = "arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"
	)
	record := func(more map[string][]string) map[string][]string {
		all := map[string][]string{
			"ReadDeployments": {"arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
			"ReadTargets":     {"*"},
			"StopAbandoned":   {"*"},
			"History":         {table},
			"ReadRuns":        {pipeline},
			"ReadAlias":       {blue, blue + ":live"},
			// One object, and nothing else of the bucket.
			"ShowProgress": {"arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e/status/release"},
		}
		maps.Copy(all, more)
		return all
	}
	prune := map[string][]string{"ListVersions": {blue, green}, "DeleteVersions": {blue + ":*", green + ":*"}}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   map[string][]string
	}{
		"Default": {
			reason: "Deployments are recorded, or stopped if their release has ended, and old versions deleted: versions, and never a function.",
			want:   record(prune),
		},
		"AllVersions": {
			reason: "Who keeps all versions should let nobody delete one.",
			change: func(p *Pipeline) { p.Spec.Retention.Versions = 0 },
			want:   record(nil),
		},
		"ReleasesConfiguration": {
			reason: "Who has settings released should let the watch run the pipeline, and say what is not clear. It reads no settings.",
			change: func(p *Pipeline) {
				p.Spec.Retention.Versions = 0
				p.Spec.Rollout.OnConfigurationChange = v1alpha1.ConfigurationRelease
			},
			want: record(map[string][]string{
				"TellPeople":    {"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
				"StartPipeline": {pipeline},
			}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[string][]string{}
			for sid, s := range policyOf(t, newTestPipeline(t, tc.change), watchStateMachine) {
				got[sid] = s.Resource
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestWatchEvents checks that CodeDeploy's events of this application, bad ends of its releases and events by which people see how its pipeline
// runs, and no others, start the watch, and that it looks once a day.
func TestWatchEvents(t *testing.T) {
	const machine = "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-watch-pr-123"
	p := newTestPipeline(t)

	rule := cloudwatcheventsv1beta1.RuleParameters{
		Region:       new("us-east-1"),
		EventBusName: new("default"),
		IsEnabled:    new(true),
		Description:  new("Records every deployment of payment-processor-app-pr-123 in deployment-history-pr-123, stops one whose release has ended before it, and shows how payment-processor-pipeline-pr-123 runs."),
		EventPattern: new(`{"source":["aws.codedeploy","aws.states","aws.codepipeline"],` +
			`"detail-type":["CodeDeploy Deployment State-change Notification","Step Functions Execution Status Change",` +
			`"CodePipeline Pipeline Execution State Change","CodePipeline Stage Execution State Change","CodePipeline Action Execution State Change"],` +
			`"detail":{"$or":[{"application":["payment-processor-app-pr-123"]},` +
			`{"stateMachineArn":[{"suffix":":stateMachine:payment-processor-release-pr-123"}],"status":["FAILED","TIMED_OUT","ABORTED"]},` +
			`{"pipeline":["payment-processor-pipeline-pr-123"],"stage":[{"exists":false}],` +
			`"state":["CANCELED","FAILED","RESUMED","STOPPED","STOPPING","SUCCEEDED","SUPERSEDED"]},` +
			`{"pipeline":["payment-processor-pipeline-pr-123"],"stage":[{"exists":true}],"action":[{"exists":false}],"state":["STARTED"]},` +
			`{"pipeline":["payment-processor-pipeline-pr-123"],"type":{"category":["Approval"]},"state":["STARTED","SUCCEEDED"]}]}}`),
		ScheduleExpression: new("rate(1 day)"),
	}
	if diff := cmp.Diff(rule, buildOne[*cloudwatcheventsv1beta1.Rule](t, p, watchDeploymentsRule).Spec.ForProvider); diff != "" {
		t.Errorf("rule: -want, +got:\n%s", diff)
	}

	target := cloudwatcheventsv1beta2.TargetParameters{
		Region:       new("us-east-1"),
		EventBusName: new("default"),
		RuleRef:      &xpv2.Reference{Name: "pr-123.watch-deployments-rule.default"},
		TargetID:     new("payment-processor-watch-pr-123"),
		Arn:          new(machine),
		RoleArnRef:   &xpv2.Reference{Name: "pr-123.watch-events-role.default"},
	}
	if diff := cmp.Diff(target, buildOne[*cloudwatcheventsv1beta2.Target](t, p, watchDeploymentsTarget).Spec.ForProvider); diff != "" {
		t.Errorf("target: -want, +got:\n%s", diff)
	}

	policy := map[string]iam.Statement{"StartWatch": iam.Allow("StartWatch", "states:StartExecution").On(machine)}
	if diff := cmp.Diff(policy, statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, watchEventsPolicy).Spec.ForProvider.Policy)); diff != "" {
		t.Errorf("policy: -want, +got:\n%s", diff)
	}
}
