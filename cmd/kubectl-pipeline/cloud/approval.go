package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// An Approval is one that a run waits for.
type Approval struct {
	RunID  string
	stage  string
	action Action
}

// Waiting returns the approval that the pipeline waits for. False: it waits for none.
func Waiting(stages []Stage) (Approval, bool) {
	for _, s := range stages {
		for _, a := range s.Actions {
			// Only approvals have tokens.
			if a.Token != "" && a.Status == string(types.ActionExecutionStatusInProgress) {
				return Approval{RunID: s.RunID, stage: s.Name, action: a}, true
			}
		}
	}
	return Approval{}, false
}

// Answer an approval. CodePipeline refuses it if somebody has answered before.
func (c *Cloud) Answer(ctx context.Context, a Approval, approved bool, comment string) error {
	status, verb := types.ApprovalStatusApproved, "approve"
	if !approved {
		status, verb = types.ApprovalStatusRejected, "reject"
	}
	_, err := c.pipeline.PutApprovalResult(ctx, &codepipeline.PutApprovalResultInput{
		PipelineName: aws.String(c.Names.Pipeline),
		StageName:    aws.String(a.stage),
		ActionName:   aws.String(a.action.Name),
		Token:        aws.String(a.action.Token),
		Result:       &types.ApprovalResult{Status: status, Summary: aws.String(comment)},
	})
	if err != nil {
		return failed(err, "%s run %s of %s", verb, a.RunID, c.Names.Pipeline)
	}
	return nil
}
