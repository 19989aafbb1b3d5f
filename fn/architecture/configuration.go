package architecture

import (
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	watchConfigurationRule   resource.Name = "watch-configuration-rule"
	watchConfigurationTarget resource.Name = "watch-configuration-target"
)

// configurationSchedule is how often the watch looks whether a configuration waits for a release.
const configurationSchedule = "rate(5 minutes)"

// configuration starts the watch now and then, which releases a configuration that has changed, if the claim asks
// for that. It is never protected: a schedule that stayed would go on to start releases.
func (p Pipeline) configuration() []compose.Resource {
	if !p.releasesConfiguration() {
		return nil
	}
	p.Spec.DeletionProtection = false
	return []compose.Resource{
		p.eventRule(watchConfigurationRule, p.Names.aws("payment-processor-watch-configuration"), cloudwatcheventsv1beta1.RuleParameters{
			Description:        new("Has settings of " + p.Names.function(blue) + " released that have changed."),
			ScheduleExpression: new(configurationSchedule),
		}),
		p.eventTarget(watchConfigurationTarget, watchConfigurationRule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
			return p.startWatch(f, new(document.JSON(release.Configuration())))
		}),
	}
}

func (p Pipeline) releasesConfiguration() bool {
	return p.Spec.Rollout.OnConfigurationChange == v1alpha1.ConfigurationRelease
}

// configurationStatements let the watch compare configurations: those of blue's $LATEST, by the name of the function itself, and of versions.
func (p Pipeline) configurationStatements(f compose.Facts) []iam.Statement {
	if !p.releasesConfiguration() {
		return nil
	}
	return []iam.Statement{iam.Allow("ReadSettings", "lambda:GetFunctionConfiguration").On(p.functionARN(f, blue), p.functionARN(f, blue)+":*")}
}
