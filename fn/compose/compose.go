package compose

import (
	"github.com/crossplane/function-sdk-go/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
)

// A State is what an architecture comes to, given what is known and what exists.
type State struct {
	// Desired are the resources to ask for now.
	Desired map[resource.Name]*fnv1.Resource

	// Waiting are the resources that cannot be asked for yet, in the architecture's order.
	Waiting []Waiting

	// Ready is how many of the desired resources are ready.
	Ready int
}

// A Waiting resource does not exist yet and needs a fact that is not known yet.
type Waiting struct {
	Name resource.Name
	For  Fact
}

// Total is how many resources the architecture has, those that wait included.
func (s State) Total() int {
	return len(s.Desired) + len(s.Waiting)
}

// AllReady reports whether nothing waits and everything is ready.
func (s State) AllReady() bool {
	return len(s.Waiting) == 0 && s.Ready == len(s.Desired)
}

// Compose the supplied architecture. A resource whose facts are not all known waits, but only while it does not exist.
// Once it is observed it must stay desired, because Crossplane deletes an observed resource that is not desired. So a
// fact that is lost is an error: then nothing changes, until the fact is back.
func Compose(architecture []Resource, facts Facts, observed map[string]*fnv1.Resource) (State, error) {
	s := State{Desired: make(map[resource.Name]*fnv1.Resource, len(architecture))}
	for _, r := range architecture {
		existing, exists := observed[string(r.Name)]
		if fact, missing := facts.Missing(r.Needs); missing {
			if exists {
				return State{}, errors.Errorf("cannot compose %q, which exists, without %s: nothing is changed until that is known again", r.Name, fact)
			}
			s.Waiting = append(s.Waiting, Waiting{Name: r.Name, For: fact})
			continue
		}
		object, err := toStruct(r.Build(facts))
		if err != nil {
			return State{}, errors.Wrapf(err, "cannot convert composed resource %q", r.Name)
		}
		ready := exists && r.isReady(Observe(existing))
		if ready {
			s.Ready++
		}
		s.Desired[r.Name] = &fnv1.Resource{Resource: object, Ready: readiness(ready)}
	}
	return s, nil
}

func (r Resource) isReady(o Observed) bool {
	return o.ReadyCondition() && (r.Ready == nil || r.Ready(o))
}

func readiness(ready bool) fnv1.Ready {
	if ready {
		return fnv1.Ready_READY_TRUE
	}
	return fnv1.Ready_READY_FALSE
}
