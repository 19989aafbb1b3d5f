package awsmodel

// scalingKinds follow how much of something is in use.
var scalingKinds = map[string]Kind{
	"appautoscaling/Target": {
		Service: "application-autoscaling",
		Create:  "RegisterScalableTarget",
		Name:    []string{"RegisterScalableTarget.ResourceId"},
		Fields: map[string]Parameter{
			"maxCapacity":       to("RegisterScalableTarget.MaxCapacity"),
			"minCapacity":       to("RegisterScalableTarget.MinCapacity"),
			"resourceId":        to("RegisterScalableTarget.ResourceId"),
			"scalableDimension": to("RegisterScalableTarget.ScalableDimension"),
			"serviceNamespace":  to("RegisterScalableTarget.ServiceNamespace"),
			tagsField:           to("RegisterScalableTarget.Tags"),
		},
	},
	"appautoscaling/Policy": {
		Service: "application-autoscaling",
		Create:  "PutScalingPolicy",
		Name:    []string{"PutScalingPolicy.PolicyName"},
		Fields: map[string]Parameter{
			"policyType":        to("PutScalingPolicy.PolicyType"),
			"resourceId":        to("PutScalingPolicy.ResourceId"),
			"scalableDimension": to("PutScalingPolicy.ScalableDimension"),
			"serviceNamespace":  to("PutScalingPolicy.ServiceNamespace"),
			"targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.predefinedMetricType": to(
				"PutScalingPolicy.TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType"),
			"targetTrackingScalingPolicyConfiguration.targetValue": to("PutScalingPolicy.TargetTrackingScalingPolicyConfiguration.TargetValue"),
		},
	},
}
