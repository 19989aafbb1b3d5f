package release

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateProgressBegin       = "Progress.Begin"
	stateProgressListRuns    = "Progress.ListRuns"
	stateProgressIsAnyThere  = "Progress.IsAnyThere"
	stateProgressListActions = "Progress.ListActions"
	stateProgressReadAlias   = "Progress.ReadAlias"
	stateProgressReadGroup   = "Progress.ReadGroup"
	stateProgressReadHistory = "Progress.ReadHistory"
	stateProgressIsNew       = "Progress.IsNew"
	stateProgressWrite       = "Progress.Write"
	stateProgressWait        = "Progress.Wait"
	stateProgressNone        = "Progress.None"
	stateProgressShown       = "Progress.Shown"
	stateProgressNotShown    = "Progress.NotShown"
)

// ProgressKey is the key in the artifact bucket of an object whose metadata says how the pipeline's last run goes, and what is live. Its names
// are those of logic.
const ProgressKey = "status/release"

// PipelineSource is how CodePipeline signs its events in EventBridge.
const PipelineSource = "aws.codepipeline"

// isPipelineEvent holds for an event of CodePipeline's.
const isPipelineEvent asl.Expr = "$states.input.source = '" + PipelineSource + "' and $type($states.input.detail.`execution-id`) = 'string'"

// errNoAlias is how Lambda says that there is no such alias.
const errNoAlias = "Lambda.ResourceNotFoundException"

const (
	// shownRuns are how many of the pipeline's executions are looked through for one that is under way.
	shownRuns = 10

	// maxProgressLooks of one execution.
	maxProgressLooks = 7
)

// Arguments of the calls, as AWS's APIs name them. See https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html and
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_GetDeploymentGroup.html.
type (
	putObjectArguments struct {
		Bucket   string   `json:"Bucket"`
		Key      string   `json:"Key"`
		Body     string   `json:"Body"`
		Metadata asl.Expr `json:"Metadata"`
	}

	groupArguments struct {
		ApplicationName     string `json:"ApplicationName"`
		DeploymentGroupName string `json:"DeploymentGroupName"`
	}
)

// showProgress writes down where people look how the pipeline's run goes, and what is live. An event says only that something changed: it may
// come late or twice, CodePipeline's lists may lag behind it, and another execution may write what it has read before. So an execution reads
// again after it has written, and writes again, until nothing has changed. Then what is written was true after the last event.
func (c Config) showProgress() step {
	return step{name: "Progress", states: func(string) []named {
		return append(c.readProgress(), []named{
			{stateProgressIsNew, asl.Choice{
				Choices: []asl.Rule{
					{Condition: asl.Expr(fmt.Sprintf("$looks >= %d", maxProgressLooks)), Next: stateProgressShown},
					{Condition: "$string($progress) != $written", Next: stateProgressWrite},
					{Condition: logic.IsBehind, Next: stateProgressWait},
				},
				Default: stateProgressShown,
			}},
			{stateProgressWrite, asl.Task{
				Resource: c.integration("aws-sdk:s3:putObject"),
				Arguments: putObjectArguments{
					Bucket: c.ArtifactBucket, Key: ProgressKey, Body: "The metadata of this object says how the pipeline's last run goes, and what is live.",
					Metadata: "$merge([$progress, {'" + logic.MetaObserved + "': $observedAt}])",
				},
				Retry:  retryAlways(),
				Catch:  catchAll(stateProgressNotShown),
				Assign: asl.Variables{"written": asl.Expr("$string($progress)")},
				Next:   stateProgressWait,
			}},
			{stateProgressWait, asl.Wait{Seconds: lookSeconds, Next: stateProgressListRuns}},
			{stateProgressNone, done("the pipeline has not run yet")},
			{stateProgressShown, done("the status has how the pipeline's run goes")},
			{stateProgressNotShown, failWith("the status of the last release could not be read or written. The next event or the daily look tries it again")},
		}...)
	}}
}

