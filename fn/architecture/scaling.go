package architecture

import (
	appautoscalingv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/appautoscaling/v1beta1"
	appautoscalingv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/appautoscaling/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// What scales the environments of the live version.
const (
	scalingTarget resource.Name = "live-scaling-target"
	scalingPolicy resource.Name = "live-scaling-policy"
)

// Application Auto Scaling's words for what is provisioned for an alias.
// See https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-lambda.html.
const (
	scalingNamespace = "lambda"
	scalingDimension = "lambda:function:ProvisionedConcurrency"
	scalingMetric    = "LambdaProvisionedConcurrencyUtilization"
)

// utilization is the policy's name. Each target has its own policies, so it is no other pipeline's.
const utilization = "utilization"

// These facts are only known or not: target and policy name what they need, and do not refer to it.
var (
	// provisionedThere keeps Application Auto Scaling from provisioning before the provider has: then that would fail.
	provisionedThere   = compose.Fact{ID: "provisioned-there", Text: "what is provisioned for the live alias to be there"}
	scalingTargetThere = compose.Fact{ID: "scaling-target-there", Text: "AWS to know what is scaled"}
)

func readProvisionedThere(seen compose.Observation) string {
	return knownIf(seen.Exists(scalingTarget) || allReady(seen, []resource.Name{provisionedConcurrency}))
}

func readScalingTargetThere(seen compose.Observation) string {
	return knownIf(seen.Exists(scalingPolicy) || allReady(seen, []resource.Name{scalingTarget}))
}

// scales reports whether Application Auto Scaling owns how many environments are provisioned.
func (p Pipeline) scales() bool {
	provisioned := p.Spec.Service.Concurrency.Provisioned
	return provisioned != nil && provisioned.Max > provisioned.Min
}

// scaling follows how many of the provisioned environments are in use.
func (p Pipeline) scaling() []compose.Resource {
	if !p.scales() {
		return nil
	}
	return []compose.Resource{
		{Name: scalingTarget, Needs: []compose.Fact{provisionedThere}, Build: p.scalingTarget},
		{Name: scalingPolicy, Needs: []compose.Fact{scalingTargetThere}, Build: p.scalingPolicy},
	}
}

// scalableAlias is the alias, as Application Auto Scaling names it.
func (p Pipeline) scalableAlias() string {
	return "function:" + p.Names.function(blue) + ":" + aliasName
}

// scalingTarget says within which limits. Its external name is what AWS would have it be: stated, it is found again when the
// provider restarts. Its role is AWS's service-linked one.
func (p Pipeline) scalingTarget(compose.Facts) client.Object {
	provisioned := p.Spec.Service.Concurrency.Provisioned
	return &appautoscalingv1beta1.Target{
		ObjectMeta: p.meta(scalingTarget, p.scalableAlias()),
		Spec: appautoscalingv1beta1.TargetSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: appautoscalingv1beta1.TargetParameters{
				Region:            p.region(),
				ServiceNamespace:  new(scalingNamespace),
				ScalableDimension: new(scalingDimension),
				ResourceID:        new(p.scalableAlias()),
				MinCapacity:       new(float64(provisioned.Min)),
				MaxCapacity:       new(float64(provisioned.Max)),
				Tags:              p.tags(),
			},
		},
	}
}

// scalingPolicy says when there are more or fewer. AWS wants a share, not percent.
func (p Pipeline) scalingPolicy(compose.Facts) client.Object {
	percent := p.Spec.Service.Concurrency.Provisioned.TargetUtilizationPercent
	return &appautoscalingv1beta2.Policy{
		ObjectMeta: p.meta(scalingPolicy, utilization),
		Spec: appautoscalingv1beta2.PolicySpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: appautoscalingv1beta2.PolicyParameters{
				Region:            p.region(),
				ServiceNamespace:  new(scalingNamespace),
				ScalableDimension: new(scalingDimension),
				ResourceID:        new(p.scalableAlias()),
				PolicyType:        new("TargetTrackingScaling"),
				TargetTrackingScalingPolicyConfiguration: &appautoscalingv1beta2.TargetTrackingScalingPolicyConfigurationParameters{
					PredefinedMetricSpecification: &appautoscalingv1beta2.PredefinedMetricSpecificationParameters{
						PredefinedMetricType: new(scalingMetric),
					},
					TargetValue: new(float64(percent) / 100),
				},
			},
		},
	}
}
