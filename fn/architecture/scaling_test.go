package architecture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	appautoscalingv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/appautoscaling/v1beta1"
	appautoscalingv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/appautoscaling/v1beta2"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// scaledTo has as many environments started as are in use, up to a number.
func scaledTo(most int32) func(*Pipeline) {
	return func(p *Pipeline) {
		p.Spec.Service.Concurrency.Provisioned = &v1alpha1.ProvisionedConcurrency{Min: 5, Max: most, TargetUtilizationPercent: 60}
	}
}

// TestScaling checks what Application Auto Scaling is told: the alias, its limits, and a share of it that is to be in use.
func TestScaling(t *testing.T) {
	p := newTestPipeline(t, scaledTo(20), func(p *Pipeline) { p.Spec.Tags = v1alpha1.Tags{"team": "payments"} })
	target := buildOne[*appautoscalingv1beta1.Target](t, p, scalingTarget)
	if diff := cmp.Diff(appautoscalingv1beta1.TargetParameters{
		Region: new("us-east-1"), ServiceNamespace: new("lambda"), ScalableDimension: new("lambda:function:ProvisionedConcurrency"),
		ResourceID: new("function:payment-processor-blue-pr-123:live"), MinCapacity: new(5.0), MaxCapacity: new(20.0),
		Tags: map[string]*string{"team": new("payments")},
	}, target.Spec.ForProvider); diff != "" {
		t.Errorf("target: -want, +got:\n%s", diff)
	}
	if got := target.GetAnnotations()[annotationExternalName]; got != *target.Spec.ForProvider.ResourceID {
		t.Errorf("the provider would name the target by its resource, which is %s, not %s", *target.Spec.ForProvider.ResourceID, got)
	}
	policy := buildOne[*appautoscalingv1beta2.Policy](t, p, scalingPolicy)
	if diff := cmp.Diff(appautoscalingv1beta2.PolicyParameters{
		Region: new("us-east-1"), ServiceNamespace: new("lambda"), ScalableDimension: new("lambda:function:ProvisionedConcurrency"),
		ResourceID: new("function:payment-processor-blue-pr-123:live"), PolicyType: new("TargetTrackingScaling"),
		TargetTrackingScalingPolicyConfiguration: &appautoscalingv1beta2.TargetTrackingScalingPolicyConfigurationParameters{
			PredefinedMetricSpecification: &appautoscalingv1beta2.PredefinedMetricSpecificationParameters{PredefinedMetricType: new("LambdaProvisionedConcurrencyUtilization")},
			TargetValue:                   new(0.6),
		},
	}, policy.Spec.ForProvider); diff != "" {
		t.Errorf("policy: -want, +got:\n%s", diff)
	}
}

// TestWhoOwnsTheNumber checks that either the provider says how many environments are provisioned or Application Auto Scaling, and
// that they go in either case when they are no longer asked for.
func TestWhoOwnsTheNumber(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		most   int32
		scales bool
	}{
		"NoMax":   {reason: "There is nothing to choose."},
		"MaxIsIt": {reason: "Nor here.", most: 5},
		"More":    {reason: "The provider would set the number back.", most: 6, scales: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, scaledTo(tc.most))
			config := buildOne[*lambdav1beta1.ProvisionedConcurrencyConfig](t, p, provisionedConcurrency)
			if got := !slices.Contains(config.Spec.ManagementPolicies, xpv2.ManagementActionUpdate); got != tc.scales {
				t.Errorf("%s\nthe provider leaves the number alone: want %t, got %v", tc.reason, tc.scales, config.Spec.ManagementPolicies)
			}
			if !slices.Contains(config.Spec.ManagementPolicies, xpv2.ManagementActionDelete) {
				t.Errorf("%s\nwhat is provisioned would stay: %v", tc.reason, config.Spec.ManagementPolicies)
			}
			if got := len(p.scaling()) > 0; got != tc.scales {
				t.Errorf("%s\nit scales: want %t, got %t", tc.reason, tc.scales, got)
			}
		})
	}
}

// TestOrderOfScaling checks that AWS is told of each thing after what that needs. What exists waits for nothing.
func TestOrderOfScaling(t *testing.T) {
	type want struct{ Target, Policy bool }
	ready := fntest.AliasOn("7")
	for name, tc := range map[string]struct {
		reason   string
		observed map[resource.Name]string
		want     want
	}{
		"Nothing":            {reason: "There is nothing to scale."},
		"ProvisionedPending": {reason: "Lambda is still starting them.", observed: map[resource.Name]string{provisionedConcurrency: fntest.AliasOn("7", standin.Stuck)}},
		"Provisioned":        {reason: "They can be scaled.", observed: map[resource.Name]string{provisionedConcurrency: ready}, want: want{Target: true}},
		"Registered": {
			reason: "There is a target for the policy.", observed: map[resource.Name]string{provisionedConcurrency: ready, scalingTarget: ready},
			want: want{Target: true, Policy: true},
		},
		"AllThere": {
			reason: "What exists stays.", observed: map[resource.Name]string{scalingTarget: "{}", scalingPolicy: "{}"},
			want: want{Target: true, Policy: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, scaledTo(20))
			facts := p.Facts(compose.NewObservation(fntest.State(t, fntest.XR, tc.observed)))
			made := func(name resource.Name) bool {
				i := slices.IndexFunc(p.scaling(), func(r compose.Resource) bool { return r.Name == name })
				_, waits := facts.Missing(p.scaling()[i].Needs)
				return !waits
			}
			if diff := cmp.Diff(tc.want, want{made(scalingTarget), made(scalingPolicy)}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