// readProgress reads what the status says.
func (c Config) readProgress() []named {
	return []named{
		{stateProgressBegin, asl.Pass{Assign: asl.Variables{"looks": 0, "written": ""}, Next: stateProgressListRuns}},
		{stateProgressListRuns, asl.Task{
			Comment:   "Which run is under way, or was the last?",
			Resource:  c.integration("aws-sdk:codepipeline:listPipelineExecutions"),
			Arguments: listRunsArguments{PipelineName: c.Pipeline, MaxResults: shownRuns},
			Retry:     retryUnless(errNoPipeline),
			Catch:     append([]asl.Catcher{{ErrorEquals: []string{errNoPipeline}, Next: stateProgressNone}}, catchAll(stateProgressNotShown)...),
			Assign: asl.Variables{
				"looks":            asl.Expr("$looks + 1"),
				"observedAt":       now,
				"run":              logic.Run,
				attributeExecution: logic.Text(logic.Run + ".PipelineExecutionId"),
			},
			Next: stateProgressIsAnyThere,
		}},
		{stateProgressIsAnyThere, asl.Choice{
			Choices: []asl.Rule{{Condition: "$pipelineExecutionId = ''", Next: stateProgressNone}},
			Default: stateProgressListActions,
		}},
		{stateProgressListActions, c.listActions("How does it go?", asl.Variables{
			"told":       logic.Told(c.SourceAction, c.isPromoted()),
			"shiftBegan": logic.BegunAction(c.SwitchStage.Shift),
		}, stateProgressNotShown, stateProgressReadAlias)},
		{stateProgressReadAlias, c.readLiveVersion()},
		{stateProgressReadGroup, asl.Task{
			Comment:   "Which deployment has made that live?",
			Resource:  c.integration("aws-sdk:codedeploy:getDeploymentGroup"),
			Arguments: groupArguments{ApplicationName: c.Application, DeploymentGroupName: c.DeploymentGroup},
			Retry:     retryAlways(),
			Catch:     catchAll(stateProgressNotShown),
			Assign: asl.Variables{
				"attemptedLast": logic.Text("$states.result.DeploymentGroupInfo.LastAttemptedDeployment.DeploymentId"),
				"succeededLast": logic.Text("$states.result.DeploymentGroupInfo.LastSuccessfulDeployment.DeploymentId"),
				"succeededAt":   logic.Text("$states.result.DeploymentGroupInfo.LastSuccessfulDeployment.EndTime"),
			},
			Next: stateProgressReadHistory,
		}},
		{stateProgressReadHistory, c.readDeployed()},
	}
}

// readLiveVersion reads what is live. Before the first version there is no alias.
func (c Config) readLiveVersion() asl.Task {
	none := asl.Catcher{ErrorEquals: []string{errNoAlias}, Assign: asl.Variables{"liveVersion": ""}, Next: stateProgressReadGroup}
	read := c.readAlias("What is live?", asl.Variables{"liveVersion": asl.Expr("$states.result.FunctionVersion")}, stateProgressNotShown, stateProgressReadGroup)
	read.Retry, read.Catch = retryUnless(errNoAlias), append([]asl.Catcher{none}, read.Catch...)
	return read
}

// readDeployed reads what the history says of what is live, and of the run's deployment.
func (c Config) readDeployed() asl.Task {
	return asl.Task{
		Comment:  "From which commit, and by which run?",
		Resource: c.integration("aws-sdk:dynamodb:batchGetItem"),
		Arguments: c.historyItems(logic.ServingKeys(HistoryKey, liveItem),
			"deploymentId, pipelineExecutionId, commitId, startedAt, toVersion, rollbackOf, #version", "version"),
		Retry:  retryAlways(),
		Catch:  catchAll(stateProgressNotShown),
		Assign: asl.Variables{"progress": logic.Progress(c.HistoryTable, liveItem)},
		Next:   stateProgressIsNew,
	}
}
