package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// checkAsync reports destinations in another partition, and those that Lambda cannot write to. To check both here takes less memory
// than rules of the schema would.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html.
func checkAsync(spec v1alpha1.PaymentDeliveryPipelineSpec) field.ErrorList {
	async := spec.Service.Async
	if async == nil {
		return nil
	}
	var errs field.ErrorList
	here := partition(spec.Region)
	check := func(name string, d v1alpha1.Destination) {
		at := field.NewPath("spec", "service", "async", name)
		switch {
		case d == "":
		case !strings.HasPrefix(string(d), "arn:"+here+":"):
			errs = append(errs, elsewhereAt(at, string(d), "partition "+here))
		case strings.HasSuffix(string(d), ".fifo"):
			errs = append(errs, field.Forbidden(at, "AWS Lambda writes to standard queues and topics only, not to "+string(d)))
		}
	}
	check("onFailure", async.OnFailure)
	check("onSuccess", async.OnSuccess)
	return errs
}
