package logic

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Stage of the pipeline, in the answer of GetPipelineState. That has the latest execution in each stage.
func Stage(name string) asl.Expr {
	return "$states.result.StageStates[StageName = " + asl.Quote(name) + "]"
}

// StageOf is the same, if the supplied execution of the pipeline is the latest in the stage. Else it is no value.
func StageOf(name string, execution asl.Expr) asl.Expr {
	return "$states.result.StageStates[StageName = " + asl.Quote(name) + " and LatestExecution.PipelineExecutionId = " + execution + "]"
}

// Action of a stage: its latest run, which an earlier execution of the pipeline may have made.
func Action(stage asl.Expr, name string) asl.Expr {
	return stage + ".ActionStates[ActionName = " + asl.Quote(name) + "].LatestExecution"
}

// HasStartedThis holds for a run of an action that has started this execution of the state machine and waits for it. CodePipeline names
// the executions that it starts by the ids of its runs: see
// https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-StepFunctions.html. Step Functions gives a name twice within
// 90 days to nobody. After that somebody may use the name of a run, but that run has ended. What CodePipeline says that it has started, the
// run's external execution, is as good a witness.
func HasStartedThis(action asl.Expr) asl.Expr {
	return "$exists(" + action + "[(ActionExecutionId = $states.context.Execution.Name or ExternalExecutionId = $states.context.Execution.Id) and Status = 'InProgress'])"
}

// HasSucceeded holds for a run of an action.
func HasSucceeded(action asl.Expr) asl.Expr {
	return "$exists(" + action + "[Status = 'Succeeded'])"
}

// OutputOf is an output variable of an action's latest run that has succeeded, in the answer of ListActionExecutions. It is empty if there is
// none. An action may have run several times: after "Retry stage" only the last run counts, as for the pipeline's own variables.
func OutputOf(action, variable string) asl.Expr {
	return Text("($states.result.ActionExecutionDetails[ActionName = " + asl.Quote(action) + " and Status = 'Succeeded']^(>StartTime))[0].Output.OutputVariables." +
		asl.Expr(variable))
}
