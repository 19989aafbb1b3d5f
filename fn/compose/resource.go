// Package compose turns an ordered list of resources into the desired state of a composition. It decides what is desired
// now, what has to wait, and what is ready. It knows nothing of AWS.
package compose

import (
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"
)

// A Fact is something that only the outside world can tell, such as an id it allocates. Its text completes the sentence
// "this resource waits for".
type Fact string

// Facts are the facts known so far. A fact that is not known is absent.
type Facts map[Fact]string

// Missing returns the first of the supplied facts that is not known, if any.
func (f Facts) Missing(needs []Fact) (Fact, bool) {
	for _, n := range needs {
		if f[n] == "" {
			return n, true
		}
	}
	return "", false
}

// A Resource is one composed resource of an architecture.
type Resource struct {
	// Name identifies the resource within the composition. A name is never reused and never changed: Crossplane deletes
	// what it no longer finds under its name.
	Name resource.Name

	// Needs are the facts that Build reads.
	Needs []Fact

	// Build returns the resource as it should be. It is pure: no I/O, no clock, no randomness. It is called only when all
	// needed facts are known.
	Build func(Facts) client.Object

	// Ready decides whether the observed resource is ready, beyond its Ready condition. Nil asks for no more.
	Ready ReadyRule
}

// A ReadyRule says whether an observed resource, whose Ready condition is true, is ready for use.
type ReadyRule func(Observed) bool
