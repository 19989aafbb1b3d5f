package expressions

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// switchStage of the pipeline, in the name of the execution that releases.
func switchStage() asl.Expr {
	return logic.StageOf("Switch-Traffic", "$pipelineExecutionId")
}

// pipelineIsAt is the state of a pipeline whose last stage an execution is in, with runs of its actions.
func pipelineIsAt(execution, approve, shift string) string {
	return fmt.Sprintf(`{"context": {"Execution": {"Name": "run-2", "Id": "arn:run-2"}}, "result": {"StageStates": [`+
		`{"StageName": "Deploy-Blue", "LatestExecution": {"PipelineExecutionId": "e-2"}, "ActionStates": [{"ActionName": "Smoke", "LatestExecution": {"ActionExecutionId": "run-1", "Status": "Succeeded"}}]},`+
		` {"StageName": "Switch-Traffic", "LatestExecution": {"PipelineExecutionId": %q}, "ActionStates": [{"ActionName": "Approve"%s}, {"ActionName": "Shift"%s}]}]}}`,
		execution, approve, shift)
}

// run of an action, as it follows the action's name.
func run(id, status string) string {
	return fmt.Sprintf(`, "LatestExecution": {"ActionExecutionId": %q, "Status": %q, "LastUpdatedBy": "ada"}`, id, status)
}

const ofE2 = `{"pipelineExecutionId": "e-2"}`

func hasStartedThis() map[string]Case {
	approved := run("approval-2", "Succeeded")
	return of(logic.HasStartedThis(logic.Action(switchStage(), "Shift")), map[string]Case{
		"Started":      {Reason: "The action waits for the execution that has the name of its run.", States: pipelineIsAt("e-2", approved, run("run-2", "InProgress")), Variables: ofE2, Want: `true`},
		"StartedAs":    {Reason: "Or for the one that it says it has started, whatever its name.", States: pipelineIsAt("e-2", approved, `, "LatestExecution": {"ActionExecutionId": "run-3", "ExternalExecutionId": "arn:run-2", "Status": "InProgress"}`), Variables: ofE2, Want: `true`},
		"StartedOther": {Reason: "It says that it has started another one.", States: pipelineIsAt("e-2", approved, `, "LatestExecution": {"ActionExecutionId": "run-3", "ExternalExecutionId": "arn:run-3", "Status": "InProgress"}`), Variables: ofE2, Want: `false`},
		"OtherName":    {Reason: "It waits for another execution of the state machine.", States: pipelineIsAt("e-2", approved, run("run-3", "InProgress")), Variables: ofE2, Want: `false`},
		"OtherAction":  {Reason: "Another action has started this one.", States: pipelineIsAt("e-2", run("run-2", "InProgress"), run("run-3", "InProgress")), Variables: ofE2, Want: `false`},
		"HasEnded":     {Reason: "The name of a run that has ended proves nothing: after 90 days it is free.", States: pipelineIsAt("e-2", approved, run("run-2", "Succeeded")), Variables: ofE2, Want: `false`},
		"Abandoned":    {Reason: "Somebody has stopped the pipeline's execution.", States: pipelineIsAt("e-2", approved, run("run-2", "Abandoned")), Variables: ofE2, Want: `false`},
		"OtherRelease": {Reason: "Another execution of the pipeline is in the stage.", States: pipelineIsAt("e-1", approved, run("run-2", "InProgress")), Variables: ofE2, Want: `false`},
		"NotYet":       {Reason: "The action has never run.", States: pipelineIsAt("e-2", approved, ""), Variables: ofE2, Want: `false`},
		"NoId":         {Reason: "CodePipeline tells no id.", States: pipelineIsAt("e-2", approved, `, "LatestExecution": {"Status": "InProgress"}`), Variables: ofE2, Want: `false`},
		"NoStage":      {Reason: "The pipeline has no such stage.", States: `{"context": {"Execution": {"Name": "run-2"}}, "result": {"StageStates": []}}`, Variables: ofE2, Want: `false`},
		"NoExecution":  {Reason: "No execution has been in the stage.", States: `{"context": {"Execution": {"Name": "run-2"}}, "result": {"StageStates": [{"StageName": "Switch-Traffic", "ActionStates": [{"ActionName": "Shift"}]}]}}`, Variables: ofE2, Want: `false`},
	})
}

func hasSucceeded() map[string]Case {
	shift := run("run-2", "InProgress")
	return of(logic.HasSucceeded(logic.Action(switchStage(), "Approve")), map[string]Case{
		"Approved":     {Reason: "A person has approved.", States: pipelineIsAt("e-2", run("a", "Succeeded"), shift), Variables: ofE2, Want: `true`},
		"Refused":      {Reason: "A person has refused, or nobody has answered in time.", States: pipelineIsAt("e-2", run("a", "Failed"), shift), Variables: ofE2, Want: `false`},
		"Waits":        {Reason: "Nobody has answered.", States: pipelineIsAt("e-2", run("a", "InProgress"), shift), Variables: ofE2, Want: `false`},
		"NotAsked":     {Reason: "Nobody was asked.", States: pipelineIsAt("e-2", "", shift), Variables: ofE2, Want: `false`},
		"OtherRelease": {Reason: "The approval is of another execution.", States: pipelineIsAt("e-1", run("a", "Succeeded"), shift), Variables: ofE2, Want: `false`},
	})
}

func approver() map[string]Case {
	return of(logic.Text(logic.Action(switchStage(), "Approve")+".LastUpdatedBy"), map[string]Case{
		"Known":   {Reason: "It is said who has approved.", States: pipelineIsAt("e-2", run("a", "Succeeded"), ""), Variables: ofE2, Want: `"ada"`},
		"Unknown": {Reason: "It is not said.", States: pipelineIsAt("e-2", `, "LatestExecution": {"Status": "Succeeded"}`, ""), Variables: ofE2, Want: `""`},
	})
}

func waiting() map[string]Case {
	return of(logic.Text(logic.Stage("Switch-Traffic")+".LatestExecution.PipelineExecutionId"), map[string]Case{
		"Any":  {Reason: "Whatever execution is in the stage.", States: pipelineIsAt("e-1", run("a", "InProgress"), ""), Want: `"e-1"`},
		"None": {Reason: "No execution has been in the stage.", States: `{"result": {"StageStates": [{"StageName": "Switch-Traffic", "ActionStates": []}]}}`, Want: `""`},
	})
}
