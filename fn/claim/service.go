package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkService reports what the functions would use in another region: Lambda takes neither layers nor keys from there.
func checkService(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var refused refusal.List
	here := func(arn, service string) bool {
		return strings.HasPrefix(arn, "arn:"+partition(spec.Region)+":"+service+":"+spec.Region+":")
	}
	for _, arn := range spec.Service.Layers {
		if !here(arn, "lambda") {
			refused = append(refused, elsewhere(field.NewPath("spec", "service", "layers"), arn, "region "+spec.Region))
		}
	}
	if arn := spec.Service.KMSKeyARN; arn != "" && !here(arn, "kms") {
		refused = append(refused, elsewhere(field.NewPath("spec", "service", "kmsKeyArn"), arn, "region "+spec.Region))
	}
	return refused
}
