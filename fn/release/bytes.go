package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateReadTestedRunIsKnown    = "ReadTestedRun.IsKnown"
	stateReadTestedRunRead       = "ReadTestedRun.Read"
	stateReadTestedRunCannotRead = "ReadTestedRun.CannotRead"
)

const (
	// BuildArtifact is what the pipeline calls the code that it has built.
	BuildArtifact = "build_output"

	// GreenAction is the pipeline's action that gives green the code that is tested.
	GreenAction = "Deploy_Green_Lambda"
)

// Variables of the artifact that a run of the pipeline has built.
const (
	varArtifactKey     = "artifactKey"
	varArtifactVersion = "artifactVersion"
)

// Arguments of the calls, as AWS's APIs name them. See
// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html and
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html.
type (
	listActionsArguments struct {
		PipelineName string       `json:"PipelineName"`
		Filter       actionFilter `json:"Filter"`
		MaxResults   int          `json:"MaxResults"`
	}

	actionFilter struct {
		PipelineExecutionID asl.Expr `json:"PipelineExecutionId"`
	}

	listObjectVersionsArguments struct {
		Bucket  string   `json:"Bucket"`
		Prefix  asl.Expr `json:"Prefix"`
		MaxKeys int      `json:"MaxKeys"`
	}
)

// listActions of the run of the pipeline that an execution is about, the latest first.
func (c Config) listActions(comment string, assign asl.Variables, onError, next string) asl.Task {
	return asl.Task{
		Comment:  comment,
		Resource: c.integration("aws-sdk:codepipeline:listActionExecutions"),
		Arguments: listActionsArguments{
			PipelineName: c.Pipeline,
			Filter:       actionFilter{PipelineExecutionID: "$pipelineExecutionId"},
			MaxResults:   100,
		},
		Retry:  retryAlways(),
		Catch:  catchAll(onError),
		Assign: assign,
		Next:   next,
	}
}

// readTestedRun reads, before the smoke test, what the run has built. A pipeline that an earlier release of this package has made does
// not say which run it is: then only the shift, which cannot do without, checks what was built.
func (c Config) readTestedRun() step {
	exits := []string{stateSmokeTestInvokeGreen}
	return step{name: "ReadTestedRun", needs: []string{attributeExecution}, gives: []string{varArtifactKey}, exits: exits, states: func(next string) []named {
		return []named{
			{stateReadTestedRunIsKnown, asl.Choice{
				Choices: []asl.Rule{{Condition: "$pipelineExecutionId != ''", Next: stateReadTestedRunRead}},
				Default: stateSmokeTestInvokeGreen,
			}},
			{stateReadTestedRunRead, c.listActions("What has this run of the pipeline built?", asl.Variables{
				varArtifactKey: logic.BuiltKey(BuildArtifact),
			}, stateReadTestedRunCannotRead, next)},
			{stateReadTestedRunCannotRead, failWith("CodePipeline does not say what this run has built")},
		}
	}}
}

// checkBuilt checks that what the run has built was written once. Then the deploy actions have given green and blue the same bytes, at
// whatever time they read the artifact: nothing else was ever there. Versions tell, as no role of the pipeline's may delete one. It is
// checked before the smoke test and before the shift, by a step of its own.
func (c Config) checkBuilt(name string) step {
	state := func(of string) string { return name + "." + of }
	return step{name: name, needs: []string{varArtifactKey}, gives: []string{varArtifactVersion}, states: func(next string) []named {
		return []named{
			{state("ReadVersions"), asl.Task{
				Comment:  "Has somebody replaced what was built?",
				Resource: c.integration("aws-sdk:s3:listObjectVersions"),
				// Keys come in order, and the artifact's is the first that begins with it.
				Arguments: listObjectVersionsArguments{Bucket: c.ArtifactBucket, Prefix: "$artifactKey", MaxKeys: 2},
				Retry:     retryAlways(),
				Catch:     catchAll(state("CannotRead")),
				Assign:    asl.Variables{varArtifactVersion: logic.OnlyVersion("$artifactKey")},
				Next:      state("IsWrittenOnce"),
			}},
			{state("IsWrittenOnce"), asl.Choice{
				Choices: []asl.Rule{{Condition: "$artifactVersion != ''", Next: next}},
				Default: state("Replaced"),
			}},
			{state("Replaced"), asl.Fail{
				Error: asl.Quote("ArtifactReplaced"),
				Cause: asl.Quote("The build output ") + " & $artifactKey & " + asl.Quote(" in "+c.ArtifactBucket+
					" has not exactly one version, so this may not be what was built. It does not go live. Start the pipeline to build it again."),
			}},
			{state("CannotRead"), failWith("it could not be seen whether the build output has been replaced")},
		}
	}}
}

// artifactAttributes of a history item: what was released.
func (c Config) artifactAttributes() []historyAttribute {
	if c.isPromoted() {
		return c.promotionAttributes()
	}
	return []historyAttribute{
		{Name: varArtifactKey, Type: "S", Value: "$artifactKey"},
		{Name: varArtifactVersion, Type: "S", Value: "$artifactVersion"},
	}
}
