package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateRouteChooseBranch = "Route.ChooseBranch"
	stateRouteUnknownInput = "Route.UnknownInput"
)

// A machine is one state machine. The input of an execution decides which of its branches the execution takes.
type machine struct {
	comment string

	// minutes after which Step Functions ends an execution.
	minutes int

	branches []branch

	// unknown says what the input should be, to whoever starts an execution that no branch takes.
	unknown string
}

func (m machine) definition() asl.StateMachine {
	return asl.StateMachine{
		Comment:        m.comment,
		QueryLanguage:  asl.JSONata,
		StartAt:        stateRouteChooseBranch,
		TimeoutSeconds: 60 * m.minutes,
		States:         statesOf(append(m.branches, branch{steps: sequence{m.route()}})),
	}
}

// route chooses the branch.
func (m machine) route() step {
	return step{name: "Route", states: func(string) []named {
		choice := asl.Choice{Comment: "What started this execution?", Default: stateRouteUnknownInput}
		for _, b := range m.branches {
			if b.input != "" {
				choice.Choices = append(choice.Choices, asl.Rule{Condition: b.input, Next: b.states()[0].name})
			}
		}
		return []named{
			{stateRouteChooseBranch, choice},
			{stateRouteUnknownInput, asl.Fail{Error: asl.Quote("UnknownInput"), Cause: asl.Quote(m.unknown)}},
		}
	}}
}

// asked holds for an input with the supplied action and, as texts, the supplied members.
func asked(action string, members ...string) asl.Expr {
	condition := "$states.input.action = " + asl.Quote(action)
	for _, m := range members {
		condition += " and " + isText(m)
	}
	return condition
}

// isText holds if a member of the input is text.
func isText(member string) asl.Expr {
	return asl.Expr("$type($states.input." + member + ") = 'string'")
}
