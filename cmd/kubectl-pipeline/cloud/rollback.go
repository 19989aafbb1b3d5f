package cloud

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// A RollbackRequest is the input of the rollback state machine.
type RollbackRequest struct {
	// RequestedBy is what the history says of who asked.
	RequestedBy string `json:"requestedBy"`
	Reason      string `json:"reason"`

	// TargetVersion to go back to. Empty: the one that was live before.
	TargetVersion string `json:"targetVersion,omitempty"`

	// BySteps shifts by the rollout's own steps instead of at once.
	BySteps bool `json:"bySteps,omitempty"`
}

// A Rollback is an execution of the rollback state machine.
type Rollback struct {
	ARN string `json:"executionArn"`

	// Status as Step Functions reports it: RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED.
	Status string `json:"status"`

	// Error and Cause of one that failed.
	Error string `json:"error,omitempty"`
	Cause string `json:"cause,omitempty"`

	StartedAt time.Time `json:"startedAt,omitzero"`
}

// HasEnded reports whether it will not go on.
func (r Rollback) HasEnded() bool { return r.Status != string(types.ExecutionStatusRunning) }

// HasSucceeded reports whether it has done what was asked for.
func (r Rollback) HasSucceeded() bool { return r.Status == string(types.ExecutionStatusSucceeded) }

// StartRollback asks for a rollback, and returns the ARN of the execution that does it.
func (c *Cloud) StartRollback(ctx context.Context, r RollbackRequest) (string, error) {
	input, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	out, err := c.machines.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(c.Names.RollbackMachine), Input: aws.String(string(input))})
	if err != nil {
		return "", failed(err, "start the rollback")
	}
	return aws.ToString(out.ExecutionArn), nil
}

// ReadRollback returns how a rollback goes.
func (c *Cloud) ReadRollback(ctx context.Context, arn string) (Rollback, error) {
	out, err := c.machines.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: aws.String(arn)})
	if err != nil {
		return Rollback{}, failed(err, "read the rollback %s", arn)
	}
	return Rollback{
		ARN:       arn,
		Status:    string(out.Status),
		Error:     aws.ToString(out.Error),
		Cause:     aws.ToString(out.Cause),
		StartedAt: aws.ToTime(out.StartDate),
	}, nil
}
