package release

import (
	"fmt"
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateReadAlias        = "ReadAlias"
	stateIsLive           = "IsLive"
	stateAlreadyLive      = "AlreadyLive"
	stateWriteAppSpec     = "WriteAppSpec"
	stateCreateDeployment = "CreateDeployment"
	stateWaitForList      = "WaitForList"
	stateListDeployments  = "ListDeployments"
	stateAnyDeployments   = "AnyDeployments"
	stateReadDeployments  = "ReadDeployments"
	stateIsOneOurs        = "IsOneOurs"
	stateAdopt            = "Adopt"
	stateRecordStart      = "RecordStart"
	stateWaitForShift     = "WaitForShift"
	stateReadDeployment   = "ReadDeployment"
	stateHasEnded         = "HasEnded"
	stateRecordEnd        = "RecordEnd"
	stateHasShifted       = "HasShifted"
	stateRememberLive     = "RememberLive"
	stateShifted          = "Shifted"
	stateNoAlias          = "NoAlias"
	stateNotCreated       = "NotCreated"
	stateLostSight        = "LostSight"
	stateTookTooLong      = "TookTooLong"
	stateNotRecorded      = "NotRecorded"
	stateNotShifted       = "NotShifted"
)

// description marks the deployment of one execution, so that it is recognised when CodeDeploy's answer was lost.
const description asl.Expr = "'Release ' & $states.context.Execution.Name"

// shiftStates shift the alias to the version that the pipeline has published on blue: they create one CodeDeploy
// deployment, follow it to its end and record both.
func (c Config) shiftStates() map[string]asl.State {
	return merge(c.prepareShift(), c.artifactStates(), c.targetReady(), c.holdStates(), c.approvalStates(), c.calendarStates(), c.createDeployment(), c.findDeployment(),
		c.followShift(), c.endShift(), c.judgeStates(), c.bakeStates(), c.goBackStates(), c.countStates(), c.offerStates(), c.pruneStates())
}

