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
	stateWriteBack       = "WriteBack"
	stateRememberBack    = "RememberBack"
	stateWasByHand       = "WasByHand"
	stateWentBack        = "WentBack"
	stateRollbackFailed  = "RollbackFailed"
	stateJudgedBad       = "JudgedBad"
	stateNotGoneBack     = "NotGoneBack"
	stateWasAsked        = "WasAsked"
)

// AllAtOnce is the deployment configuration of CodeDeploy's that a rollback uses unless a person wants it by steps: what it
// leaves is known to be worse.
const AllAtOnce = "CodeDeployDefault.LambdaAllAtOnce"

// goBackStates take all traffic from $goFrom to $goTo, whatever alarms say, and record that.
func (c Config) goBackStates() map[string]asl.State {
	back := c.appSpecOf("$goFrom", "$goTo")
	// Hooks guard a new version. This one has served before.
	back.Hooks = nil
	states := merge(map[string]asl.State{
		stateWriteBack: asl.Pass{Assign: asl.Variables{"appSpec": back}, Next: stateCreateRollback},
		stateCreateRollback: asl.Task{
			Resource: c.integration("aws-sdk:codedeploy:createDeployment"),
			Arguments: createDeploymentArguments{
				ApplicationName:            c.Application,
				DeploymentGroupName:        c.DeploymentGroup,
				DeploymentConfigName:       "$bySteps ? " + asl.Quote(c.DeploymentConfig) + " : " + asl.Quote(AllAtOnce),
				Description:                "'Back to version ' & $goTo & ', by ' & $states.context.Execution.Name",
				Revision:                   revision{RevisionType: "AppSpecContent", AppSpecContent: appSpecContent{Content: "$string($appSpec)"}},
				OverrideAlarmConfiguration: alarmConfiguration{Enabled: "false", Alarms: c.alarmNames()},
			},
			Retry:  []asl.Retrier{backoff("CodeDeploy.ThrottlingException")},
			Catch:  catchFailure(stateTellNotGoneBack),
			Assign: asl.Variables{varDeployment: asl.Expr("$states.result.DeploymentId")},
			Next:   c.afterCreation(),
		},
		stateRecordRollback: c.updateHistory(historyUpdate{
			Attributes: append(c.rollbackAttributes(), startAttributesOf("true")...),
			Retry:      retryShortly(),
			Catch:      catchAll(stateWaitForRollback),
			Next:       stateWaitForRollback,
		}),
		stateWaitForRollback: asl.Wait{Seconds: c.pollSeconds(), Next: stateReadRollback},
		stateReadRollback:    c.lookAtDeployment(catchFailure(stateTellNotGoneBack), stateHasGoneBack),
		stateHasGoneBack: asl.Choice{
			Choices: []asl.Rule{
				{Condition: ended, Next: stateRecordBack},
				{Condition: pollsReach(c.maxPolls()), Next: stateTookTooLong},
			},
			Default: stateWaitForRollback,
		},
		stateRecordBack: c.updateHistory(historyUpdate{
			Attributes: append(c.rollbackAttributes(), endAttributes()...),
			// Production is back, which people must hear. CodeDeploy's event of the end writes the item too.
			Retry: retryShortly(),
			Catch: catchAll(stateIsBack),
			Next:  stateIsBack,
		}),
		stateIsBack: asl.Choice{
			Choices: []asl.Rule{{Condition: "$deployment.Status = 'Succeeded'", Next: stateRememberBack}},
			Default: stateTellRollbackFailed,
		},
		stateRollbackFailed: asl.Fail{
			Error: "'Deployment' & $deployment.Status",
			Cause: notBack + deploymentError,
		},
		stateNotGoneBack:  asl.Fail{Error: "$failure.Error", Cause: notBack + "$failure.Cause"},
		stateRememberBack: c.rememberBack(),
		stateWentBack: asl.Succeed{Output: map[string]asl.Expr{
			varDeployment: "$deploymentId", "liveVersion": "$goTo", "rolledBackVersion": "$goFrom",
		}},
	}, c.tell(stateTellRollbackFailed, notBack+deploymentError, stateRollbackFailed),
		c.tell(stateTellNotGoneBack, notBack+"$failure.Cause", stateNotGoneBack),
		c.tell(stateTellBack, wentBack, stateCountBack))
	if !c.judged() {
		return states
	}
	states[stateGoBack] = asl.Pass{
		Assign: asl.Variables{
			"goFrom":      asl.Expr("$targetVersion"),
			"goTo":        asl.Expr("$currentVersion"),
			"rollbackOf":  asl.Expr("$deploymentId"),
			"requestedBy": asl.Expr("'the release of version ' & $targetVersion"),
			"reason":      asl.Expr("$verdict"),
			"byHand":      false,
			"bySteps":     false,
			"badSince":    asl.Expr("$deployment.CreateTime"),
			"badCommit":   "",
			varPolls:      0,
		},
		Next: stateWriteBack,
	}
	states[stateWasAsked] = asl.Choice{
		Choices: []asl.Rule{{Condition: "$byHand", Next: stateRememberRollback}},
		Default: stateRecordRollback,
	}
	states[stateWasByHand] = asl.Choice{
		Choices: []asl.Rule{{Condition: "$byHand", Next: stateWentBack}},
		Default: stateJudgedBad,
	}
	states[stateJudgedBad] = asl.Fail{
		Error: asl.Quote("CandidateJudgedBad"),
		Cause: "'Version ' & $goTo & ' has all traffic again: ' & $reason",
	}
	return states
}

// afterCreation is where an execution goes on that has created the deployment back: only one that a person has asked for holds
// other versions up.
func (c Config) afterCreation() string {
	if c.judged() {
		return stateWasAsked
	}
	return stateRememberRollback
}

// afterBack is where an execution goes on that has taken production back and told people.
func (c Config) afterBack() string {
	if c.judged() {
		return stateWasByHand
	}
	return stateWentBack
}

// notBack begins the cause of a rollback that has failed.
const notBack asl.Expr = "'Version ' & $goFrom & ' has all traffic and should not: ' & $reason & '. It could not be taken back to version ' & $goTo & ': ' & "

// rollbackAttributes are what only this execution knows of the rollback.
func (c Config) rollbackAttributes() []historyAttribute {
	return []historyAttribute{
		{Name: "functionName", Type: "S", Value: asl.Quote(c.BlueFunction)},
		{Name: "alias", Type: "S", Value: asl.Quote(c.Alias)},
		{Name: "fromVersion", Type: "S", Value: "$goFrom"},
		{Name: "toVersion", Type: "S", Value: "$goTo"},
		{Name: "rollbackOf", Type: "S", Value: "$rollbackOf"},
		{Name: "requestedBy", Type: "S", Value: "$requestedBy"},
		{Name: "reason", Type: "S", Value: "$reason"},
	}
}
