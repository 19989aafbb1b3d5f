package release

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCheckPublishedRead       = "CheckPublished.Read"
	stateCheckPublishedIsSame     = "CheckPublished.IsSame"
	stateCheckPublishedWait       = "CheckPublished.Wait"
	stateCheckPublishedDiffers    = "CheckPublished.Differs"
	stateCheckPublishedCannotRead = "CheckPublished.CannotRead"
)

// varPublishedLooks is how often the actions of the pipeline's execution were looked at.
const varPublishedLooks = "publishedLooks"

// Arguments of CodePipeline's ListActionExecutions.
// See https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html
type (
	listActionsArguments struct {
		PipelineName string       `json:"PipelineName"`
		Filter       actionFilter `json:"Filter"`
		MaxResults   int          `json:"MaxResults"`
	}

	actionFilter struct {
		PipelineExecutionID asl.Expr `json:"PipelineExecutionId"`
	}
)

// actionsOfRun are those of the pipeline's execution that releases.
func (c Config) actionsOfRun() listActionsArguments {
	return listActionsArguments{
		PipelineName: c.Pipeline,
		Filter:       actionFilter{PipelineExecutionID: "$pipelineExecutionId"},
		MaxResults:   100,
	}
}

// checkPublished lets traffic shift only to the version that this execution of the pipeline has published, of what it was started for. The
// input says so too, but whoever may start the state machine writes that: an approval is for what the pipeline has published, and no input
// may say that this is the commit which passes alarms, windows and freezes. Without an answer a release fails, as in checkPipeline.
func (c Config) checkPublished() step {
	published := c.publishedVariables()
	tells := asl.Variables{varPublishedLooks: asl.Expr("$publishedLooks + 1")}
	maps.Copy(tells, published)
	const known asl.Expr = "$publishedVersion != '' and $publishedOf != ''"
	return step{
		name:  "CheckPublished",
		needs: []string{attributeExecution, "targetVersion", c.shiftOf(), varPublishedLooks},
		gives: slices.Sorted(maps.Keys(published)),
		states: func(next string) []named {
			return []named{
				{stateCheckPublishedRead, asl.Task{
					Comment:   "What has this run of the pipeline published?",
					Resource:  c.integration("aws-sdk:codepipeline:listActionExecutions"),
					Arguments: c.actionsOfRun(),
					Retry:     retryAlways(),
					Catch:     catchAll(stateCheckPublishedCannotRead),
					Assign:    tells,
					Next:      stateCheckPublishedIsSame,
				}},
				{stateCheckPublishedIsSame, asl.Choice{
					Choices: []asl.Rule{
						{Condition: known + " and $publishedVersion = $targetVersion and $publishedOf = $" + asl.Expr(c.shiftOf()), Next: next},
						{Condition: "$not(" + known + ") and " + asl.Expr(fmt.Sprintf("$publishedLooks <= %d", lateSeconds/lookSeconds)), Next: stateCheckPublishedWait},
					},
					Default: stateCheckPublishedDiffers,
				}},
				{stateCheckPublishedWait, asl.Wait{Seconds: lookSeconds, Next: stateCheckPublishedRead}},
				{stateCheckPublishedDiffers, c.notPublished()},
				{stateCheckPublishedCannotRead, failWith("no traffic has shifted, as CodePipeline does not say what it has published. Choose \"Retry stage\" when it does")},
			}
		},
	}
}

// publishedVariables are which version the pipeline's execution has published, and of what: a commit, or a version of the artifact.
func (c Config) publishedVariables() asl.Variables {
	published := asl.Variables{
		"publishedVersion": logic.OutputOf(c.PublishAction, "FunctionVersion"),
		"publishedOf":      logic.OutputOf(c.SourceAction, "CommitId"),
		"authoredAt":       logic.OutputOf(c.SourceAction, "AuthorDate"),
	}
	if c.isPromoted() {
		published["publishedOf"] = logic.OutputOf(c.SourceAction, "VersionId")
		delete(published, "authoredAt") // The artifact knows it.
	}
	return published
}

// notPublished ends a release that is not of what the pipeline's execution has published.
func (c Config) notPublished() asl.Fail {
	of := asl.Expr(c.shiftOf())
	return asl.Fail{
		Error: asl.Quote("NotPublishedByPipeline"),
		Cause: asl.Quote("Execution ") + " & $pipelineExecutionId & " + asl.Quote(" of "+c.Pipeline+" has published ") +
			" & ($publishedVersion != '' ? 'version ' & $publishedVersion : 'no version') & ($publishedOf != '' ? ' of ' & $publishedOf : '')" +
			" & ', and this release is of version ' & $targetVersion & ' of ' & $" + of + " & '. To release, start the pipeline.'",
	}
}
