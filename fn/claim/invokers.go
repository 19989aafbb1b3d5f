package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// checkInvokers reports sources of calls in another partition.
func checkInvokers(spec v1alpha1.PaymentDeliveryPipelineSpec) field.ErrorList {
	var errs field.ErrorList
	here := partition(spec.Region)
	for i, invoker := range spec.Service.Invokers {
		if arn := invoker.SourceARN; arn != "" && !strings.HasPrefix(arn, "arn:"+here+":") {
			errs = append(errs, elsewhereAt(field.NewPath("spec", "service", "invokers").Index(i).Child("sourceArn"), arn, "partition "+here))
		}
	}
	return errs
}
