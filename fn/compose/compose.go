package compose

import (
	"fmt"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/crossplane/function-sdk-go/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/provider"
)

// A State is what an architecture comes to, given what is known and what exists.
type State struct {
	// Desired are the resources to ask for now.
	Desired map[resource.Name]*fnv1.Resource

	// Waiting are the resources that cannot be asked for yet, in the architecture's order.
	Waiting []Waiting

	// Deferred are the resources that do not exist and are not to be made yet, in the architecture's order. Nothing waits for them.
	Deferred []resource.Name

	// Unready are the desired resources that are not ready, in the architecture's order.
	Unready []resource.Name

	// Failing are the desired resources that their provider cannot bring about, in the architecture's order. One that was
	// ready before an update failed is failing and ready.
	Failing []Failing
}

// A Failing resource is one whose provider reports an error.
type Failing struct {
	Name    resource.Name
	Message string
}

// A Waiting resource does not exist yet and needs a fact that is not known yet.
type Waiting struct {
	Name resource.Name
	For  Fact
}

// A LostError says that a resource exists and needs a fact that is no longer known.
type LostError struct {
	Name resource.Name
	Fact Fact
}

func (e *LostError) Error() string {
	return fmt.Sprintf("cannot compose %q, which exists, without %s: nothing is changed until that is known again", e.Name, e.Fact.Text)
}

// Total is how many resources the architecture has now, those that wait included and those that are deferred not.
func (s State) Total() int {
	return len(s.Desired) + len(s.Waiting)
}

// Ready is how many of the desired resources are ready.
func (s State) Ready() int {
	return len(s.Desired) - len(s.Unready)
}

// AllReady reports whether nothing waits and everything is ready.
func (s State) AllReady() bool {
	return len(s.Waiting)+len(s.Unready) == 0
}

// A Form turns what an architecture builds, in place, into the kind of object that is asked for. Nil: it is asked for as it is built.
type Form func(*structpb.Struct)

// Compose the supplied architecture, in the supplied form. A resource whose facts are not all known waits, but only while it does not exist.
// Once it is observed it must stay desired, because Crossplane deletes an observed resource that is not desired. So a
// fact that is lost is a *LostError: then nothing changes, until the fact is back. Any other error is a bug.
//
// What a dry run has looked for and not found does not exist, though the API server has an object of it. Such an object may
// go: its provider may not delete anything.
func Compose(architecture []Resource, form Form, known Known, observed map[string]*fnv1.Resource) (State, error) {
	s := State{Desired: make(map[resource.Name]*fnv1.Resource, len(architecture))}
	ready := readyOf(architecture, observed)
	for _, r := range architecture {
		existing, exists := observed[string(r.Name)]
		seen, held := Observe(existing), exists && r.isHeld(ready)
		if r.Retired && !held {
			continue
		}
		if r.Deferred && (!exists || seen.NotFound()) {
			s.Deferred = append(s.Deferred, r.Name)
			continue
		}
		if fact, missing := known.Missing(r.Needs); missing {
			if exists && !seen.NotFound() {
				return State{}, &LostError{Name: r.Name, Fact: fact}
			}
			s.Waiting = append(s.Waiting, Waiting{Name: r.Name, For: fact})
			continue
		}
		synced := seen.Condition("Synced")
		object, err := r.desired(form, known, seen, held)
		if err != nil {
			return State{}, err
		}
		if !ready[r.Name] {
			s.Unready = append(s.Unready, r.Name)
		}
		if message, fails := failure(synced); fails {
			s.Failing = append(s.Failing, Failing{Name: r.Name, Message: message})
		}
		s.Desired[r.Name] = &fnv1.Resource{Resource: object, Ready: readiness(ready[r.Name])}
	}
	return s, nil
}

// desired is the resource as it is asked for: as it is built, unless it stays as it is for now.
func (r Resource) desired(form Form, known Known, seen Observed, held bool) (*structpb.Struct, error) {
	if r.Retired {
		return keepRetired(seen), nil
	}
	built, err := r.Object(known)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot build composed resource %q", r.Name)
	}
	object, err := toStruct(built)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot convert composed resource %q", r.Name)
	}
	if form != nil {
		form(object)
	}
	if held {
		object = keep(object, seen)
	}
	return object, nil
}

func (r Resource) isReady(o Observed) bool {
	return o.Condition("Ready").Status == "True" && (r.Ready == nil || r.Ready(o))
}

// Unresolved reports whether the resource refers to one that is not there yet.
func (o Observed) Unresolved() bool {
	synced := o.Condition("Synced")
	return synced.Status == "False" && provider.Unresolved(synced.Message)
}

// failure is the error that the resource's provider reports, if any. That a dry run finds nothing is none.
func failure(synced Condition) (message string, fails bool) {
	return synced.Message, synced.Status == "False" && !provider.Unresolved(synced.Message) && !isNotFound(synced)
}

func readiness(ready bool) fnv1.Ready {
	if ready {
		return fnv1.Ready_READY_TRUE
	}
	return fnv1.Ready_READY_FALSE
}
