package claim

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
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
func checkEvent(spec v1alpha1.PaymentDeliveryPipelineSpec) field.ErrorList {
	event := spec.SmokeTest.Event
	if event == nil {
		return nil
	}
	path := field.NewPath("spec", "smokeTest", "event")
	if n := len(event.Raw); n > maxEvent {
		return field.ErrorList{field.Forbidden(path, fmt.Sprintf("Step Functions takes %d bytes, not %d", maxEvent, n))}
	}
	var value any
	if err := json.Unmarshal(event.Raw, &value); err != nil {
		return field.ErrorList{field.InternalError(path, err)}
	}
	if n, found := inexact(value); found {
		return field.ErrorList{field.Forbidden(path, fmt.Sprintf("numbers beyond %d lose digits on the way, so it takes them as text, not %v", maxWhole, n))}
	}
	return nil
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
