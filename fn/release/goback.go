package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateGoBack          = "GoBack"
	stateCreateRollback  = "CreateRollback"
	stateRecordRollback  = "RecordRollback"
	stateWaitForRollback = "WaitForRollback"
	stateReadRollback    = "ReadRollback"
	stateHasGoneBack     = "HasGoneBack"
	stateRecordBack      = "RecordBack"
	stateIsBack          = "IsBack"
	stateJudgedBad       = "JudgedBad"
	stateNotGoneBack     = "NotGoneBack"
	stateBackUnrecorded  = "BackUnrecorded"
)

// AllAtOnce is the deployment configuration of CodeDeploy's that a rollback uses: what it leaves is known to be worse.
const AllAtOnce = "CodeDeployDefault.LambdaAllAtOnce"

// rollbackSeconds between two looks at a rollback, and maxRollbackPolls until it is given up on.
const (
	rollbackSeconds  = 10
	maxRollbackPolls = 180
)

// goBackStates take all traffic from $goFrom to $goTo, at once and whatever alarms say, and record that.
func (c Config) goBackStates() map[string]asl.State {
	if !c.judged() {
		return nil
	}
	back := c.appSpecOf("$goFrom", "$goTo")
	// Hooks guard a new version. This one has served before.
	back.Hooks = nil
	return map[string]asl.State{
		stateGoBack: asl.Pass{
			Assign: asl.Variables{
				"goFrom":     asl.Expr("$targetVersion"),
				"goTo":       asl.Expr("$currentVersion"),
				"rollbackOf": asl.Expr("$deploymentId"),
				"polls":      0,
			},
			Next: stateWriteBack,
		},
		stateWriteBack: asl.Pass{Assign: asl.Variables{"appSpec": back}, Next: stateCreateRollback},
		stateCreateRollback: asl.Task{
			Resource: c.integration("aws-sdk:codedeploy:createDeployment"),
			Arguments: createDeploymentArguments{
				ApplicationName:            c.Application,
				DeploymentGroupName:        c.DeploymentGroup,
				DeploymentConfigName:       AllAtOnce,
				Description:                "'Back to version ' & $goTo & ', by ' & $states.context.Execution.Name",
				Revision:                   revision{RevisionType: "AppSpecContent", AppSpecContent: appSpecContent{Content: "$string($appSpec)"}},
				OverrideAlarmConfiguration: alarmConfiguration{Enabled: "false", Alarms: c.alarmNames()},
			},
			Retry:  []asl.Retrier{backoff("CodeDeploy.ThrottlingException")},
			Catch:  catchAll(stateNotGoneBack),
			Assign: asl.Variables{"deploymentId": asl.Expr("$states.result.DeploymentId")},
			Next:   stateRecordRollback,
		},
		stateRecordRollback: c.updateHistory(historyUpdate{
			Attributes: append(c.rollbackAttributes(), startAttributesOf("true")...),
			Catch:      catchAll(stateWaitForRollback),
			Next:       stateWaitForRollback,
		}),
		stateWaitForRollback: asl.Wait{Seconds: rollbackSeconds, Next: stateReadRollback},
		stateReadRollback: asl.Task{
			Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
			Arguments: deploymentArguments{DeploymentID: deploymentID},
			Retry:     retryAlways(),
			Catch:     catchAll(stateNotGoneBack),
			Assign: asl.Variables{
				"deployment": asl.Expr("$states.result.DeploymentInfo"),
				"polls":      asl.Expr("$polls + 1"),
			},
			Next: stateHasGoneBack,
		},
		stateHasGoneBack: asl.Choice{
			Choices: []asl.Rule{
				{Condition: ended, Next: stateRecordBack},
				{Condition: pollsReach(maxRollbackPolls), Next: stateTookTooLong},
			},
			Default: stateWaitForRollback,
		},
		stateRecordBack: c.updateHistory(historyUpdate{
			Attributes: append(c.rollbackAttributes(), endAttributes()...),
			Catch:      catchAll(stateBackUnrecorded),
			Next:       stateIsBack,
		}),
		stateBackUnrecorded: failWith("the rollback has ended, but its history could not be written"),
		stateIsBack: asl.Choice{
			Choices: []asl.Rule{{Condition: "$deployment.Status = 'Succeeded'", Next: stateJudgedBad}},
			Default: stateNotShifted,
		},
		stateJudgedBad: asl.Fail{
			Error: asl.Quote("CandidateJudgedBad"),
			Cause: "'Version ' & $goTo & ' has all traffic again: ' & $verdict",
		},
		stateNotGoneBack: asl.Fail{
			Error: "$states.input.Error",
			Cause: "'Version ' & $goFrom & ' has all traffic and should not: ' & $verdict & '. It could not be taken back to version ' & $goTo & ': ' & $states.input.Cause",
		},
	}
}

const stateWriteBack = "WriteBack"

// rollbackAttributes are what only this execution knows of the rollback.
func (c Config) rollbackAttributes() []historyAttribute {
	return append([]historyAttribute{
		{Name: "functionName", Type: "S", Value: asl.Quote(c.BlueFunction)},
		{Name: "alias", Type: "S", Value: asl.Quote(c.Alias)},
		{Name: "fromVersion", Type: "S", Value: "$goFrom"},
		{Name: "toVersion", Type: "S", Value: "$goTo"},
		{Name: "rollbackOf", Type: "S", Value: "$rollbackOf"},
	}, c.verdictAttributes("$verdict")...)
}
