package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

// findScaling of what is provisioned for aliases: within which limits, and by which policies. Most functions have none.
func findScaling(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	owns := func(resourceID *string) bool {
		// function:<name>:<alias>.
		parts := strings.Split(*resourceID, ":")
		return len(parts) == 3 && of.owns(parts[1])
	}
	targets, err := a.Scaling.DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{ServiceNamespace: types.ServiceNamespaceLambda})
	if err != nil {
		return err
	}
	for _, t := range targets.ScalableTargets {
		if !owns(t.ResourceId) {
			continue
		}
		tags, err := a.Scaling.ListTagsForResource(ctx, &applicationautoscaling.ListTagsForResourceInput{ResourceARN: t.ScalableTargetARN})
		if err != nil {
			return err
		}
		if err := found.add("ScalableTarget", *t.ResourceId, map[string]any{
			"Dimension": t.ScalableDimension, "Min": t.MinCapacity, "Max": t.MaxCapacity, "Suspended": t.SuspendedState, "Tags": tags.Tags,
		}); err != nil {
			return err
		}
	}
	policies, err := a.Scaling.DescribeScalingPolicies(ctx, &applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: types.ServiceNamespaceLambda})
	if err != nil {
		return err
	}
	for _, p := range policies.ScalingPolicies {
		if owns(p.ResourceId) {
			if err := found.add("ScalingPolicy", *p.ResourceId+"/"+*p.PolicyName, map[string]any{"Type": p.PolicyType, "Tracks": p.TargetTrackingScalingPolicyConfiguration}); err != nil {
				return err
			}
		}
	}
	return nil
}
