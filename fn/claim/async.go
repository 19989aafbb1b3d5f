package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkAsync reports destinations in another partition, and those that Lambda cannot write to. To check both here takes less memory
// than rules of the schema would.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html.
func checkAsync(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	async := spec.Service.Async
	if async == nil {
		return nil
	}
	var refused refusal.List
	here := partition(spec.Region)
	check := func(name string, d v1alpha1.Destination) {
		at := field.NewPath("spec", "service", "async", name)
		switch {
		case d == "":
		case !strings.HasPrefix(string(d), "arn:"+here+":"):
			refused = append(refused, elsewhere(at, string(d), "partition "+here))
		case strings.HasSuffix(string(d), ".fifo"):
			refused = append(refused, byAWS(at, string(d), "AWS Lambda writes to standard queues and topics only"))
		}
	}
	check("onFailure", async.OnFailure)
	check("onSuccess", async.OnSuccess)
	return refused
}