// prepareShift reads what is live, and says what the deployment is to do.
func (c Config) prepareShift() map[string]asl.State {
	const commit asl.Expr = "$states.input.commitId"
	asked := asl.Variables{
		"currentVersion":   asl.Expr("$states.result.FunctionVersion"),
		"targetVersion":    asl.Expr("$states.input.targetVersion"),
		attributeExecution: asl.Expr("$states.input.pipelineExecutionId"),
		attributeCommit:    commit,
		"authoredAt":       asl.Expr("$exists($states.input.authoredAt) ? $states.input.authoredAt : ''"),
		attributeBypassed:  c.bypassesAlarms(commit),
		"overruled":        c.overrules(commit),
		"commitBefore":     "",
		varPolls:           0,
		varReadyLooks:      0,
	}
	maps.Copy(asked, c.promotedVariables())
	return map[string]asl.State{
		stateReadAlias: c.readAlias("Which version is live?", asked, stateNoAlias, stateIsLive),
		stateNoAlias:   failWith("the alias " + c.Alias + " could not be read"),
		stateIsLive: asl.Choice{
			Comment: "A release that runs again has nothing to do.",
			Choices: []asl.Rule{{Condition: "$currentVersion = $targetVersion", Next: stateAlreadyLive}},
			Default: c.afterLive(),
		},
		stateAlreadyLive: done("the version is live already"),
		stateWriteAppSpec: asl.Pass{
			Assign: c.shiftVariables(),
			Next:   c.beforeShift(),
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

// isShifting holds for an alias that has two versions.
const isShifting asl.Expr = "$count($keys($states.result.RoutingConfig.AdditionalVersionWeights)) > 0"

// beforeShift is where a release goes on that knows what to do.
func (c Config) beforeShift() string {
	if c.judged() {
		return stateReadBaseline
	}
	return stateCreateDeployment
}

// shiftVariables say what the deployment is to do, and how it will be judged.
func (c Config) shiftVariables() asl.Variables {
	vars := asl.Variables{"appSpec": c.appSpec()}
	maps.Copy(vars, c.analysisVariables())
	return vars
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

// followShift records that the deployment has begun, and looks at it until it has ended.
func (c Config) followShift() map[string]asl.State {
	return map[string]asl.State{
		stateRecordStart: c.updateHistory(historyUpdate{
			Comment:    "The history must not stop a deployment that runs: it is written again at the end.",
			Attributes: append(c.releaseAttributes(), startAttributes()...),
			Catch:      catchAll(stateWaitForShift),
			Next:       stateWaitForShift,
		}),
		stateWaitForShift:   asl.Wait{Seconds: c.pollSeconds(), Next: stateReadDeployment},
		stateReadDeployment: c.lookAtDeployment(catchAll(stateLostSight), stateHasEnded),
		stateLostSight:      failWith("the deployment goes on, but CodeDeploy does not tell how"),
		stateHasEnded: asl.Choice{
			Choices: append([]asl.Rule{
				{Condition: ended, Next: stateRecordEnd},
				{Condition: pollsReach(c.maxPolls()), Next: stateTookTooLong},
			}, c.whileShifting()...),
			Default: stateWaitForShift,
		},
		stateTookTooLong: asl.Fail{
			Error: asl.Quote("DeploymentTookTooLong"),
			Cause: asl.Expr(fmt.Sprintf("$deploymentId & ' has not ended after %d minutes. It is still ' & $deployment.Status & '.'", c.shiftLimitMinutes())),
		},
	}
}

// whileShifting says where a release goes on whose deployment has not ended. What is stopped already is not judged again.
func (c Config) whileShifting() []asl.Rule {
	if !c.judged() {
		return nil
	}
	return []asl.Rule{{Condition: "$verdict = ''", Next: stateReadMetrics}}
}

// endShift records how the deployment has ended, and ends as it did.
func (c Config) endShift() map[string]asl.State {
	return map[string]asl.State{
		stateRecordEnd: c.updateHistory(historyUpdate{
			Attributes: slices.Concat(c.releaseAttributes(), currentAttributes(), c.verdictAttributes("$verdict")),
			Catch:      catchAll(stateNotRecorded),
			Next:       stateHasShifted,
		}),
		stateNotRecorded: failWith("the deployment has ended, but its history could not be written"),
		stateHasShifted: asl.Choice{
			Choices: c.afterDeployment(),
			Default: stateCountNotShifted,
		},
		stateRememberLive: c.rememberLive(c.afterRemembering()),
		stateShifted:      asl.Succeed{Output: map[string]asl.Expr{varDeployment: "$deploymentId", "liveVersion": "$targetVersion"}},
		stateNotShifted: asl.Fail{
			Error: "'Deployment' & $deployment.Status",
			Cause: c.notShifted(),
		},
	}
}

// afterDeployment says where a release goes on whose deployment has succeeded.
func (c Config) afterDeployment() []asl.Rule {
	const shifted asl.Expr = "$deployment.Status = 'Succeeded'"
	if !c.judged() {
		return []asl.Rule{{Condition: shifted, Next: stateRememberLive}}
	}
	return []asl.Rule{
		// It could not be stopped in time.
		{Condition: shifted + " and $verdict != ''", Next: stateGoBack},
		{Condition: shifted, Next: stateRememberLive},
	}
}

// afterRemembering is where a release goes on that has all traffic.
func (c Config) afterRemembering() string {
	if c.judged() {
		return stateStartBake
	}
	return stateCountRelease
}

// notShifted says why the deployment did not succeed: in CodeDeploy's words, and in those of the verdict for which it was stopped.
func (c Config) notShifted() asl.Expr {
	const says asl.Expr = "$deploymentId & ': ' & " + deploymentError
	if !c.judged() {
		return says
	}
	return says + " & ($verdict != '' ? '. It was stopped: ' & $verdict : '')"
}
