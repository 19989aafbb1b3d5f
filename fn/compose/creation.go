package compose

import (
	"maps"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// annotationCreateFailed has the time at which a provider failed to create something. A provider that was killed during a
// creation, or failed to write down what came of it, does nothing with the resource until this time, or that of a success, is later
// than the begin of the creation: ExternalCreateIncomplete in pkg/meta of crossplane-runtime.
const annotationCreateFailed = "crossplane.io/external-create-failed"

// always is later than the begin of any creation.
const always = "9999-12-31T23:59:59Z"

// createAgain lets the provider go on with the resource after a creation that was interrupted. This is safe if the provider finds what it
// may have made by a name that is ours. It also holds while the claim is being deleted, when nobody asks the function.
func createAgain(o client.Object) {
	annotations := maps.Clone(o.GetAnnotations())
	if annotations == nil {
		annotations = map[string]string{}
	}
	annotations[annotationCreateFailed] = always
	o.SetAnnotations(annotations)
}
