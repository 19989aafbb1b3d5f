package compose

import (
	"cmp"
	"maps"
	"strings"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// annotationCreatePending has the time at which a provider began to create something. While that is the last it said of the
// creation, the provider does not know whether it came about.
const annotationCreatePending = "crossplane.io/external-create-pending"

// annotationResumed has the time at which the creation that was resumed had begun. A provider is not woken by a change of
// its own annotations, but by one of this.
const annotationResumed = "paymentdelivery.io/creation-resumed"

// interrupted begins the error of a resource whose provider was killed while it created it. The provider then does nothing
// with it until somebody has removed the annotation: it cannot know that creating it again is safe.
// See https://github.com/crossplane/upjet/issues/681.
const interrupted = "cannot determine creation result"

func wasInterrupted(synced Condition) bool {
	return synced.Status == "False" && strings.HasPrefix(synced.Message, interrupted)
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
