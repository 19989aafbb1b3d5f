package release

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// A named state of a state machine.
type named struct {
	name  string
	state asl.State
}

// A step is one part of what an execution does: a few states that belong together. It is a function of its successor, so it knows
// nothing of the steps around it but the variables that it reads and leaves.
type step struct {
	// name of the step.
	name string

	// needs are the variables that the step reads and does not set itself.
	needs []string

	// gives are the variables that are set whenever the step goes on with its successor, for steps behind it.
	gives []string

	// exits are states of other branches or steps that it may go on with, beside its successor.
	exits []string

	// states of the step. It begins with the first, and goes on with next. Nil: the step is absent.
	states func(next string) []named
}

// A sequence is a list of steps that an execution takes in order. Absent steps are left out.
type sequence []step

// states of the sequence. Each step goes on with the one behind it, and the last one with next.
func (s sequence) states(next string) []named {
	var all []named
	for _, st := range slices.Backward(s) {
		if st.states == nil {
			continue
		}
		all = append(st.states(next), all...)
		next = all[0].name
	}
	return all
}

// when returns the step if the condition holds, and an absent step otherwise.
func when(condition bool, s step) step {
	if !condition {
		return step{}
	}
	return s
}

// A branch is a sequence that some executions of a state machine take.
type branch struct {
	// input is the condition on the input of an execution that takes the branch from its start. Empty: another branch leads to it.
	input asl.Expr

	steps sequence

	// given are the variables that are set when another branch leads to this one.
	given []string

	// next is the state of another branch that the last step goes on with. Empty: the last step ends the execution.
	next string
}

func (b branch) states() []named {
	return b.steps.states(b.next)
}

// statesOf branches, by name. No two branches have a state of the same name: TestStatesHaveNamesOfTheirOwn.
func statesOf(branches []branch) map[string]asl.State {
	states := map[string]asl.State{}
	for _, b := range branches {
		for _, s := range b.states() {
			states[s.name] = s.state
		}
	}
	return states
}
