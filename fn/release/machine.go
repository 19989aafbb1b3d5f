package release

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateRouteChooseBranch = "Route.ChooseBranch"
	stateRouteUnknownInput = "Route.UnknownInput"
)

// Definition is the state machine of a release. What started it decides which of its branches it takes.
func (c Config) Definition() asl.StateMachine {
	branches := c.branches()
	return asl.StateMachine{
		Comment:        "Tries out, shifts and records releases of " + c.BlueFunction + ".",
		QueryLanguage:  asl.JSONata,
		StartAt:        stateRouteChooseBranch,
		TimeoutSeconds: 60 * (readyMinutes + c.shiftLimitMinutes() + c.bakeLimitMinutes() + marginMinutes),
		States:         statesOf(append(branches, branch{steps: sequence{c.route(branches)}})),
	}
}

// branches of the state machine: the pipeline's smoke test, its traffic shift, a rollback that a person asks for, an event that
// CodeDeploy sent, the pipeline's overtaking of an older release, a look whether settings wait for a release, and one at what another
// pipeline offers.
func (c Config) branches() []branch {
	return slices.Concat([]branch{
		{input: asked(actionSmoke) + isText("version"), steps: c.smokeTest()},
		{input: asked(actionShift) + isText("targetVersion") + isText(attributeExecution) + isText(c.shiftOf()), steps: c.shift()},
		{input: asked(actionRollback) + isText("requestedBy") + isText("reason"), steps: c.rollback()},
		{input: "$states.input.source = " + asl.Quote(EventSource) + isText("detail.deploymentId"), steps: c.record()},
		{input: asked(actionOvertake) + isText(attributeExecution), steps: c.overtake()},
		{input: asked(actionConfiguration), steps: c.releaseSettings()},
	}, c.judgeBranches(), c.promotionBranches())
}

// route chooses the branch.
func (c Config) route(branches []branch) step {
	return step{name: "Route", states: func(string) []named {
		choice := asl.Choice{Comment: "What started this execution?", Default: stateRouteUnknownInput}
		for _, b := range branches {
			if b.input != "" {
				choice.Choices = append(choice.Choices, asl.Rule{Condition: b.input, Next: b.states()[0].name})
			}
		}
		return []named{
			{stateRouteChooseBranch, choice},
			{stateRouteUnknownInput, asl.Fail{
				Error: asl.Quote("UnknownInput"),
				Cause: asl.Quote("The input is neither a smoke test with a version, nor an overtaking with pipelineExecutionId, nor a shift with targetVersion, pipelineExecutionId and " + c.shiftOf() + ", nor a rollback with requestedBy and reason, nor a look at the configuration, nor an event from CodeDeploy."),
			}},
		}
	}}
}

// shiftOf is the member of a shift's input that says what it is of.
func (c Config) shiftOf() string {
	if c.isPromoted() {
		return "artifactVersion"
	}
	return attributeCommit
}

// asked holds when the pipeline asked for the supplied action.
func asked(action string) asl.Expr {
	return "$states.input.action = " + asl.Quote(action)
}

// isText adds the condition that a member of the input is text.
func isText(member string) asl.Expr {
	return asl.Expr(" and $type($states.input." + member + ") = 'string'")
}
