package logic

import (
	"fmt"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Names of the metadata in S3 that says how the pipeline's run goes and what is live. S3 keeps such names in lower case. All values are
// text, and what is not known is left out.
const (
	MetaExecution  = "execution"
	MetaCommit     = "commit"
	MetaState      = "state"
	MetaStage      = "stage"
	MetaAction     = "action"
	MetaReason     = "reason"
	MetaStarted    = "started"
	MetaWaiting    = "waiting"
	MetaEnded      = "ended"
	MetaDeployment = "deployment"
	MetaObserved   = "observed"

	MetaLiveVersion    = "live-version"
	MetaLiveCommit     = "live-commit"
	MetaLiveDeployment = "live-deployment"
	MetaLiveSince      = "live-since"
)

// maxReason and maxCommit are how many characters are kept of these texts, which others write: S3 takes 2 KB of metadata in all.
const (
	maxReason = 200
	maxCommit = 64
)

// Run is the pipeline's execution that people are shown, in the answer of ListPipelineExecutions: the newest of those that are under way, or
// else the newest. An object without members: there is none.
const Run asl.Expr = "($runs := $states.result.PipelineExecutionSummaries^(>StartTime); " +
	"[$runs[Status in ['InProgress', 'Stopping']], $runs, {}][0])"

// Told is what the $run and its actions, in the answer of ListActionExecutions, say as metadata: all but its deployment. A promoted run's
// source is an object in S3, whose summary ends with the commit: see the release's offer.
func Told(source string, promoted bool) asl.Expr {
	revision := "$run.SourceRevisions[ActionName = " + asl.Quote(source) + "]"
	commit := Text(revision + ".RevisionId")
	if promoted {
		commit = Text("$match(" + Text(revision+".RevisionSummary") + ", /from commit ([^ ]+)$/).groups")
	}
	return "($actions := [$states.result.ActionExecutionDetails^(>StartTime)]; " +
		"$approval := [$actions[Status = 'InProgress' and Input.ActionTypeId.Category = 'Approval']][0]; " +
		"$waits := $run.Status = 'InProgress' and $exists($approval); " +
		"$wanted := $run.Status = 'Failed' ? 'Failed' : 'InProgress'; " +
		"$at := [$approval, $actions[Status = $wanted], $actions][0]; " +
		"$result := $run.Status = 'Failed' ? $at.Output.ExecutionResult : {}; " +
		"$reasons := [$run.StopTrigger.Reason, $result.ExternalExecutionSummary, $result.ErrorDetails.Message, $run.StatusSummary]; " +
		known(
			MetaExecution, "$run.PipelineExecutionId",
			MetaCommit, plain(commit, maxCommit),
			MetaState, "$waits ? 'WaitingForApproval' : $run.Status",
			MetaStage, Text("$at.StageName"),
			MetaAction, "$run.Status = 'Succeeded' ? '' : "+Text("$at.ActionName"),
			MetaReason, "$run.Status in ['InProgress', 'Succeeded'] ? '' : "+plain(Text("$reasons[$ != '']"), maxReason),
			MetaStarted, Text("$run.StartTime"),
			MetaWaiting, "$waits ? $approval.StartTime : ''",
			MetaEnded, "$run.Status in ['InProgress', 'Stopping'] ? '' : "+Text("$run.LastUpdateTime"),
		) + ")"
}

// BegunAction is when the run began an action last, in the answer of ListActionExecutions. It is empty if it has not.
func BegunAction(name string) asl.Expr {
	return Text("($states.result.ActionExecutionDetails[ActionName = " + asl.Quote(name) + "]^(>StartTime)).StartTime")
}

// ServingKeys are those of the history's items that say what is live: one that the release keeps, and those of the deployments of the group
// that were the last to be tried and to succeed.
func ServingKeys(name, live string) asl.Expr {
	return asl.Expr(fmt.Sprintf("[$map($distinct(['%s', $succeededLast, $attemptedLast][$ != '']), function($id) { {'%s': {'S': $id}} })]", live, name))
}

// Progress is what is $told of the run, and beside it the run's deployment and what is live, in DynamoDB's answer to BatchGetItem. The
// last deployment is the run's if the release has recorded it so, or if it rolls one back that it began after $shiftBegan, when the run
// began to shift traffic: a group has one deployment at a time. A deployment has made the $liveVersion live only if the history says so.
func Progress(table, live string) asl.Expr {
	return "($items := [$lookup($states.result.Responses, " + asl.Quote(table) + ")]; " +
		"$by := $items[deploymentId.S = $succeededLast and toVersion.S = $liveVersion]; " +
		"$undone := $items[deploymentId.S = $attemptedLast and $shiftBegan != '' and $substring(startedAt.S, 0, 19) >= $substring($shiftBegan, 0, 19)]; " +
		"$commits := [$by.commitId.S, $items[deploymentId.S = " + asl.Quote(live) + " and version.S = $liveVersion].commitId.S]; " +
		"$deployments := [$items[pipelineExecutionId.S = $told.execution].deploymentId.S, $undone.rollbackOf.S]; " +
		"$merge([$told, " + known(
		MetaDeployment, Text("$deployments[$ != '']"),
		MetaLiveVersion, "$liveVersion",
		MetaLiveCommit, plain(Text("$commits[$ != '']"), maxCommit),
		MetaLiveDeployment, Text("$by.deploymentId.S"),
		MetaLiveSince, "$exists($by) ? $succeededAt : ''",
	) + "]))"
}

// IsBehind holds if CodePipeline's lists do not say yet what the event has said: that a run has begun a stage, or that it has ended.
const IsBehind asl.Expr = "($event := $states.context.Execution.Input.detail; $same := $event.`execution-id` = $told.execution; " +
	"$event.state = 'STARTED' and $exists($event.pipeline) and $not($same) or " +
	"$event.state in ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED'] and $not($exists($event.stage)) and $same and $not($exists($told.ended)))"

// known are the members of an object, by names and values in turn, whose value is not empty.
func known(pairs ...asl.Expr) asl.Expr {
	var members []asl.Expr
	for pair := range slices.Chunk(pairs, 2) {
		members = append(members, asl.Quote(string(pair[0]))+": "+pair[1])
	}
	return "$sift({" + asl.Join(members, ", ") + "}, function($value) { $value != '' })"
}

// plain text is what S3 takes as metadata: printable ASCII, and no more characters than the most.
func plain(text asl.Expr, most int) asl.Expr {
	return asl.Expr(fmt.Sprintf("$substring($trim($replace(%s, /[^ -~]+/, ' ')), 0, %d)", text, most))
}
