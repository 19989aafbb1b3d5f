package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	deployv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta1"
	deployv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestDeployApp(t *testing.T) {
	want := deployv1beta1.AppParameters{Region: new("us-east-1"), ComputePlatform: new("Lambda")}
	got := buildOne[*deployv1beta1.App](t, newTestPipeline(t), deployApp).Spec.ForProvider
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestDeploymentGroup(t *testing.T) {
	group := func(config string, alarms ...*string) deployv1beta1.DeploymentGroupParameters {
		return deployv1beta1.DeploymentGroupParameters{
			Region:               new("us-east-1"),
			AppNameRef:           &xpv2.Reference{Name: "pr-123.deploy-application.default"},
			ServiceRoleArnRef:    &xpv2.Reference{Name: "pr-123.deploy-role.default"},
			DeploymentConfigName: new(config),
			DeploymentStyle: []deployv1beta1.DeploymentStyleParameters{{
				DeploymentType:   new("BLUE_GREEN"),
				DeploymentOption: new("WITH_TRAFFIC_CONTROL"),
			}},
			AutoRollbackConfiguration: []deployv1beta1.AutoRollbackConfigurationParameters{{
				Enabled: new(true),
				Events:  []*string{new("DEPLOYMENT_FAILURE"), new("DEPLOYMENT_STOP_ON_ALARM"), new("DEPLOYMENT_STOP_ON_REQUEST")},
			}},
			AlarmConfiguration: []deployv1beta1.AlarmConfigurationParameters{{
				Enabled:                new(true),
				Alarms:                 alarms,
				IgnorePollAlarmFailure: new(false),
			}},
			TriggerConfiguration: []deployv1beta1.TriggerConfigurationParameters{{
				TriggerName:      new("tell-people"),
				TriggerEvents:    []*string{new("DeploymentFailure"), new("DeploymentStop"), new("DeploymentRollback")},
				TriggerTargetArn: new("arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"),
			}},
		}
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   deployv1beta1.DeploymentGroupParameters
	}{
		"Default": {
			reason: "The group should shift in steps, and back on failures and on our alarm, as in the reference design.",
			want:   group("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes", new("lambda-errors-pr-123")),
		},
		"Predefined": {
			reason: "The claim should choose among CodeDeploy's own configurations.",
			change: func(p *Pipeline) { p.Spec.Rollout.DeploymentConfig = "LambdaAllAtOnce" },
			want:   group("CodeDeployDefault.LambdaAllAtOnce", new("lambda-errors-pr-123")),
		},
		"Custom": {
			reason: "A custom configuration should win over the predefined one.",
			change: func(p *Pipeline) {
				p.Spec.Rollout.Custom = &v1alpha1.CustomRollout{Type: "Linear", Percentage: 20, IntervalMinutes: 15}
			},
			want: group("payment-processor-linear-20percent-15minutes-pr-123", new("lambda-errors-pr-123")),
		},
		"AdditionalAlarms": {
			reason: "The claim's alarms should come after ours, in their order.",
			change: func(p *Pipeline) { p.Spec.Alarm.AdditionalAlarms = []string{"ledger-lag", "api-5xx"} },
			want: group("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes",
				new("lambda-errors-pr-123"), new("ledger-lag"), new("api-5xx")),
		},
		"RepeatedAlarms": {
			reason: "CodeDeploy should get each alarm once, ours too.",
			change: func(p *Pipeline) {
				p.Spec.Alarm.AdditionalAlarms = []string{"ledger-lag", "lambda-errors-pr-123", "ledger-lag"}
			},
			want: group("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes", new("lambda-errors-pr-123"), new("ledger-lag")),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := buildOne[*deployv1beta1.DeploymentGroup](t, newTestPipeline(t, tc.change), deploymentGroup).Spec.ForProvider
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDeploymentConfig(t *testing.T) {
	type want struct {
		ExternalName string
		Routing      deployv1beta2.TrafficRoutingConfigParameters
	}
	cases := map[string]struct {
		reason string
		custom *v1alpha1.CustomRollout
		want   map[resource.Name]want
	}{
		"Predefined": {
			reason: "CodeDeploy's own configurations are not ours to create.",
			want:   map[resource.Name]want{},
		},
		"Canary": {
			reason: "A canary should shift once, then the rest. Names say what is in it, as AWS cannot change a configuration.",
			custom: &v1alpha1.CustomRollout{Type: "Canary", Percentage: 5, IntervalMinutes: 30},
			want: map[resource.Name]want{"deployment-config-canary-5percent-30minutes": {
				ExternalName: "payment-processor-canary-5percent-30minutes-pr-123",
				Routing: deployv1beta2.TrafficRoutingConfigParameters{
					Type:            new("TimeBasedCanary"),
					TimeBasedCanary: &deployv1beta2.TimeBasedCanaryParameters{Interval: new(30.0), Percentage: new(5.0)},
				},
			}},
		},
		"Linear": {
			reason: "Linear should shift in equal steps.",
			custom: &v1alpha1.CustomRollout{Type: "Linear", Percentage: 20, IntervalMinutes: 15},
			want: map[resource.Name]want{"deployment-config-linear-20percent-15minutes": {
				ExternalName: "payment-processor-linear-20percent-15minutes-pr-123",
				Routing: deployv1beta2.TrafficRoutingConfigParameters{
					Type:            new("TimeBasedLinear"),
					TimeBasedLinear: &deployv1beta2.TimeBasedLinearParameters{Interval: new(15.0), Percentage: new(20.0)},
				},
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Rollout.Custom = tc.custom })
			got := map[resource.Name]want{}
			for name, c := range buildOf[*deployv1beta2.DeploymentConfig](p) {
				got[name] = want{c.GetAnnotations()[annotationExternalName], *c.Spec.ForProvider.TrafficRoutingConfig}
				if diff := cmp.Diff(new("Lambda"), c.Spec.ForProvider.ComputePlatform); diff != "" {
					t.Errorf("%s: -want compute platform, +got:\n%s", name, diff)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDeployPolicy(t *testing.T) {
	hook := func(name string) string { return "arn:aws:lambda:us-east-1:111122223333:function:" + name }

	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   map[string]iam.Statement
	}{
		"NoHooks": {
			reason: "AWS's own policy should do without hooks.",
		},
		"OneHook": {
			reason: "CodeDeploy should be let to invoke the hook there is.",
			change: func(p *Pipeline) { p.Spec.Rollout.Hooks.AfterAllowTraffic = "after" },
			want:   map[string]iam.Statement{"InvokeHooks": iam.Allow("InvokeHooks", "lambda:InvokeFunction").On(hook("after"))},
		},
		"TwoHooks": {
			reason: "CodeDeploy should be let to invoke both hooks, and nothing else.",
			change: func(p *Pipeline) {
				p.Spec.Rollout.Hooks = v1alpha1.Hooks{BeforeAllowTraffic: "before", AfterAllowTraffic: "after"}
			},
			want: map[string]iam.Statement{"InvokeHooks": iam.Allow("InvokeHooks", "lambda:InvokeFunction").On(hook("before"), hook("after"))},
		},
		"OneHookTwice": {
			reason: "A function that is both hooks should be named once.",
			change: func(p *Pipeline) {
				p.Spec.Rollout.Hooks = v1alpha1.Hooks{BeforeAllowTraffic: "check", AfterAllowTraffic: "check"}
			},
			want: map[string]iam.Statement{"InvokeHooks": iam.Allow("InvokeHooks", "lambda:InvokeFunction").On(hook("check"))},
		},
		"KeyOnly": {
			reason: "CodeDeploy should be let to use the key of the topic it publishes to.",
			change: func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key },
			want: map[string]iam.Statement{"UseKey": iam.Allow("UseKey",
				"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*").On(fntest.Key)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			var got map[string]iam.Statement
			if policy := buildOf[*iamv1beta1.Policy](p)[deployPolicy]; policy != nil {
				got = statementsOf(t, policy.Spec.ForProvider.Policy)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			_, attached := buildOf[*iamv1beta1.RolePolicyAttachment](p)[deployPolicyAttachment]
			if diff := cmp.Diff(tc.want != nil, attached); diff != "" {
				t.Errorf("%s\n-want attached, +got attached:\n%s", tc.reason, diff)
			}
		})
	}
}
