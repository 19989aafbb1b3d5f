package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

func releasesConfiguration(p *Pipeline) {
	p.Spec.Rollout.OnConfigurationChange = v1alpha1.ConfigurationRelease
}

// TestConfiguration checks what starts the look for a configuration that waits for a release.
func TestConfiguration(t *testing.T) {
	p := newTestPipeline(t, releasesConfiguration)
	rule := cloudwatcheventsv1beta1.RuleParameters{
		Region:             new("us-east-1"),
		EventBusName:       new("default"),
		IsEnabled:          new(true),
		Description:        new("Has settings of payment-processor-blue-pr-123 released that have changed."),
		ScheduleExpression: new("rate(5 minutes)"),
	}
	if diff := cmp.Diff(rule, buildOne[*cloudwatcheventsv1beta1.Rule](t, p, watchConfigurationRule).Spec.ForProvider); diff != "" {
		t.Errorf("rule: -want, +got:\n%s", diff)
	}
	target := cloudwatcheventsv1beta2.TargetParameters{
		Region:       new("us-east-1"),
		EventBusName: new("default"),
		RuleRef:      &xpv2.Reference{Name: "pr-123.watch-configuration-rule.default"},
		TargetID:     new("payment-processor-watch-pr-123"),
		Arn:          new("arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-watch-pr-123"),
		RoleArnRef:   &xpv2.Reference{Name: "pr-123.watch-events-role.default"},
		Input:        new("settings-seen"),
	}
	if diff := cmp.Diff(target, buildOne[*cloudwatcheventsv1beta2.Target](t, p, watchConfigurationTarget).Spec.ForProvider); diff != "" {
		t.Errorf("target: -want, +got:\n%s", diff)
	}
}

// TestConfigurationWaits checks that nothing is started for who did not ask for it.
func TestConfigurationWaits(t *testing.T) {
	built := buildAll(newTestPipeline(t).Resources())
	if built[watchConfigurationRule] != nil || built[watchConfigurationTarget] != nil {
		t.Error("want no schedule for a claim that waits, got one")
	}
}

// TestConfigurationIsNeverProtected checks that the schedule goes with the claim, or with what asked for it.
func TestConfigurationIsNeverProtected(t *testing.T) {
	p := newTestPipeline(t, releasesConfiguration, func(p *Pipeline) { p.Spec.DeletionProtection = true })
	want := xpv2.ManagementPolicies{
		xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate, xpv2.ManagementActionDelete,
	}
	for name, got := range map[string]xpv2.ManagementPolicies{
		"rule":   buildOne[*cloudwatcheventsv1beta1.Rule](t, p, watchConfigurationRule).Spec.ManagementPolicies,
		"target": buildOne[*cloudwatcheventsv1beta2.Target](t, p, watchConfigurationTarget).Spec.ManagementPolicies,
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}
