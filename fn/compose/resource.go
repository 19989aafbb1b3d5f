// Package compose turns an ordered list of resources into the desired state of a composition. It decides what is desired
// now, what has to wait, and what is ready. It knows nothing of AWS.
package compose

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"
)

// A Resource is one composed resource of an architecture.
type Resource struct {
	// Name identifies the resource within the composition. A name is never reused and never changed: Crossplane deletes
	// what it no longer finds under its name.
	Name resource.Name

	// Needs are the facts that must be known before the resource is made, and all that Build can read.
	Needs []Fact

	// Build returns the resource as it should be. It is pure: no I/O, no clock, no randomness. It is called only when all
	// needed facts are known.
	Build func(Facts) client.Object

	// After are the resources that take over from this one as it was. Until all of them are ready, one that exists stays as it is, so
	// that an upgrade leaves no moment in which nobody does the work. One that the architecture does not have is not waited for.
	After []resource.Name

	// Retired says that no pipeline gets the resource any more. One that has it loses it once After are ready. It is not built.
	Retired bool

	// Deferred says that the pipeline does not get the resource yet. Nothing waits for it, and one that exists stays.
	Deferred bool

	// Ready decides whether the observed resource is ready, beyond its Ready condition. Nil asks for no more.
	Ready ReadyRule

	// CreateOnce says that to create the resource twice would make two of it. If its provider was killed while it created
	// it, a person must look. The provider goes on with all others: they are known by a name that is ours, or are parts of something that is.
	CreateOnce bool
}

// Object builds the resource. The error names a fact that Build reads and the resource does not need.
func (r Resource) Object(known Known) (client.Object, error) {
	f := known.Only(r.Needs)
	o := r.Build(f)
	if !r.CreateOnce {
		createAgain(o)
	}
	return o, f.err()
}

// A ReadyRule says whether an observed resource, whose Ready condition is true, is ready for use.
type ReadyRule func(Observed) bool
