package claim

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// maxTags is how many tags a resource may have: AWS allows 50, and the provider adds three, with the managed resource's
// kind, its name and its ProviderConfig.
const maxTags = 50 - 3

// checkGuardrails reports what a valid claim asks for and the platform team does not allow, what it lacks of what the platform
// team requires, and what there is no room for. From says whose each rule is.
func checkGuardrails(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, from Origins) refusal.List {
	refused := slices.Concat(checkAllowed(spec, settings, from), checkDataPlane(spec.Service.Permissions, settings), checkRequired(spec, settings.Require, from))
	if all := len(merge(spec.Tags, settings.Tags)); all > maxTags {
		refused = append(refused, refusal.Refusal{
			Field: field.NewPath("spec", "tags").String(), Value: fmt.Sprintf("%d tags", len(spec.Tags)),
			Allowed: fmt.Sprintf("with those of the platform team there are %d tags, and may be at most %d", all, maxTags), Rule: refusal.Package,
		})
	}
	return refused
}

// checkAccount reports an account id that is not the one where the pipeline already is, if that is known. Every ARN would
// name the wrong account.
func checkAccount(at *field.Path, settings v1beta1.PlatformSettings, actual string) refusal.List {
	if settings.AccountID == "" || actual == "" || settings.AccountID == actual {
		return nil
	}
	return refusal.List{{
		Field: at.String(), Value: refusal.Show(settings.AccountID), Allowed: "the pipeline's resources are in account " + actual, Rule: refusal.Package,
	}}
}
