package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// checkService reports what the functions would use in another region: Lambda takes neither layers nor keys from there.
func checkService(spec v1alpha1.PaymentDeliveryPipelineSpec) field.ErrorList {
	var errs field.ErrorList
	here := func(arn, service string) bool {
		return strings.HasPrefix(arn, "arn:"+partition(spec.Region)+":"+service+":"+spec.Region+":")
	}
	for _, arn := range spec.Service.Layers {
		if !here(arn, "lambda") {
			errs = append(errs, elsewhere(arn, "region "+spec.Region, "spec", "service", "layers"))
		}
	}
	if arn := spec.Service.KMSKeyARN; arn != "" && !here(arn, "kms") {
		errs = append(errs, elsewhere(arn, "region "+spec.Region, "spec", "service", "kmsKeyArn"))
	}
	return errs
}
