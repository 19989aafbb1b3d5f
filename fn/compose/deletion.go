package compose

import (
	"slices"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

// actionUpdate is the management policy that lets a provider change what exists.
const actionUpdate = "Update"

// annotationCreated has the time at which a provider created something in AWS. See pkg/meta of crossplane-runtime.
const annotationCreated = "crossplane.io/external-create-succeeded"

// KeptOnDeletion reports whether something that the claim has made stays in AWS if the claim is deleted now. What is asked for is not enough:
// a resource may stay for now as it is observed, and Crossplane may fail to apply it.
func (s State) KeptOnDeletion(observed map[string]*fnv1.Resource) bool {
	for name, r := range s.Desired {
		seen := Observe(observed[string(name)])
		made := seen.annotation(annotationCreated) != "" && !seen.NotFound()
		if Observe(r).isKept(made) || seen.isKept(made) {
			return true
		}
	}
	return false
}

// isKept reports whether the resource stays in AWS when its object is deleted. What its provider may not update is of others, unless the
// provider has made it.
func (o Observed) isKept(made bool) bool {
	policies := o.policies()
	mayDelete := len(policies) == 0 || slices.Contains(policies, "*") || slices.Contains(policies, actionDelete)
	return !mayDelete && (made || slices.Contains(policies, actionUpdate))
}
