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

// configuration starts the watch now and then, with what is known of settings, and the watch releases a configuration that has changed, if the claim asks
// for that. It is never protected: a schedule that stayed would go on to start releases.
func (p Pipeline) configuration() []compose.Resource {
	if !p.releasesConfiguration() {
		return nil
	}
	p.Spec.DeletionProtection = false
	target := p.eventTarget(watchConfigurationTarget, watchConfigurationRule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
		return p.startWatch(f, new(f.Get(settingsSeen)))
	})
	target.Needs = append(target.Needs, settingsSeen)
	return []compose.Resource{
		p.eventRule(watchConfigurationRule, p.Names.aws("payment-processor-watch-configuration"), cloudwatcheventsv1beta1.RuleParameters{
			Description:        new("Has settings of " + p.Names.function(blue) + " released that have changed."),
			ScheduleExpression: new(configurationSchedule),
		}),
		target,
	}
}

func (p Pipeline) releasesConfiguration() bool {
	return p.Spec.Rollout.OnConfigurationChange == v1alpha1.ConfigurationRelease
}

// scheduledConfiguration is what the schedule hands to the watch. Empty: there is none.
func (p Pipeline) scheduledConfiguration(seen compose.Observation, s Serving) string {
	if !p.releasesConfiguration() {
		return ""
	}
	return document.JSON(release.Configuration(p.seenSettings(seen, s)))
}

// configurationStatements let the watch tell people that it is not clear whether a configuration waits for a release.
func (p Pipeline) configurationStatements(f compose.Facts) []iam.Statement {
	if !p.releasesConfiguration() {
		return nil
	}
	return []iam.Statement{p.tellPeopleStatement(f)}
}
