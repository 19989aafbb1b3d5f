package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkInvokers reports sources of calls in another partition.
func checkInvokers(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var refused refusal.List
	here := partition(spec.Region)
	for i, invoker := range spec.Service.Invokers {
		if arn := invoker.SourceARN; arn != "" && !strings.HasPrefix(arn, "arn:"+here+":") {
			refused = append(refused, elsewhere(field.NewPath("spec", "service", "invokers").Index(i).Child("sourceArn"), arn, "partition "+here))
		}
	}
	return refused
}
