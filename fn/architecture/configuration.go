package architecture

import (
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	configurationRule   resource.Name = "release-configuration-rule"
	configurationTarget resource.Name = "release-configuration-target"
)

// configurationSchedule is how often the state machine looks whether settings wait for a release.
const configurationSchedule = "rate(5 minutes)"

// configuration starts the release state machine now and then, which releases settings that have changed, if the claim asks
// for that. It is never protected: a schedule that stayed would go on to start releases.
func (p Pipeline) configuration() []compose.Resource {
	if !p.releasesConfiguration() {
		return nil
	}
	p.Spec.DeletionProtection = false
	return []compose.Resource{
		{Name: configurationRule, Build: p.configurationRule},
		{Name: configurationTarget, Needs: []compose.Fact{AccountID}, Build: p.configurationTarget},
	}
}

func (p Pipeline) releasesConfiguration() bool {
	return p.Spec.Rollout.OnConfigurationChange == v1alpha1.ConfigurationRelease
}

func (n Names) configurationRule() string {
	return n.aws("payment-processor-release-configuration")
}

// readableVersions are the versions of blue. $LATEST, by the name of the function itself, is for those who release settings.
func (p Pipeline) readableVersions(f compose.Facts) []string {
	arns := []string{p.functionARN(f, blue) + ":*"}
	if p.releasesConfiguration() {
		arns = append(arns, p.functionARN(f, blue))
	}
	return arns
}

// configurationStatements let a release run the pipeline again.
func (p Pipeline) configurationStatements(f compose.Facts) []statement {
	if !p.releasesConfiguration() {
		return nil
	}
	return []statement{allow("StartPipeline", "codepipeline:StartPipelineExecution").on(p.arn(f, "codepipeline", p.Names.DeliveryPipeline()))}
}

func (p Pipeline) configurationRule(compose.Facts) client.Object {
	return &cloudwatcheventsv1beta1.Rule{
		ObjectMeta: p.meta(configurationRule, p.Names.configurationRule()),
		Spec: cloudwatcheventsv1beta1.RuleSpec{
			ResourceSpec: p.managed(),
			ForProvider: cloudwatcheventsv1beta1.RuleParameters{
				Region:       p.region(),
				EventBusName: new(defaultEventBus),
				// As for the rule of CodeDeploy's events.
				IsEnabled:          new(true),
				Description:        new("Has settings of " + p.Names.function(blue) + " released that have changed."),
				ScheduleExpression: new(configurationSchedule),
				Tags:               p.tags(),
			},
		},
	}
}

func (p Pipeline) configurationTarget(f compose.Facts) client.Object {
	return &cloudwatcheventsv1beta2.Target{
		ObjectMeta: p.meta(configurationTarget, ""),
		Spec: cloudwatcheventsv1beta2.TargetSpec{
			ResourceSpec: p.managed(),
			ForProvider: cloudwatcheventsv1beta2.TargetParameters{
				Region:       p.region(),
				EventBusName: new(defaultEventBus),
				RuleRef:      p.ref(configurationRule),
				TargetID:     new(p.Names.releaseMachine()),
				Arn:          new(p.releaseMachineARN(f)),
				RoleArnRef:   p.ref(releaseEventsRole),
				Input:        jsonText(release.Configuration()),
			},
		},
	}
}
