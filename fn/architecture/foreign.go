package architecture

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

func permissionsPath() *field.Path {
	return field.NewPath("spec", "service", "permissions")
}

// checkPermissions reports what of any pipeline a claim asks for its functions, whatever the platform team allows: policies, records,
// artifacts and releases. Its own are denied besides: see denials.
func checkPermissions(c claim.Claim) error {
	p := c.Spec.Service.Permissions
	return slices.Concat(checkStatements(p), checkPolicies(p)).Of(claim.Kind)
}

// checkStatements reports resources of statements that are any pipeline's, or may be by a wildcard.
func checkStatements(p v1alpha1.Permissions) refusal.List {
	var refused refusal.List
	for i, s := range p.Statements {
		for j, arn := range s.Resources {
			if delivers(arn) {
				refused = append(refused, refusal.Refusal{
					Field:   permissionsPath().Child("statements").Index(i).Child("resources").Index(j).String(),
					Value:   refusal.Show(arn),
					Allowed: "history tables, artifact buckets and state machines of pipelines are only for pipelines",
					Rule:    refusal.Package,
					Next:    "name another resource",
				})
			}
		}
	}
	return refused
}

// delivers tells whether an ARN can be that of a history table, an artifact bucket, or a state machine or its executions.
func delivers(arn string) bool {
	const parts = 6
	of := strings.SplitN(arn, ":", parts)
	if len(of) < parts {
		return false
	}
	every := Names{}
	named := map[string][]string{
		"dynamodb": {"table/" + every.HistoryTable()},
		"s3":       {every.aws(artifactsBase)},
	}
	for _, m := range []stateMachine{releaseStateMachine, rollbackStateMachine, watchStateMachine} {
		named["states"] = append(named["states"], "stateMachine:"+every.stateMachine(m), "execution:"+every.stateMachine(m))
	}
	resource := of[parts-1]
	start := resource
	if i := strings.IndexAny(resource, "*?"); i >= 0 {
		start = resource[:i]
	}
	return slices.ContainsFunc(named[of[2]], func(begins string) bool {
		return strings.HasPrefix(start, begins) || start != resource && strings.HasPrefix(begins, start)
	})
}
