package architecture

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestReleasePolicy checks on what the release may act.
func TestReleasePolicy(t *testing.T) {
	const (
		green      = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-pr-123"
		blue       = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"
		codedeploy = "arn:aws:codedeploy:us-east-1:111122223333:"
		table      = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123"
	)
	statements := func(config string, more ...string) map[string][]string {
		resources := map[string][]string{
			"SmokeTest":        {green + ":*"},
			"ReadAlias":        {blue, blue + ":live"},
			"FindDeployment":   {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
			"Deploy":           {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
			"Revision":         {codedeploy + "application:payment-processor-app-pr-123"},
			"DeploymentConfig": {codedeploy + "deploymentconfig:CodeDeployDefault.LambdaAllAtOnce", codedeploy + "deploymentconfig:" + config},
			"ReadVersion":      {blue + ":*", green + ":*"},
			"CheckBuilt":       {"arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e"},
			"Overtake":         {"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"},
			"Judge":            {"*"},
			"OverrideAlarms":   {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
			"Runs":             {"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"},
			"CountReleases":    {"*"},
			"History":          {table},
			"TellPeople":       {"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
		}
		if len(more) > 0 {
			resources["UseKey"] = more
		}
		return resources
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   map[string][]string
	}{
		"Default": {
			reason: "Each call should reach this pipeline's things only.",
			want:   statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes"),
		},
		"Custom": {
			reason: "A deployment configuration of the claim's own should take the place of CodeDeploy's.",
			change: func(p *Pipeline) {
				p.Spec.Rollout.Custom = &v1alpha1.CustomRollout{Type: "Canary", Percentage: 5, IntervalMinutes: 20}
			},
			want: statements("payment-processor-canary-5percent-20minutes-pr-123"),
		},
		"NotJudged": {
			reason: "Who does not have releases judged should let nobody stop one, or take one back.",
			change: func(p *Pipeline) { p.Spec.Rollout.Analysis.Enabled = false },
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				delete(s, "Judge")
				delete(s, "OverrideAlarms")
				return s
			}(),
		},
		"Bypassed": {
			reason: "The commit that alarms let through is released by a right of its own.",
			change: func(p *Pipeline) {
				p.Spec.Rollout.Analysis.Enabled, p.Spec.Rollout.BypassAlarmsForCommit = false, "3f1c0de5a7b94c7a8e1f2d3c4b5a69788796a5b4"
			},
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				delete(s, "Judge")
				return s
			}(),
		},
		"NotApproved": {
			reason: "Who needs no approval should let nobody stop the pipeline. What has started a release is looked at all the same.",
			change: func(p *Pipeline) { p.Spec.Approval.Required = false },
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				delete(s, "Overtake")
				return s
			}(),
		},
		"AllAtOnce": {
			reason: "The way back is by the same configuration.",
			change: func(p *Pipeline) { p.Spec.Rollout.DeploymentConfig = "LambdaAllAtOnce" },
			want: func() map[string][]string {
				s := statements("")
				s["DeploymentConfig"] = s["DeploymentConfig"][:1]
				return s
			}(),
		},
		"Key": {
			reason: "The history is encrypted with the platform team's key.",
			change: func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key },
			want:   statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes", fntest.Key),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[string][]string{}
			for sid, s := range policyOf(t, newTestPipeline(t, tc.change), releaseStateMachine) {
				got[sid] = s.Resource
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPipelineStartsTheRelease checks that the pipeline may start the state machine that its actions name, which is the one
// there is.
func TestPipelineStartsTheRelease(t *testing.T) {
	p := newTestPipeline(t)
	started := map[string]bool{}
	for _, stage := range p.stages(allFacts()) {
		for _, a := range stage.Action {
			if *a.Provider == "StepFunctions" {
				started[*a.Configuration["StateMachineArn"]] = true
			}
		}
	}
	statements := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, deliveryPolicy).Spec.ForProvider.Policy)
	if diff := cmp.Diff(iam.Texts(slices.Sorted(maps.Keys(started))), statements["Release"].Resource); diff != "" {
		t.Errorf("-want what actions start, +got what the role may start:\n%s", diff)
	}
	name := buildOne[*sfnv1beta2.StateMachine](t, p, releaseMachine).GetAnnotations()[annotationExternalName]
	if diff := cmp.Diff(iam.Texts{"arn:aws:states:us-east-1:111122223333:stateMachine:" + name}, statements["Release"].Resource); diff != "" {
		t.Errorf("-want the state machine there is, +got what the role may start:\n%s", diff)
	}
}
