package release

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCheckPipelineRead        = "CheckPipeline.Read"
	stateCheckPipelineIsReleased  = "CheckPipeline.IsReleased"
	stateCheckPipelineWait        = "CheckPipeline.Wait"
	stateCheckPipelineNotStarted  = "CheckPipeline.NotStarted"
	stateCheckPipelineNotApproved = "CheckPipeline.NotApproved"
	stateCheckPipelineCannotRead  = "CheckPipeline.CannotRead"
)

const (
	// lookSeconds between two looks at the pipeline.
	lookSeconds = 10

	// lateSeconds that CodePipeline may take to show what it has done. It says nothing of a delay, and not that there is none.
	lateSeconds = 60
)

// varPipelineLooks is how often the pipeline was looked at.
const varPipelineLooks = "pipelineLooks"

// pipelineArguments are those of CodePipeline's GetPipelineState.
// See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
type pipelineArguments struct {
	Name string `json:"Name"`
}

// checkPipeline lets traffic shift only if the pipeline has started this execution, and a person has approved it if the claim asks for
// that. Without an answer from CodePipeline a release fails. If it went on, somebody could start one past the pipeline and keep CodePipeline
// from answering: AWS throttles the calls of an account, and a flood of them needs no right to release. A release that is approved loses
// little: a person retries the stage, which asks for no second approval.
func (c Config) checkPipeline() step {
	stage := logic.StageOf(c.SwitchStage.Name, "$pipelineExecutionId")
	approval := c.approvalVariables(stage)
	tells := asl.Variables{
		"isStarted":      logic.HasStartedThis(logic.Action(stage, c.SwitchStage.Shift)),
		varPipelineLooks: asl.Expr("$pipelineLooks + 1"),
	}
	maps.Copy(tells, approval)
	return step{
		name:  "CheckPipeline",
		needs: []string{attributeExecution, varPipelineLooks},
		gives: slices.Sorted(maps.Keys(approval)),
		states: func(next string) []named {
			return append([]named{
				{stateCheckPipelineRead, c.readPipeline("Has the pipeline started this release?", tells, stateCheckPipelineCannotRead, stateCheckPipelineIsReleased)},
				{stateCheckPipelineIsReleased, asl.Choice{Choices: c.isReleased(next), Default: stateCheckPipelineNotStarted}},
				{stateCheckPipelineWait, asl.Wait{Seconds: lookSeconds, Next: stateCheckPipelineRead}},
				{stateCheckPipelineNotStarted, asl.Fail{
					Error: asl.Quote("NotStartedByPipeline"),
					Cause: asl.Quote(c.Pipeline+" has not started this execution by "+c.SwitchStage.Shift+" of its execution ") +
						" & $pipelineExecutionId & " + asl.Quote(", or that was stopped. To release, start the pipeline. If it did start this, choose \"Retry stage\"."),
				}},
				{stateCheckPipelineCannotRead, failWith("no traffic has shifted, as CodePipeline does not say whether it has started this release. Choose \"Retry stage\" when it does")},
			}, c.notApproved()...)
		},
	}
}

// isReleased says where a release goes on, by what the pipeline tells. What does not show yet is looked for again.
func (c Config) isReleased(next string) []asl.Rule {
	again := asl.Rule{Condition: asl.Expr(fmt.Sprintf("$pipelineLooks <= %d", lateSeconds/lookSeconds)), Next: stateCheckPipelineWait}
	if !c.asksPeople() {
		return []asl.Rule{{Condition: "$isStarted", Next: next}, again}
	}
	return []asl.Rule{
		{Condition: "$isStarted and $isApproved", Next: next},
		again,
		{Condition: "$isStarted", Next: stateCheckPipelineNotApproved},
	}
}

// notApproved ends a release that needs an approval and has none.
func (c Config) notApproved() []named {
	if !c.asksPeople() {
		return nil
	}
	return []named{{stateCheckPipelineNotApproved, asl.Fail{
		Error: asl.Quote("NotApproved"),
		Cause: asl.Quote(c.Pipeline+" has no approval in "+c.SwitchStage.Name+" of execution ") +
			" & $pipelineExecutionId & " + asl.Quote(". If somebody has approved it, choose \"Retry stage\"."),
	}}}
}

// readPipeline asks which execution of the pipeline is in which stage, and how its actions do.
func (c Config) readPipeline(comment string, assign asl.Variables, onError, next string) asl.Task {
	return asl.Task{
		Comment:   comment,
		Resource:  c.integration("aws-sdk:codepipeline:getPipelineState"),
		Arguments: pipelineArguments{Name: c.Pipeline},
		Retry:     retryAlways(),
		Catch:     catchAll(onError),
		Assign:    assign,
		Next:      next,
	}
}
