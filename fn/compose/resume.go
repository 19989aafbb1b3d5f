package compose

import (
	"cmp"
	"maps"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/provider"
)

// annotationCreatePending has the time at which a provider began to create something. While that is the last it said of the
// creation, the provider does not know whether it came about.
const annotationCreatePending = "crossplane.io/external-create-pending"

// annotationResumed has the time at which the creation that was resumed had begun. A provider is not woken by a change of
// its own annotations, but by one of this.
const annotationResumed = "paymentdelivery.io/creation-resumed"

func wasInterrupted(synced Condition) bool {
	return synced.Status == "False" && provider.Interrupted(synced.Message)
}

// resume the creation of a resource: an annotation without a time is none to its provider. It is asked for only while the
// creation is interrupted, so the provider's own times stay.
func resume(o client.Object, seen Observed) {
	annotations := maps.Clone(o.GetAnnotations())
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[annotationCreatePending] = ""
	annotations[annotationResumed] = cmp.Or(seen.annotation(annotationCreatePending), seen.annotation(annotationResumed))
	o.SetAnnotations(annotations)
}
