package claim

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// maxGrants is how many characters a claim's secrets, event sources and statements may have in the functions' policy. IAM takes 6144 of a managed
// policy, and the rest is the pipeline's own: see TestFunctionPolicyFits.
const maxGrants = 3000

// maxPolicy is how many characters IAM takes of a managed policy, but for spaces. What a claim asks for beyond that was never made, so no
// pipeline has it.
const maxPolicy = 6144

func permissionsPath() *field.Path {
	return field.NewPath("spec", "service", "permissions")
}

// checkPermissions reports what AWS refuses: ARNs of another partition, policies of another account, if the pipeline's is known,
// and more than a policy can have.
func checkPermissions(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) refusal.List {
	var refused refusal.List
	here := partition(spec.Region)
	for i, s := range spec.Service.Permissions.Statements {
		for j, arn := range s.Resources {
			if !strings.HasPrefix(arn, "arn:"+here+":") {
				refused = append(refused, elsewhere(permissionsPath().Child("statements").Index(i).Child("resources").Index(j), arn, "partition "+here))
			}
		}
	}
	for i, arn := range spec.Service.Permissions.PolicyARNs {
		at := permissionsPath().Child("policyArns").Index(i)
		rest, isHere := strings.CutPrefix(arn, "arn:"+here+":iam::")
		switch {
		case !isHere:
			refused = append(refused, elsewhere(at, arn, "partition "+here))
		case account != "" && !strings.HasPrefix(rest, "aws:") && !strings.HasPrefix(rest, account+":"):
			refused = append(refused, elsewhere(at, arn, "account "+account))
		}
	}
	if n := statementTexts(spec.Service); n > maxPolicy {
		return append(refused, refusal.Refusal{
			Field: permissionsPath().Child("statements").String(), Value: fmt.Sprintf("%d characters", n),
			Allowed: fmt.Sprintf("IAM takes a policy of %d characters", maxPolicy), Rule: refusal.Package, Next: "name fewer resources",
		})
	}
	if n := grants(spec.Service); n > maxGrants {
		refused = append(refused, byAWS(field.NewPath("spec", "service"), n, fmt.Sprintf(
			"secrets, eventSources and permissions.statements make a policy of IAM's too long, which takes %d characters of them", maxGrants)))
	}
	return refused
}

// statementTexts are how many characters the statements' actions and resources have.
func statementTexts(s v1alpha1.Service) int {
	n := 0
	for _, statement := range s.Permissions.Statements {
		for _, text := range slices.Concat(statement.Actions, statement.Resources) {
			n += len(text)
		}
	}
	return n
}

// grants is how many characters secrets, event sources and statements have in a policy. Each text has two quotes and a comma, and each statement
// what is around its lists.
func grants(s v1alpha1.Service) int {
	const aroundText, aroundStatement = 3, 64
	n := 0
	add := func(texts []string) {
		for _, text := range texts {
			n += len(text) + aroundText
		}
	}
	for _, arn := range s.Secrets {
		add([]string{string(arn)})
	}
	for _, source := range s.EventSources {
		add(arnsOf(source))
	}
	for _, statement := range s.Permissions.Statements {
		n += aroundStatement
		add(statement.Actions)
		add(statement.Resources)
	}
	return n
}
