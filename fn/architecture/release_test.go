package architecture

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

const testMachine = "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-release-pr-123"

func TestReleaseMachine(t *testing.T) {
	p := newTestPipeline(t, everything)
	want := sfnv1beta2.StateMachineParameters{
		Region:     new("us-east-1"),
		Type:       new("STANDARD"),
		RoleArnRef: &xpv1.Reference{Name: "pr-123.release-role.default"},
		Definition: new(document.JSON(p.releaseConfig(allFacts()).Definition())),
		Tags:       map[string]*string{"team": new("payments"), "owner": new("platform")},
	}
	got := buildOne[*sfnv1beta2.StateMachine](t, p, releaseMachine).Spec.ForProvider
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	// AWS allows 1 MB.
	if size := len(*got.Definition); size > 100_000 {
		t.Errorf("definition: want it far below the limit, got %d bytes", size)
	}
}

// calledActions are the IAM actions of the calls that the pipeline's state machine makes.
func calledActions(t *testing.T, p Pipeline) []string {
	t.Helper()
	var d struct {
		States map[string]struct {
			Type      string          `json:"Type"`
			Resource  string          `json:"Resource"`
			Arguments json.RawMessage `json:"Arguments"`
		} `json:"States"`
	}
	if err := json.Unmarshal([]byte(document.JSON(p.releaseConfig(allFacts()).Definition())), &d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	called := map[string]bool{}
	for _, s := range d.States {
		if s.Type != "Task" {
			continue
		}
		parts := strings.Split(s.Resource, ":")
		service, operation := parts[len(parts)-2], parts[len(parts)-1]
		if service == "lambda" && operation == "invoke" {
			operation = "invokeFunction"
		}
		if service == "s3" {
			// Who reads an object, to copy it too, asks for another action if it is a version of it.
			read := "s3:GetObject"
			if strings.Contains(strings.ToLower(string(s.Arguments)), "versionid") {
				read = "s3:GetObjectVersion"
			}
			called[read] = true
			if operation == "headObject" {
				continue
			}
			operation = "putObject"
		}
		called[service+":"+strings.ToUpper(operation[:1])+operation[1:]] = true
	}
	return slices.Sorted(maps.Keys(called))
}

// TestReleaseMayWhatItDoes checks that the state machine may make its calls, and no others.
func TestReleaseMayWhatItDoes(t *testing.T) {
	// CodeDeploy asks these of whoever creates a deployment.
	// See https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html
	dependents := []string{
		"codedeploy:GetApplicationRevision",
		"codedeploy:GetDeploymentConfig",
		"codedeploy:RegisterApplicationRevision",
	}
	for name, changes := range map[string][]func(*Pipeline){"Minimal": nil, "Everything": {everything}, "Promoted": {everything, promotedFromDev}} {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, changes...)
			want := slices.Sorted(slices.Values(append(calledActions(t, p), dependents...)))

			var got []string
			for sid, s := range statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, releasePolicy).Spec.ForProvider.Policy) {
				if sid != "UseKey" && sid != "DecryptOffered" {
					got = append(got, s.Action...)
				}
			}
			slices.Sort(got)
			got = slices.Compact(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want actions, +got actions:\n%s", diff)
			}
		})
	}
}

