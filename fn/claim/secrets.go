package claim

import (
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkSecrets reports secrets and parameters that are not in the pipeline's region: the AWS SDK asks the region that the
// function runs in.
func checkSecrets(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var refused refusal.List
	for _, name := range slices.Sorted(maps.Keys(spec.Service.Secrets)) {
		if arn := string(spec.Service.Secrets[name]); !isIn(arn, spec.Region) {
			refused = append(refused, elsewhere(field.NewPath("spec", "service", "secrets").Key(name), arn, "region "+spec.Region))
		}
	}
	return refused
}
