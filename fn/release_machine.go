package main

import (
	"maps"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// States in which an execution starts or that several branches share.
const (
	stateRoute        = "Route"
	stateUnknownInput = "UnknownInput"
)

// What the pipeline asks the state machine to do.
const (
	releaseSmoke = "smoke"
	releaseShift = "shift"
)

// releaseDefinition is the state machine of a release. What started it decides which of its three branches it takes: the
// pipeline's smoke test, the pipeline's traffic shift, or an event that CodeDeploy sent.
func (p pipeline) releaseDefinition() asl.StateMachine {
	states := map[string]asl.State{
		stateRoute: asl.Choice{
			Comment: "What started this execution?",
			Choices: []asl.Rule{
				{
					Condition: asked(releaseSmoke) + isText("version"),
					Next:      stateInvokeGreen,
				},
				{
					Condition: asked(releaseShift) + isText("targetVersion") + isText("pipelineExecutionId") + isText("commitId"),
					Next:      stateReadAlias,
				},
				{
					Condition: "$states.input.source = " + asl.Quote(deployEventSource) + isText("detail.deploymentId"),
					Next:      stateLookUpDeployment,
				},
			},
			Default: stateUnknownInput,
		},
		stateUnknownInput: asl.Fail{
			Error: asl.Quote("UnknownInput"),
			Cause: asl.Quote("The input is neither a smoke test with a version, nor a shift with targetVersion, pipelineExecutionId and commitId, nor an event from CodeDeploy."),
		},
	}
	for _, branch := range []map[string]asl.State{p.smokeStates(), p.shiftStates(), p.recordStates()} {
		maps.Copy(states, branch)
	}
	return asl.StateMachine{
		Comment:        "Tries out, shifts and records releases of " + p.names.function(blue) + ".",
		QueryLanguage:  asl.JSONata,
		StartAt:        stateRoute,
		TimeoutSeconds: 60 * (p.shiftLimitMinutes() + marginMinutes),
		States:         states,
	}
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
func (p pipeline) integration(operation string) string {
	return "arn:" + p.partition() + ":states:::" + operation
}

// retryAlways repeats a call that may be made twice, for up to four minutes.
func retryAlways() []asl.Retrier {
	return []asl.Retrier{backoff(asl.ErrAll)}
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
