package release

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateReadLiveReadAlias   = "ReadLive.ReadAlias"
	stateReadLiveIsTarget    = "ReadLive.IsTarget"
	stateReadLiveAlreadyLive = "ReadLive.AlreadyLive"
	stateReadLiveCannotRead  = "ReadLive.CannotRead"

	stateWriteAppSpec = "WriteAppSpec"

	stateFollowRecordStart    = "Follow.RecordStart"
	stateFollowWait           = "Follow.Wait"
	stateFollowReadDeployment = "Follow.ReadDeployment"
	stateFollowTookTooLong    = "Follow.TookTooLong"
	stateFollowCannotRead     = "Follow.CannotRead"
	stateFollowHasEnded       = "Follow.HasEnded"

	stateRecordEndWrite        = "RecordEnd.Write"
	stateRecordEndNotRecorded  = "RecordEnd.NotRecorded"
	stateRecordEndHasSucceeded = "RecordEnd.HasSucceeded"

	stateReleased = "Released"
)

// description marks the deployment of one execution, so that it is recognised when CodeDeploy's answer was lost.
const description asl.Expr = byExecution + "$states.context.Execution.Name"

// byExecution begins the description.
const byExecution asl.Expr = "'Release ' & "

// readLive reads what is live, and what the input asks for.
func (c Config) readLive() step {
	asked := c.pushedVariables()
	if c.isPromoted() {
		asked = c.promotedVariables()
	}
	maps.Copy(asked, asl.Variables{
		"currentVersion":   asl.Expr("$states.result.FunctionVersion"),
		"targetVersion":    asl.Expr("$states.input.targetVersion"),
		attributeExecution: asl.Expr("$states.input.pipelineExecutionId"),
		"commitBefore":     "",
		varPolls:           0,
		varReadyLooks:      0,
		varPipelineLooks:   0,
		varPublishedLooks:  0,
	})
	return step{name: "ReadLive", gives: slices.Sorted(maps.Keys(asked)), states: func(next string) []named {
		return []named{
			{stateReadLiveReadAlias, c.readAlias("Which version is live?", asked, stateReadLiveCannotRead, stateReadLiveIsTarget)},
			{stateReadLiveIsTarget, asl.Choice{
				Comment: "A release that runs again has nothing to do.",
				Choices: []asl.Rule{{Condition: "$currentVersion = $targetVersion", Next: stateReadLiveAlreadyLive}},
				Default: next,
			}},
			{stateReadLiveAlreadyLive, done("the version is live already")},
			{stateReadLiveCannotRead, c.noAlias()},
		}
	}}
}

// pushedVariables say which commit is released.
func (c Config) pushedVariables() asl.Variables {
	const commit asl.Expr = "$states.input.commitId"
	return asl.Variables{
		attributeCommit:   commit,
		"authoredAt":      logic.Text("$states.input.authoredAt"),
		attributeBypassed: c.ignoresAlarms(commit, "$states.result.FunctionVersion"),
		"overruled":       c.overrules(commit),
	}
}

// writeAppSpec says what the deployment is to do, and how it will be judged.
func (c Config) writeAppSpec() step {
	vars := asl.Variables{"appSpec": c.appSpec()}
	maps.Copy(vars, c.analysisVariables())
	return step{
		name:  "WriteAppSpec",
		needs: []string{"currentVersion", "targetVersion"},
		gives: slices.Sorted(maps.Keys(vars)),
		states: func(next string) []named {
			return []named{{stateWriteAppSpec, asl.Pass{Assign: vars, Next: next}}}
		},
	}
}

// readAlias asks what production is served by.
func (c Config) readAlias(comment string, assign asl.Variables, onError, next string) asl.Task {
	return asl.Task{
		Comment:   comment,
		Resource:  c.integration("aws-sdk:lambda:getAlias"),
		Arguments: aliasArguments{FunctionName: c.BlueFunction, Name: c.Alias},
		Retry:     retryAlways(),
		Catch:     catchAll(onError),
		Assign:    assign,
		Next:      next,
	}
}

// noAlias ends an execution that does not know what serves production.
func (c Config) noAlias() asl.Fail {
	return failWith("the alias " + c.Alias + " could not be read")
}

// ended holds for a deployment that nothing more will come of.
const ended asl.Expr = "$deployment.Status in ['Succeeded', 'Failed', 'Stopped']"

// pollsReach a number of looks at a deployment.
func pollsReach(most int) asl.Expr {
	return asl.Expr(fmt.Sprintf("$polls >= %d", most))
}

// lookAtDeployment reads how the deployment goes, and counts the look.
func (c Config) lookAtDeployment(onError []asl.Catcher, next string) asl.Task {
	return asl.Task{
		Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
		Arguments: deploymentArguments{DeploymentID: deploymentID},
		Retry:     retryAlways(),
		Catch:     onError,
		Assign: asl.Variables{
			"deployment": asl.Expr("$states.result.DeploymentInfo"),
			varPolls:     asl.Expr("$polls + 1"),
		},
		Next: next,
	}
}