// TestReleasePolicy checks on what the state machine may act.
func TestReleasePolicy(t *testing.T) {
	const (
		green      = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-pr-123"
		blue       = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"
		codedeploy = "arn:aws:codedeploy:us-east-1:111122223333:"
		table      = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123"
	)
	statements := func(config string, more ...string) map[string][]string {
		resources := map[string][]string{
			"SmokeTest":         {green + ":*"},
			"ReadAlias":         {blue, blue + ":live"},
			"Deploy":            {codedeploy + "deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123"},
			"Revision":          {codedeploy + "application:payment-processor-app-pr-123"},
			"DeploymentConfig":  {codedeploy + "deploymentconfig:" + config, codedeploy + "deploymentconfig:CodeDeployDefault.LambdaAllAtOnce"},
			"ReadVersion":       {blue + ":*", green + ":*"},
			"Approval":          {"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"},
			"Judge":             {"*"},
			"Runs":              {"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"},
			"CountReleases":     {"*"},
			"DeploymentTargets": {"*"},
			"History":           {table},
			"TellPeople":        {"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
			"ListVersions":      {blue, green},
			"DeleteVersions":    {blue + ":*", green + ":*"},
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
		"AllVersions": {
			reason: "Who keeps all versions should let nobody delete one.",
			change: func(p *Pipeline) { p.Spec.Retention.Versions = 0 },
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				delete(s, "ListVersions")
				delete(s, "DeleteVersions")
				return s
			}(),
		},
		"NotJudged": {
			reason: "Who does not have releases judged should let nobody stop one.",
			change: func(p *Pipeline) { p.Spec.Rollout.Analysis.Enabled = false },
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				delete(s, "Judge")
				return s
			}(),
		},
		"NotApproved": {
			reason: "Who needs no approval should let nobody stop the pipeline.",
			change: func(p *Pipeline) { p.Spec.Approval.Required = false },
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				delete(s, "Approval")
				return s
			}(),
		},
		"ReleasesConfiguration": {
			reason: "Who has configuration released should let the release see that of the next version, and run the pipeline.",
			change: func(p *Pipeline) { p.Spec.Rollout.OnConfigurationChange = v1alpha1.ConfigurationRelease },
			want: func() map[string][]string {
				s := statements("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes")
				s["ReadVersion"] = append(s["ReadVersion"], blue)
				s["StartPipeline"] = []string{"arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"}
				return s
			}(),
		},
		"AllAtOnce": {
			reason: "The way back is by the same configuration.",
			change: func(p *Pipeline) { p.Spec.Rollout.DeploymentConfig = "LambdaAllAtOnce" },
			want: func() map[string][]string {
				s := statements("")
				s["DeploymentConfig"] = s["DeploymentConfig"][1:]
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
			policy := buildOne[*iamv1beta1.Policy](t, newTestPipeline(t, tc.change), releasePolicy)
			for sid, s := range statementsOf(t, policy.Spec.ForProvider.Policy) {
				got[sid] = s.Resource
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCountReleases checks that the release can publish metrics of its own only, as the action knows no resources.
func TestCountReleases(t *testing.T) {
	policy := buildOne[*iamv1beta1.Policy](t, newTestPipeline(t, nil), releasePolicy)
	want := iam.Condition{iam.StringEquals: {"cloudwatch:namespace": {"PaymentDelivery"}}}
	if diff := cmp.Diff(want, statementsOf(t, policy.Spec.ForProvider.Policy)["CountReleases"].Condition); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestReleaseEvents checks that CodeDeploy's events of this application, and no others, start the state machine.
func TestReleaseEvents(t *testing.T) {
	p := newTestPipeline(t)

	rule := cloudwatcheventsv1beta1.RuleParameters{
		Region:       new("us-east-1"),
		EventBusName: new("default"),
		IsEnabled:    new(true),
		Description:  new("Records every deployment of payment-processor-app-pr-123 in deployment-history-pr-123."),
		EventPattern: new(`{"source":["aws.codedeploy"],"detail-type":["CodeDeploy Deployment State-change Notification"],` +
			`"detail":{"application":["payment-processor-app-pr-123"]}}`),
	}
	if diff := cmp.Diff(rule, buildOne[*cloudwatcheventsv1beta1.Rule](t, p, releaseEventsRule).Spec.ForProvider); diff != "" {
		t.Errorf("rule: -want, +got:\n%s", diff)
	}

	target := cloudwatcheventsv1beta2.TargetParameters{
		Region:       new("us-east-1"),
		EventBusName: new("default"),
		RuleRef:      &xpv1.Reference{Name: "pr-123.release-events-rule.default"},
		TargetID:     new("payment-processor-release-pr-123"),
		Arn:          new(testMachine),
		RoleArnRef:   &xpv1.Reference{Name: "pr-123.release-events-role.default"},
	}
	if diff := cmp.Diff(target, buildOne[*cloudwatcheventsv1beta2.Target](t, p, releaseEventsTarget).Spec.ForProvider); diff != "" {
		t.Errorf("target: -want, +got:\n%s", diff)
	}

	policy := map[string]iam.Statement{"StartRelease": iam.Allow("StartRelease", "states:StartExecution").On(testMachine)}
	if diff := cmp.Diff(policy, statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, releaseEventsPolicy).Spec.ForProvider.Policy)); diff != "" {
		t.Errorf("policy: -want, +got:\n%s", diff)
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

// TestDefinitionReads checks that people can read expressions in the console.
func TestDefinitionReads(t *testing.T) {
	for name, change := range map[string]func(*Pipeline){"Minimal": nil, "Everything": everything} {
		t.Run(name, func(t *testing.T) {
			text := document.JSON(newTestPipeline(t, change).releaseConfig(allFacts()).Definition())
			for _, escape := range []string{`\u003c`, `\u003e`, `\u0026`} {
				if strings.Contains(text, escape) {
					t.Errorf("want %s written out, got\n%s", escape, text)
				}
			}
		})
	}
}
