package architecture

import (
	"fmt"
	"slices"
	"strings"
	"time"

	deployv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta1"
	deployv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	deployApp              resource.Name = "deploy-application"
	deployRole             resource.Name = "deploy-role"
	deployRoleLambda       resource.Name = "deploy-role-lambda"
	deployPolicy           resource.Name = "deploy-policy"
	deployPolicyAttachment resource.Name = "deploy-policy-attachment"
	deploymentGroup        resource.Name = "deployment-group"
)

// computePlatform tells CodeDeploy what it deploys.
const computePlatform = "Lambda"

// rollout is CodeDeploy's part: it shifts the alias step by step, and back when the alarm fires.
func (p Pipeline) rollout() []compose.Resource {
	rs := []compose.Resource{
		{Name: deployApp, Build: p.deployApp},
		p.role(deployRole, p.Names.aws("codedeploy-service-role"), "codedeploy.amazonaws.com"),
		p.attachAWS(deployRoleLambda, deployRole, "service-role/AWSCodeDeployRoleForLambda"),
	}
	if p.Spec.Rollout.Hooks != (v1alpha1.Hooks{}) || p.kmsKey() != nil {
		policy := p.policy(deployPolicy, p.deployStatements)
		rs = append(rs, policy, p.attach(deployPolicyAttachment, deployRole, policy))
	}
	if custom := p.Spec.Rollout.Custom; custom != nil {
		rs = append(rs, p.deploymentConfig(*custom))
	}
	return append(rs, compose.Resource{Name: deploymentGroup, Needs: []compose.Fact{AccountID}, Build: p.deploymentGroup})
}

// DeployApp is the CodeDeploy application's name in AWS.
func (n Names) DeployApp() string {
	return n.aws("payment-processor-app")
}

// DeploymentGroup is the CodeDeploy deployment group's name in AWS.
func (n Names) DeploymentGroup() string {
	return n.aws("payment-processor-dg")
}

func (p Pipeline) deployApp(compose.Facts) client.Object {
	return &deployv1beta1.App{
		ObjectMeta: p.meta(deployApp, p.Names.DeployApp()),
		Spec: deployv1beta1.AppSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: deployv1beta1.AppParameters{
				Region:          p.region(),
				ComputePlatform: new(computePlatform),
				Tags:            p.tags(),
			},
		},
	}
}

// deployStatements are what CodeDeploy needs beyond AWS's own policy, which lets it invoke only functions whose names begin
// with CodeDeployHook_, and knows nothing of the key that encrypts the topic.
func (p Pipeline) deployStatements(f compose.Facts) []iam.Statement {
	return append(p.invokeHooks(f), p.useKey()...)
}

// invokeHooks lets CodeDeploy call the claim's hooks around a shift. None: no statement.
func (p Pipeline) invokeHooks(f compose.Facts) []iam.Statement {
	hooks := p.Spec.Rollout.Hooks
	var arns []string
	for _, name := range []string{hooks.BeforeAllowTraffic, hooks.AfterAllowTraffic} {
		if arn := p.arn(f, "lambda", "function:"+name); name != "" && !slices.Contains(arns, arn) {
			arns = append(arns, arn)
		}
	}
	if len(arns) == 0 {
		return nil
	}
	return []iam.Statement{iam.Allow("InvokeHooks", "lambda:InvokeFunction").On(arns...)}
}

// deploymentConfigName is one of CodeDeploy's own configurations, or the claim's custom one. AWS cannot change a
// configuration, so the name of a custom one says what is in it: other numbers are another configuration, and the group
// moves over to it before the old one goes.
func (p Pipeline) deploymentConfigName() string {
	if c := p.Spec.Rollout.Custom; c != nil {
		return p.Names.aws("payment-processor-" + customSlug(*c))
	}
	return "CodeDeployDefault." + p.Spec.Rollout.DeploymentConfig
}

func customSlug(c v1alpha1.CustomRollout) string {
	return fmt.Sprintf("%s-%dpercent-%dminutes", strings.ToLower(c.Type), c.Percentage, c.IntervalMinutes)
}

// deploymentConfigPrefix is what the names of custom configurations begin with, in the composition.
const deploymentConfigPrefix resource.Name = "deployment-config-"

func (p Pipeline) deploymentConfig(c v1alpha1.CustomRollout) compose.Resource {
	name := deploymentConfigPrefix + resource.Name(customSlug(c))
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &deployv1beta2.DeploymentConfig{
				ObjectMeta: p.meta(name, p.deploymentConfigName()),
				Spec: deployv1beta2.DeploymentConfigSpec{
					ClusterManagedResourceSpec: p.managed(),
					ForProvider: deployv1beta2.DeploymentConfigParameters{
						Region:               p.region(),
						ComputePlatform:      new(computePlatform),
						TrafficRoutingConfig: trafficRouting(c),
					},
				},
			}
		},
	}
}