// follow records that the deployment has begun, and looks at it until it has ended.
func (c Config) follow() step {
	return step{
		name:  "Follow",
		needs: slices.Concat(recorded, []string{attributeBypassed, "currentVersion", varDeployment, varPolls, varVerdict}),
		gives: []string{"deployment"},
		exits: []string{stateJudgeReadMetrics},
		states: func(next string) []named {
			return []named{
				{stateFollowRecordStart, c.updateHistory(historyUpdate{
					Comment:    "The history must not stop a deployment that runs: it is written again at the end.",
					Attributes: append(c.releaseAttributes(), startAttributes()...),
					Retry:      retryShortly(),
					Catch:      catchAll(stateFollowWait),
					Next:       stateFollowWait,
				})},
				{stateFollowWait, asl.Wait{Seconds: c.pollSeconds(), Next: stateFollowReadDeployment}},
				{stateFollowReadDeployment, c.lookAtDeployment(catchAll(stateFollowCannotRead), stateFollowHasEnded)},
				{stateFollowTookTooLong, c.tookTooLong()},
				{stateFollowCannotRead, failWith("the deployment goes on, but CodeDeploy does not tell how")},
				{stateFollowHasEnded, asl.Choice{
					Choices: append([]asl.Rule{
						{Condition: ended, Next: next},
						{Condition: pollsReach(c.maxPolls()), Next: stateFollowTookTooLong},
					}, c.whileShifting()...),
					Default: stateFollowWait,
				}},
			}
		},
	}
}

// whileShifting says where a release goes on whose deployment has not ended. What is stopped already is not judged again.
func (c Config) whileShifting() []asl.Rule {
	if !c.judged() {
		return nil
	}
	condition := asl.Expr("$verdict = ''")
	if c.BootstrapVersion != "" {
		// There is no version to go back to.
		condition += " and $not(" + c.isBootstrap("$currentVersion") + ")"
	}
	return []asl.Rule{{Condition: condition, Next: stateJudgeReadMetrics}}
}

// tookTooLong ends an execution whose deployment does not end.
func (c Config) tookTooLong() asl.Fail {
	return asl.Fail{
		Error: asl.Quote("DeploymentTookTooLong"),
		Cause: asl.Expr(fmt.Sprintf("$deploymentId & ' has not ended after %d minutes. It is still ' & $deployment.Status & '.'", c.shiftLimitMinutes())),
	}
}

// recordEnd records how the deployment has ended. A release whose deployment did not succeed goes on with unshifted.
func (c Config) recordEnd() step {
	return step{
		name:  "RecordEnd",
		needs: slices.Concat(recorded, []string{varDeployment, "deployment", "counts", varVerdict}),
		exits: []string{c.takeBackBegins(), stateRememberStopIsByHand},
		states: func(next string) []named {
			return append(c.writeEnd(), named{stateRecordEndHasSucceeded, asl.Choice{
				Choices: c.afterDeployment(next),
				Default: stateRememberStopIsByHand,
			}})
		},
	}
}

// writeEnd of the deployment into the history. What is to be judged waits some seconds for that: the service may write into the same table, and
// could keep everybody else from it. The verdict is written with all of it.
func (c Config) writeEnd() []named {
	write := historyUpdate{
		Attributes: slices.Concat(c.releaseAttributes(), currentAttributes(), c.verdictAttributes("$verdict")),
		Next:       stateRecordEndHasSucceeded,
	}
	if c.judged() {
		write.Retry, write.Catch = retryShortly(), catchAll(stateRecordEndHasSucceeded)
		return []named{{stateRecordEndWrite, c.updateHistory(write)}}
	}
	write.Catch = catchAll(stateRecordEndNotRecorded)
	return []named{
		{stateRecordEndWrite, c.updateHistory(write)},
		{stateRecordEndNotRecorded, failWith("the deployment has ended, but its history could not be written")},
	}
}

// afterDeployment says where a release goes on whose deployment has succeeded.
func (c Config) afterDeployment(next string) []asl.Rule {
	const shifted asl.Expr = "$deployment.Status = 'Succeeded'"
	if !c.judged() {
		return []asl.Rule{{Condition: shifted, Next: next}}
	}
	return []asl.Rule{
		// It could not be stopped in time.
		{Condition: shifted + " and $verdict != ''", Next: c.takeBackBegins()},
		{Condition: shifted, Next: next},
	}
}

func (c Config) released() step {
	return step{name: "Released", needs: []string{varDeployment, "targetVersion"}, states: func(string) []named {
		return []named{{stateReleased, asl.Succeed{Output: map[string]asl.Expr{varDeployment: "$deploymentId", "liveVersion": "$targetVersion"}}}}
	}}
}
