package claim

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// maxTags is how many tags a resource may have: AWS allows 50, and the provider adds three, with the managed resource's
// kind, its name and its ProviderConfig.
const maxTags = 50 - 3

// checkGuardrails reports what a valid claim asks for and the platform team does not allow, or leaves no room for.
func checkGuardrails(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings) field.ErrorList {
	var errs field.ErrorList
	if len(settings.AllowedRegions) > 0 && !slices.Contains(settings.AllowedRegions, spec.Region) {
		errs = append(errs, field.NotSupported(field.NewPath("spec", "region"), spec.Region, slices.Sorted(slices.Values(settings.AllowedRegions))))
	}
	if all := len(merge(spec.Tags, settings.Tags)); all > maxTags {
		errs = append(errs, field.Invalid(field.NewPath("spec", "tags"), fmt.Sprintf("%d tags", len(spec.Tags)),
			fmt.Sprintf("with those of the platform team there are %d tags, and may be at most %d", all, maxTags)))
	}
	return errs
}

// checkAccount reports an account id that is not the one where the pipeline already is, if that is known. Every ARN would
// name the wrong account.
func checkAccount(settings v1beta1.PlatformSettings, actual string) field.ErrorList {
	if settings.AccountID == "" || actual == "" || settings.AccountID == actual {
		return nil
	}
	return field.ErrorList{
		field.Invalid(field.NewPath("input", "accountId"), settings.AccountID, "the pipeline's resources are in account "+actual),
	}
}