func trafficRouting(c v1alpha1.CustomRollout) *deployv1beta2.TrafficRoutingConfigParameters {
	interval, percentage := new(float64(c.IntervalMinutes)), new(float64(c.Percentage))
	if c.Type == v1alpha1.RolloutCanary {
		return &deployv1beta2.TrafficRoutingConfigParameters{
			Type:            new("TimeBasedCanary"),
			TimeBasedCanary: &deployv1beta2.TimeBasedCanaryParameters{Interval: interval, Percentage: percentage},
		}
	}
	return &deployv1beta2.TrafficRoutingConfigParameters{
		Type:            new("TimeBasedLinear"),
		TimeBasedLinear: &deployv1beta2.TimeBasedLinearParameters{Interval: interval, Percentage: percentage},
	}
}

// RolloutTime is how long a rollout takes, from the first shift of traffic to the last.
func (p Pipeline) RolloutTime() time.Duration {
	return release.FirstToLast(p.Spec.Rollout)
}

// JudgedTime is how long a release judges its candidate. Zero: it does not.
func (p Pipeline) JudgedTime() time.Duration {
	if !p.Spec.Rollout.Analysis.Enabled {
		return 0
	}
	return p.RolloutTime() + time.Duration(p.Spec.Rollout.Analysis.BakeMinutes)*time.Minute
}

// rolloutAlarms are the names of the alarms that stop a rollout, each once: CodeDeploy refuses a repeated one.
func (p Pipeline) rolloutAlarms() []string {
	alarms := []string{p.Names.ErrorAlarm()}
	for _, name := range p.Spec.Alarm.AdditionalAlarms {
		if !slices.Contains(alarms, name) {
			alarms = append(alarms, name)
		}
	}
	return alarms
}

func (p Pipeline) deploymentGroup(f compose.Facts) client.Object {
	var alarms []*string
	for _, name := range p.rolloutAlarms() {
		alarms = append(alarms, new(name))
	}
	return &deployv1beta1.DeploymentGroup{
		ObjectMeta: p.meta(deploymentGroup, p.Names.DeploymentGroup()),
		Spec: deployv1beta1.DeploymentGroupSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: deployv1beta1.DeploymentGroupParameters{
				Region:               p.region(),
				AppNameRef:           p.ref(deployApp),
				ServiceRoleArnRef:    p.ref(deployRole),
				DeploymentConfigName: new(p.deploymentConfigName()),
				DeploymentStyle: []deployv1beta1.DeploymentStyleParameters{{
					DeploymentType:   new("BLUE_GREEN"),
					DeploymentOption: new("WITH_TRAFFIC_CONTROL"),
				}},
				AutoRollbackConfiguration: []deployv1beta1.AutoRollbackConfigurationParameters{{
					Enabled: new(true),
					// Also one that somebody stops: AWS leaves the alias on two versions otherwise, and refuses the next deployment.
					Events: []*string{new("DEPLOYMENT_FAILURE"), new("DEPLOYMENT_STOP_ON_ALARM"), new("DEPLOYMENT_STOP_ON_REQUEST")},
				}},
				AlarmConfiguration: []deployv1beta1.AlarmConfigurationParameters{{
					Enabled: new(true),
					Alarms:  alarms,
					// Traffic must not shift while nobody can see the alarm.
					IgnorePollAlarmFailure: new(false),
				}},
				TriggerConfiguration: p.deploymentTriggers(f),
				Tags:                 p.tags(),
			},
		},
	}
}

// deploymentTriggers tell each topic of deployments that have come to no good end.
func (p Pipeline) deploymentTriggers(f compose.Facts) []deployv1beta1.TriggerConfigurationParameters {
	names := []string{"tell-people", "tell-platform-team"}
	var triggers []deployv1beta1.TriggerConfigurationParameters
	for i, arn := range p.topicARNs(f) {
		triggers = append(triggers, deployv1beta1.TriggerConfigurationParameters{
			TriggerName:   new(names[i]),
			TriggerEvents: []*string{new("DeploymentFailure"), new("DeploymentStop"), new("DeploymentRollback")},
			// Not a reference: the provider takes over a list in which it has resolved one.
			TriggerTargetArn: new(arn),
		})
	}
	return triggers
}
