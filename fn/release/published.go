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

// checkPublished lets traffic shift only to the version that this execution of the pipeline has published, of what it was started for. The
// input says so too, but whoever may start the state machine writes that: an approval is for what the pipeline has published, and no input
// may say that this is the commit which passes alarms, windows and freezes. Without an answer a release fails, as in checkPipeline.
func (c Config) checkPublished() step {
	published := c.publishedVariables()
	tells := asl.Variables{varPublishedLooks: asl.Expr("$publishedLooks + 1")}
	maps.Copy(tells, published)
	known := c.isPublishedKnown()
	return step{
		name:  "CheckPublished",
		needs: []string{attributeExecution, "targetVersion", c.shiftOf(), varPublishedLooks},
		gives: slices.Sorted(maps.Keys(published)),
		states: func(next string) []named {
			return []named{
				{stateCheckPublishedRead, c.listActions("What has this run of the pipeline built, tested and published?", tells,
					stateCheckPublishedCannotRead, stateCheckPublishedIsSame)},
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

// publishedVariables are which version the pipeline's execution has published, and of what: a commit, or a version of the artifact. And which
// version of green it has tested, and what it has built.
func (c Config) publishedVariables() asl.Variables {
	published := asl.Variables{
		"publishedVersion": logic.OutputOf(c.PublishAction, "FunctionVersion"),
		"publishedOf":      logic.OutputOf(c.SourceAction, "CommitId"),
		"authoredAt":       logic.OutputOf(c.SourceAction, "AuthorDate"),
		"greenVersion":     logic.OutputOf(GreenAction, "FunctionVersion"),
		varArtifactKey:     logic.BuiltKey(BuildArtifact),
	}
	if c.isPromoted() {
		published["publishedOf"] = logic.OutputOf(c.SourceAction, "VersionId")
		// The artifact that it takes knows both.
		delete(published, "authoredAt")
		delete(published, varArtifactKey)
	}
	return published
}

// isPublishedKnown says whether all of them are known that a release needs.
func (c Config) isPublishedKnown() asl.Expr {
	const known asl.Expr = "$publishedVersion != '' and $publishedOf != '' and $greenVersion != ''"
	if c.isPromoted() {
		return known
	}
	return known + " and $artifactKey != ''"
}

// notPublished ends a release that is not of what the pipeline's execution has published.
func (c Config) notPublished() asl.Fail {
	of := asl.Expr(c.shiftOf())
	return asl.Fail{
		Error: asl.Quote("NotPublishedByPipeline"),
		Cause: asl.Quote("Execution ") + " & $pipelineExecutionId & " + asl.Quote(" of "+c.Pipeline+" has published ") +
			" & ($publishedVersion != '' ? 'version ' & $publishedVersion : 'no version') & ($publishedOf != '' ? ' of ' & $publishedOf : '') & " +
			asl.Quote(", and has tested ") + " & ($greenVersion != '' ? 'version ' & $greenVersion : 'no version') & " + asl.Quote(" of "+c.GreenFunction) +
			" & '. This release is of version ' & $targetVersion & ' of ' & $" + of + " & '. To release, start the pipeline.'",
	}
}
