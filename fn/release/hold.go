package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCheckRollbackReadLast          = "CheckRollback.ReadLast"
	stateCheckRollbackIsThereOne        = "CheckRollback.IsThereOne"
	stateCheckRollbackReadRuns          = "CheckRollback.ReadRuns"
	stateCheckRollbackIsOlder           = "CheckRollback.IsOlder"
	stateCheckRollbackCannotRead        = "CheckRollback.CannotRead"
	stateCheckRollbackOlderThanRollback = "CheckRollback.OlderThanRollback"
)

// recentRuns are how many of the pipeline's executions are looked through for the one that releases. One that is older than so
// many has been overtaken.
const recentRuns = 50

// listRunsArguments are those of CodePipeline's ListPipelineExecutions.
// See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html
type listRunsArguments struct {
	PipelineName string `json:"PipelineName"`
	MaxResults   int    `json:"MaxResults"`
}

// checkRollback keeps a release from undoing a rollback that a person has asked for: what was taken back, and whatever a run of the
// pipeline has that began before, knows nothing of it. It may go live if the claim names its commit and says why.
func (c Config) checkRollback() step {
	return step{
		name:  "CheckRollback",
		needs: []string{"targetVersion", attributeExecution, attributeCommit, "overruled"},
		gives: []string{"heldFor"},
		states: func(next string) []named {
			return []named{
				{stateCheckRollbackReadLast, c.lookUp("Has somebody asked for a rollback?", itemRollback, asl.Variables{
					"heldAt":     logic.HeldAt,
					"heldCommit": logic.HeldCommit,
					"heldFor":    logic.HeldFor,
				}, stateCheckRollbackCannotRead, stateCheckRollbackIsThereOne)},
				{stateCheckRollbackIsThereOne, asl.Choice{
					Choices: []asl.Rule{{Condition: "$heldAt != '' and $not($overruled)", Next: stateCheckRollbackReadRuns}},
					Default: next,
				}},
				{stateCheckRollbackReadRuns, c.readRuns()},
				{stateCheckRollbackIsOlder, asl.Choice{
					Choices: []asl.Rule{{Condition: logic.IsHeld, Next: stateCheckRollbackOlderThanRollback}},
					Default: next,
				}},
				{stateCheckRollbackCannotRead, failWith("it could not be seen whether somebody has rolled back")},
				{stateCheckRollbackOlderThanRollback, asl.Fail{
					Error: asl.Quote("OlderThanRollback"),
					Cause: "'Version ' & $targetVersion & ' is of ' & (" + logic.IsHeldCommit + " ? 'the commit of which ' : 'a run that began before ') & $heldFor & '. Release another one, or name its commit in rollout.bypassAlarmsForCommit, and say why in rollout.bypassReason.'",
				}},
			}
		},
	}
}

// readRuns finds out when the release's run of the pipeline began.
func (c Config) readRuns() asl.Task {
	return asl.Task{
		Comment:   "Did this run of the pipeline begin before that?",
		Resource:  c.integration("aws-sdk:codepipeline:listPipelineExecutions"),
		Arguments: listRunsArguments{PipelineName: c.Pipeline, MaxResults: recentRuns},
		Retry:     retryAlways(),
		Catch:     catchAll(stateCheckRollbackCannotRead),
		Assign: asl.Variables{
			// What is not among them began before.
			"begunAt": logic.BegunAt,
		},
		Next: stateCheckRollbackIsOlder,
	}
}
