package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateOvertakeReadPipeline   = "Overtake.ReadPipeline"
	stateOvertakeIsOlderWaiting = "Overtake.IsOlderWaiting"
	stateOvertakeStopOlder      = "Overtake.StopOlder"
	stateOvertakeStopped        = "Overtake.Stopped"
	stateOvertakeCannotStop     = "Overtake.CannotStop"

	stateNothingToOvertake = "NothingToOvertake"
)

// stopPipelineArguments are those of CodePipeline's StopPipelineExecution.
// See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StopPipelineExecution.html
type stopPipelineArguments struct {
	PipelineName        string   `json:"PipelineName"`
	PipelineExecutionID asl.Expr `json:"PipelineExecutionId"`
	Abandon             bool     `json:"Abandon"`
	Reason              asl.Expr `json:"Reason"`
}

// stopWaiting stops an older release that waits for its approval. A stage has one execution at a time, and CodePipeline lets a newer
// one overtake only those that wait before a stage: one that is in it and waits for a person would hold up the fix behind it until
// somebody answers. Nothing else is stopped: what shifts traffic goes on. Nothing here fails the newer release, which would wait as
// it does without.
func (c Config) stopWaiting() step {
	stage := logic.Stage(c.SwitchStage.Name)
	waits := logic.Action(stage, c.SwitchStage.Approve) + ".Status = 'InProgress'"
	return step{name: "Overtake", states: func(next string) []named {
		return []named{
			{stateOvertakeReadPipeline, c.readPipeline("Does an older release wait for its approval?", asl.Variables{
				"waiting": waits + " ? " + stage + ".LatestExecution.PipelineExecutionId : ''",
				"newer":   asl.Expr("$states.input.pipelineExecutionId"),
			}, stateOvertakeCannotStop, stateOvertakeIsOlderWaiting)},
			{stateOvertakeIsOlderWaiting, asl.Choice{
				Choices: []asl.Rule{{Condition: "$waiting != '' and $waiting != $newer", Next: stateOvertakeStopOlder}},
				Default: next,
			}},
			{stateOvertakeStopOlder, asl.Task{
				Resource: c.integration("aws-sdk:codepipeline:stopPipelineExecution"),
				Arguments: stopPipelineArguments{
					PipelineName:        c.Pipeline,
					PipelineExecutionID: "$waiting",
					// Else CodePipeline would wait for the approval.
					Abandon: true,
					Reason:  "'Overtaken by execution ' & $newer",
				},
				Retry: append([]asl.Retrier{{ErrorEquals: []string{errStoppedBefore}, MaxAttempts: new(0)}},
					retryUnless("CodePipeline.PipelineExecutionNotStoppableException")...),
				Catch: append([]asl.Catcher{{ErrorEquals: []string{errStoppedBefore}, Next: stateOvertakeStopped}}, catchAll(stateOvertakeCannotStop)...),
				Next:  stateOvertakeStopped,
			}},
			{stateOvertakeStopped, asl.Succeed{Output: map[string]asl.Expr{"overtaken": "$waiting"}}},
			{stateOvertakeCannotStop, asl.Succeed{Output: map[string]asl.Expr{"result": "'nothing was overtaken: ' & $states.input.Cause"}}},
		}
	}}
}

func (c Config) nothingToOvertake() step {
	return step{name: "NothingToOvertake", states: func(string) []named {
		return []named{{stateNothingToOvertake, done("no release waits for its approval")}}
	}}
}

// errStoppedBefore is how CodePipeline says that an execution is being stopped already: by a request whose answer was lost.
const errStoppedBefore = "CodePipeline.DuplicatedStopRequestException"
