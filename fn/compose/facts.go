package compose

import (
	"slices"

	"github.com/crossplane/function-sdk-go/errors"
)

// A Fact is something that only the outside world can tell, such as an id that it allocates.
type Fact struct {
	// ID of the fact.
	ID string

	// Text says what the fact is. It completes the sentence "this resource waits for".
	Text string
}

// Known are the facts known so far. A fact that is not known is absent or empty.
type Known map[Fact]string

// Missing returns the first of the supplied facts that is not known, if any.
func (k Known) Missing(needs []Fact) (Fact, bool) {
	for _, n := range needs {
		if k[n] == "" {
			return n, true
		}
	}
	return Fact{}, false
}

// Only returns the facts that a resource needs.
func (k Known) Only(needs []Fact) Facts {
	return Facts{needs: needs, known: k, undeclared: new(string)}
}

// Facts are what one resource may read: the facts that it needs.
type Facts struct {
	needs []Fact
	known Known

	// undeclared is the id of a fact that was read and is not needed.
	undeclared *string
}

// Get returns a fact. One that the resource does not need reads as empty, and the resource is not composed.
func (f Facts) Get(fact Fact) string {
	if !slices.Contains(f.needs, fact) {
		*f.undeclared = fact.ID
		return ""
	}
	return f.known[fact]
}

func (f Facts) err() error {
	if *f.undeclared != "" {
		return errors.Errorf("it reads the fact %q and does not need it", *f.undeclared)
	}
	return nil
}
