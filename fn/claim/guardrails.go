package claim

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// maxTags is how many tags a resource may have: AWS allows 50, and the provider adds three, with the managed resource's
// kind, its name and its ProviderConfig.
const maxTags = 50 - 3

// checkGuardrails reports what a valid claim asks for and the platform team does not allow, what it lacks of what the platform
// team requires, and what there is no room for. From says whose each rule is.
func checkGuardrails(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, from Origins) field.ErrorList {
	errs := append(checkAllowed(spec, settings, from), checkRequired(spec, settings.Require, from)...)
	if all := len(merge(spec.Tags, settings.Tags)); all > maxTags {
		errs = append(errs, field.Invalid(field.NewPath("spec", "tags"), fmt.Sprintf("%d tags", len(spec.Tags)),
			fmt.Sprintf("with those of the platform team there are %d tags, and may be at most %d", all, maxTags)))
	}
	return errs
}

// checkAccount reports an account id that is not the one where the pipeline already is, if that is known. Every ARN would
// name the wrong account.
func checkAccount(at *field.Path, settings v1beta1.PlatformSettings, actual string) field.ErrorList {
	if settings.AccountID == "" || actual == "" || settings.AccountID == actual {
		return nil
	}
	return field.ErrorList{
		field.Invalid(at, settings.AccountID, "the pipeline's resources are in account "+actual),
	}
}

// checkRegion reports what of the settings is in another region or partition of AWS than the pipeline.
func checkRegion(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, root string) field.ErrorList {
	var errs field.ErrorList
	if arn := settings.KMSKeyARN; arn != "" && !strings.HasPrefix(arn, "arn:"+partition(spec.Region)+":kms:"+spec.Region+":") {
		errs = append(errs, elsewhere(arn, "region "+spec.Region, root, "kmsKeyArn"))
	}
	if arn := settings.PermissionsBoundaryARN; arn != "" && !strings.HasPrefix(arn, "arn:"+partition(spec.Region)+":") {
		errs = append(errs, elsewhere(arn, "partition "+partition(spec.Region), root, "permissionsBoundaryArn"))
	}
	return errs
}

// elsewhere is the refusal of an ARN.
func elsewhere(arn, want string, path ...string) *field.Error {
	return elsewhereAt(field.NewPath(path[0], path[1:]...), arn, want)
}

func elsewhereAt(path *field.Path, arn, want string) *field.Error {
	return field.Forbidden(path, fmt.Sprintf("the pipeline is in %s, and AWS takes what is there, not %s", want, arn))
}

// partition of AWS that a region belongs to, as ARNs name it.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	default:
		return "aws"
	}
}
