package release

import (
	"maps"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// States in which an execution starts or that several branches share.
const (
	stateRoute        = "Route"
	stateUnknownInput = "UnknownInput"
)

// Variables that several branches set.
const (
	// varDeployment is the deployment that an execution is about.
	varDeployment = "deploymentId"

	// varPolls is how often it was looked at.
	varPolls = "polls"

	// varVerdict is what speaks against the candidate.
	varVerdict = "verdict"
)

// Definition is the state machine of a release. What started it decides which of its branches it takes: the pipeline's smoke
// test, its overtaking of an older release, its traffic shift, a rollback that a person asks for, an event that CodeDeploy
// sent, or a look whether settings wait for a release.
func (c Config) Definition() asl.StateMachine {
	return asl.StateMachine{
		Comment:        "Tries out, shifts and records releases of " + c.BlueFunction + ".",
		QueryLanguage:  asl.JSONata,
		StartAt:        stateRoute,
		TimeoutSeconds: 60 * (readyMinutes + c.shiftLimitMinutes() + c.bakeLimitMinutes() + marginMinutes),
		States: merge(c.routeStates(), c.smokeStates(), c.overtakeStates(), c.shiftStates(), c.rollbackStates(),
			c.configurationStates(), c.promotionStates(), c.recordStates()),
	}
}

// merge groups of states. Their names differ: see TestStatesHaveNamesOfTheirOwn.
func merge(groups ...map[string]asl.State) map[string]asl.State {
	states := map[string]asl.State{}
	for _, g := range groups {
		maps.Copy(states, g)
	}
	return states
}

// routeStates choose the branch.
func (c Config) routeStates() map[string]asl.State {
	rules := []asl.Rule{
		{
			Condition: asked(actionSmoke) + isText("version"),
			Next:      stateBeginSmoke,
		},
		{
			Condition: asked(actionShift) + isText("targetVersion") + isText(attributeExecution) + isText(c.shiftOf()),
			Next:      stateReadAlias,
		},
		{
			Condition: asked(actionRollback) + isText("requestedBy") + isText("reason"),
			Next:      stateReadLive,
		},
		{
			Condition: "$states.input.source = " + asl.Quote(EventSource) + isText("detail.deploymentId"),
			Next:      stateLookUpDeployment,
		},
	}
	return map[string]asl.State{
		stateRoute: asl.Choice{
			Comment: "What started this execution?",
			Choices: append(append(rules, c.overtakeRoute(), c.configurationRoute()), c.promotionRoutes()...),
			Default: stateUnknownInput,
		},
		stateUnknownInput: asl.Fail{
			Error: asl.Quote("UnknownInput"),
			Cause: asl.Quote("The input is neither a smoke test with a version, nor an overtaking with pipelineExecutionId, nor a shift with targetVersion, pipelineExecutionId and " + c.shiftOf() + ", nor a rollback with requestedBy and reason, nor a look at the configuration, nor an event from CodeDeploy."),
		},
	}
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

// integration is the ARN by which a task calls an operation of an AWS service.
func (c Config) integration(operation string) string {
	return "arn:" + c.Partition + ":states:::" + operation
}

// retryAlways repeats a call that may be made twice, for up to four minutes.
func retryAlways() []asl.Retrier {
	return []asl.Retrier{backoff(asl.ErrAll)}
}

// retryUnless repeats a call after any error but the one that would come again.
func retryUnless(final string) []asl.Retrier {
	return append([]asl.Retrier{{ErrorEquals: []string{final}, MaxAttempts: new(0)}}, retryAlways()...)
}

// retryShortly repeats a call some seconds long, where production waits for what comes next.
func retryShortly() []asl.Retrier {
	r := backoff(asl.ErrAll)
	r.MaxAttempts = new(2)
	return []asl.Retrier{r}
}

func backoff(errors ...string) asl.Retrier {
	return asl.Retrier{
		ErrorEquals:     errors,
		IntervalSeconds: 2,
		BackoffRate:     2,
		MaxDelaySeconds: 60,
		MaxAttempts:     new(8),
		JitterStrategy:  "FULL",
	}
}

// catchAll goes on elsewhere after any error that retrying did not help.
func catchAll(next string) []asl.Catcher {
	return []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Next: next}}
}

// catchFailure does the same, and keeps the error in $failure, for a later state.
func catchFailure(next string) []asl.Catcher {
	return []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Assign: asl.Variables{"failure": asl.Expr("$states.errorOutput")}, Next: next}}
}

// done ends the execution well and says what it came to.
func done(result string) asl.Succeed {
	return asl.Succeed{Output: map[string]string{"result": result}}
}

// failWith ends the execution with the error that was caught, and says what it was about.
func failWith(what string) asl.Fail {
	return asl.Fail{
		Error: "$states.input.Error",
		Cause: asl.Quote(what+": ") + " & $states.input.Cause",
	}
}
