package claim

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

const (
	// maxWhole is the largest whole number below which none is taken for another: JSON has larger ones, and what carries an
	// event to green, from protobuf to JSONata, does not.
	maxWhole = 1<<53 - 1

	// maxEvent is how many bytes a state of Step Functions takes.
	// See https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.
	maxEvent = 256 << 10
)

// checkEvent reports what of the smoke test's event would not reach green as it is.
func checkEvent(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	event := spec.SmokeTest.Event
	if event == nil {
		return nil
	}
	path := field.NewPath("spec", "smokeTest", "event")
	if n := len(event.Raw); n > maxEvent {
		return refusal.List{byAWS(path, n, fmt.Sprintf("Step Functions takes at most %d bytes", maxEvent))}
	}
	var value any
	if err := json.Unmarshal(event.Raw, &value); err != nil {
		return refusal.List{internal(path, err)}
	}
	return checkNumbers(path, value)
}

// checkNumbers reports one that would be another when it arrives.
func checkNumbers(at *field.Path, value any) refusal.List {
	n, found := inexact(value)
	if !found {
		return nil
	}
	refused := byAWS(at, n, fmt.Sprintf("numbers beyond %d lose digits on the way", maxWhole))
	refused.Next = "write it as text"
	return refusal.List{refused}
}

// inexact finds a number in a JSON value that may have been another one: always the same, as a condition tells it.
func inexact(value any) (float64, bool) {
	switch v := value.(type) {
	case float64:
		return v, math.Abs(v) > maxWhole
	case []any:
		for _, item := range v {
			if n, found := inexact(item); found {
				return n, true
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if n, found := inexact(v[key]); found {
				return n, true
			}
		}
	}
	return 0, false
}
