package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCheckApprovalRead        = "CheckApproval.Read"
	stateCheckApprovalIsApproved  = "CheckApproval.IsApproved"
	stateCheckApprovalNotApproved = "CheckApproval.NotApproved"
	stateCheckApprovalUnknown     = "CheckApproval.Unknown"
)

// pipelineArguments are those of CodePipeline's GetPipelineState.
// See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
type pipelineArguments struct {
	Name string `json:"Name"`
}

// asksPeople says whether a person is asked before traffic shifts.
func (c Config) asksPeople() bool {
	return c.Approval != Approval{}
}

// checkApproval finds out who has let the release through, and what they said. Who starts a shift past the pipeline has nobody's
// approval. A release that a person has approved does not fail because AWS does not tell.
func (c Config) checkApproval() step {
	approval := c.approvalOf("$pipelineExecutionId")
	return step{
		name:  "CheckApproval",
		needs: []string{attributeExecution},
		gives: []string{"approvedBy", "approvalComment"},
		states: func(next string) []named {
			return []named{
				{stateCheckApprovalRead, c.readPipeline("Who has approved this release?", asl.Variables{
					"isApproved":      "$exists(" + approval + ") and " + approval + ".Status = 'Succeeded'",
					"approvedBy":      logic.Text(approval + ".LastUpdatedBy"),
					"approvalComment": logic.Text(approval + ".Summary"),
				}, stateCheckApprovalUnknown, stateCheckApprovalIsApproved)},
				{stateCheckApprovalIsApproved, asl.Choice{
					Choices: []asl.Rule{{Condition: "$isApproved", Next: next}},
					Default: stateCheckApprovalNotApproved,
				}},
				{stateCheckApprovalNotApproved, asl.Fail{
					Error: asl.Quote("NotApproved"),
					Cause: asl.Quote(c.Pipeline+" has no approval in "+c.Approval.Stage+" of execution ") + " & $pipelineExecutionId",
				}},
				{stateCheckApprovalUnknown, asl.Pass{
					Assign: asl.Variables{"approvedBy": "", "approvalComment": ""},
					Next:   next,
				}},
			}
		},
	}
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

// approvalOf an execution of the pipeline, in the answer of GetPipelineState, which tells of the latest execution in each stage.
func (c Config) approvalOf(execution asl.Expr) asl.Expr {
	return c.approvalIn(c.approvalStage(" and LatestExecution.PipelineExecutionId = " + execution))
}

// approvalStage in that answer, if the supplied condition holds for it too.
func (c Config) approvalStage(and asl.Expr) asl.Expr {
	return "$states.result.StageStates[StageName = " + asl.Quote(c.Approval.Stage) + and + "]"
}

// approvalIn the stage.
func (c Config) approvalIn(stage asl.Expr) asl.Expr {
	return stage + ".ActionStates[ActionName = " + asl.Quote(c.Approval.Action) + "].LatestExecution"
}

// approvalAttributes are who has approved the release.
func (c Config) approvalAttributes() []historyAttribute {
	if !c.asksPeople() {
		return nil
	}
	return []historyAttribute{
		{Name: "approvedBy", Type: "S", Value: "$approvedBy"},
		{Name: "approvalComment", Type: "S", Value: "$approvalComment"},
	}
}
