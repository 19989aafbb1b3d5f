package cloud

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
)

// A Run is one execution of the pipeline.
type Run struct {
	ID string `json:"id"`

	// Status as CodePipeline reports it: InProgress, Succeeded, Failed, Stopped, Superseded …
	Status string `json:"status"`

	// Commit that is released, and the first line of its message.
	Commit  string `json:"commit,omitempty"`
	Summary string `json:"summary,omitempty"`

	StartedAt time.Time `json:"startedAt,omitzero"`
	UpdatedAt time.Time `json:"updatedAt,omitzero"`
}

// A Stage of the pipeline, as its newest run left it.
type Stage struct {
	Name    string   `json:"name"`
	Status  string   `json:"status,omitempty"`
	RunID   string   `json:"runId,omitempty"`
	Actions []Action `json:"actions"`
}

// An Action of a stage.
type Action struct {
	Name    string    `json:"name"`
	Status  string    `json:"status,omitempty"`
	Summary string    `json:"summary,omitempty"`
	Error   string    `json:"error,omitempty"`
	URL     string    `json:"url,omitempty"`
	Since   time.Time `json:"since,omitzero"`

	// ExternalID is the id of the run of the build or of the state machine.
	ExternalID string `json:"externalId,omitempty"`

	// Token of an approval that is waited for. Who has it may answer.
	Token string `json:"-"`
}

// RecentRuns are how many runs are looked through for one that waits: those behind it wait too, or were superseded.
const RecentRuns = 20

// Runs of the pipeline, the newest first, at most RecentRuns.
func (c *Cloud) Runs(ctx context.Context) ([]Run, error) {
	out, err := c.pipeline.ListPipelineExecutions(ctx, &codepipeline.ListPipelineExecutionsInput{PipelineName: aws.String(c.Names.Pipeline), MaxResults: aws.Int32(RecentRuns)})
	if err != nil {
		return nil, failed(err, "list the runs of %s", c.Names.Pipeline)
	}
	runs := make([]Run, 0, len(out.PipelineExecutionSummaries))
	for _, e := range out.PipelineExecutionSummaries {
		r := Run{
			ID:        aws.ToString(e.PipelineExecutionId),
			Status:    string(e.Status),
			StartedAt: aws.ToTime(e.StartTime),
			UpdatedAt: aws.ToTime(e.LastUpdateTime),
		}
		if len(e.SourceRevisions) > 0 {
			r.Commit = aws.ToString(e.SourceRevisions[0].RevisionId)
			r.Summary = commitMessage(aws.ToString(e.SourceRevisions[0].RevisionSummary))
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// Stages of the pipeline.
func (c *Cloud) Stages(ctx context.Context) ([]Stage, error) {
	out, err := c.pipeline.GetPipelineState(ctx, &codepipeline.GetPipelineStateInput{Name: aws.String(c.Names.Pipeline)})
	if err != nil {
		return nil, failed(err, "read the state of %s", c.Names.Pipeline)
	}
	stages := make([]Stage, 0, len(out.StageStates))
	for _, s := range out.StageStates {
		stage := Stage{Name: aws.ToString(s.StageName)}
		if e := s.LatestExecution; e != nil {
			stage.Status, stage.RunID = string(e.Status), aws.ToString(e.PipelineExecutionId)
		}
		for _, a := range s.ActionStates {
			stage.Actions = append(stage.Actions, newAction(a))
		}
		stages = append(stages, stage)
	}
	return stages, nil
}

func newAction(a types.ActionState) Action {
	action := Action{Name: aws.ToString(a.ActionName)}
	e := a.LatestExecution
	if e == nil {
		return action
	}
	action.Status = string(e.Status)
	action.Summary = aws.ToString(e.Summary)
	action.Since = aws.ToTime(e.LastStatusChange)
	action.URL = aws.ToString(e.ExternalExecutionUrl)
	action.ExternalID = aws.ToString(e.ExternalExecutionId)
	action.Token = aws.ToString(e.Token)
	if e.ErrorDetails != nil {
		action.Error = aws.ToString(e.ErrorDetails.Message)
	}
	return action
}

// Retry the failed actions of a stage in the run that failed.
func (c *Cloud) Retry(ctx context.Context, s Stage) error {
	_, err := c.pipeline.RetryStageExecution(ctx, &codepipeline.RetryStageExecutionInput{
		PipelineName:        aws.String(c.Names.Pipeline),
		StageName:           aws.String(s.Name),
		PipelineExecutionId: aws.String(s.RunID),
		RetryMode:           types.StageRetryModeFailedActions,
	})
	if err != nil {
		return failed(err, "retry the stage %s of %s", s.Name, c.Names.Pipeline)
	}
	return nil
}
