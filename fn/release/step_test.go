package release

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// A flow is what a step reads of others, and what it leaves for others.
type flow struct {
	Needs, Gives []string
}

// TestStepsKeepToThemselves looks for a step that goes on with a state of another step that it does not name among its exits, and for
// exits that it does not take.
func TestStepsKeepToThemselves(t *testing.T) {
	taken, said := map[string][]string{}, map[string][]string{}
	forEachBranch(func(_ string, b branch) {
		for _, s := range b.steps {
			if s.states == nil {
				continue
			}
			m := asl.StateMachine{States: map[string]asl.State{}}
			for _, state := range s.states(next) {
				m.States[state.name] = state.state
			}
			for _, state := range definitionOf(t, m).States {
				for _, target := range state.targets() {
					if _, own := m.States[target]; !own && target != next {
						taken[s.name] = union(taken[s.name], []string{target})
					}
				}
			}
			said[s.name] = union(said[s.name], s.exits)
		}
	})
	for name := range said {
		if diff := cmp.Diff(taken[name], said[name]); diff != "" {
			t.Errorf("%s: -where it goes on, beside its successor, +its exits:\n%s", name, diff)
		}
	}
}

// next is where steps go on in these tests.
const next = "next"

// flowOf a step, by its states, and not by what it says of itself.
func flowOf(t *testing.T, s step) flow {
	t.Helper()
	return flowTo(t, s, next)
}

// flowTo a state with which a step goes on.
func flowTo(t *testing.T, s step, exit string) flow {
	t.Helper()
	states := map[string]any{}
	list := s.states(next)
	for _, state := range list {
		states[state.name] = state.state
	}
	j, err := json.Marshal(states)
	if err != nil {
		t.Fatalf("%s: cannot marshal states: %v", s.name, err)
	}
	needs, gives, err := interpreter.Flow(j, list[0].name, exit)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return flow{Needs: needs, Gives: gives}
}

// TestSteps checks that each step finds the variables that it needs, whatever the claim asks for: a step that stands too early
// fails here. And that each says truly what it needs and gives: over all variants, neither more nor less than its states use and set.
func TestSteps(t *testing.T) {
	said, seen := map[string]flow{}, map[string]flow{}
	forEachBranch(func(name string, b branch) {
		given := slices.Clone(b.given)
		for _, s := range b.steps {
			if s.states == nil {
				continue
			}
			f := flowOf(t, s)
			for _, v := range f.Needs {
				if !slices.Contains(given, v) {
					t.Errorf("%s: step %s needs $%s, and no step before it gives that", name, s.name, v)
				}
			}
			// What a step sets for itself is not for others.
			for _, v := range f.Gives {
				if slices.Contains(s.gives, v) {
					given = append(given, v)
				}
			}
			said[s.name] = flow{Needs: union(said[s.name].Needs, s.needs), Gives: union(said[s.name].Gives, s.gives)}
			seen[s.name] = flow{Needs: union(seen[s.name].Needs, f.Needs), Gives: union(seen[s.name].Gives, f.Gives)}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(said)) {
		if diff := cmp.Diff(seen[name].Needs, said[name].Needs); diff != "" {
			t.Errorf("%s: -what its states read, +what it says that it needs:\n%s", name, diff)
		}
		for _, v := range said[name].Gives {
			if !slices.Contains(seen[name].Gives, v) {
				t.Errorf("%s: says that it gives $%s, and does not", name, v)
			}
		}
	}
}

// TestBranchesAreGivenWhatTheySay checks that a branch which another one leads to finds the variables that it says it is given: each step
// that goes on with it has them by then.
func TestBranchesAreGivenWhatTheySay(t *testing.T) {
	checked := 0
	for variant, change := range variants {
		for name, machine := range machines {
			branches := machine(newTestConfig(change)).branches
			given := map[string][]string{}
			for _, b := range branches {
				if b.given != nil {
					given[b.states()[0].name] = b.given
				}
			}
			for _, b := range branches {
				before := slices.Clone(b.given)
				for _, s := range b.steps {
					if s.states == nil {
						continue
					}
					for _, exit := range s.exits {
						wanted, isBranch := given[exit]
						if !isBranch {
							continue
						}
						checked++
						for _, v := range wanted {
							if set := flowTo(t, s, exit).Gives; !slices.Contains(before, v) && !slices.Contains(set, v) {
								t.Errorf("%s of %s: step %s goes on with %s, which is given $%s, and does not set it", name, variant, s.name, exit, v)
							}
						}
					}
					before = append(before, flowOf(t, s).Gives...)
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no step goes on with another branch")
	}
}

// forEachBranch calls f with each branch of each state machine of each variant.
func forEachBranch(f func(name string, b branch)) {
	for variant, change := range variants {
		for name, machine := range machines {
			for _, b := range machine(newTestConfig(change)).branches {
				f(name+" of "+variant, b)
			}
		}
	}
}

// union of two sorted lists.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
