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

// createRollback moves all traffic from $goFrom to $goTo, whatever alarms say.
func (c Config) createRollback() step {
	back := c.appSpecOf("$goFrom", "$goTo")
	// Hooks guard a new version. This one has served before.
	back.Hooks = nil
	return step{name: "CreateRollback", needs: []string{"goFrom", "goTo", "bySteps", "reason"}, gives: []string{varDeployment}, states: func(next string) []named {
		return append([]named{
			{stateWriteBack, asl.Pass{Assign: asl.Variables{"appSpec": back}, Next: stateCreateRollback}},
			{stateCreateRollback, asl.Task{
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
				Next:   next,
			}},
			{stateNotGoneBack, asl.Fail{Error: "$failure.Error", Cause: notBack + "$failure.Cause"}},
		}, c.tell(stateTellNotGoneBack, notBack+"$failure.Cause", stateNotGoneBack)...)
	}}
}

// followRollback looks at the deployment until it has ended.
func (c Config) followRollback() step {
	return step{name: "FollowRollback", needs: []string{varDeployment, "goFrom", "goTo", "rollbackOf", "requestedBy", "reason", varPolls}, gives: []string{"deployment"}, states: func(next string) []named {
		return []named{
			{stateRecordRollback, c.updateHistory(historyUpdate{
				Attributes: append(c.rollbackAttributes(), startAttributesOf("true")...),
				Retry:      retryShortly(),
				Catch:      catchAll(stateWaitForRollback),
				Next:       stateWaitForRollback,
			})},
			{stateWaitForRollback, asl.Wait{Seconds: c.pollSeconds(), Next: stateReadRollback}},
			{stateReadRollback, c.lookAtDeployment(catchFailure(stateTellNotGoneBack), stateHasGoneBack)},
			{stateHasGoneBack, asl.Choice{
				Choices: []asl.Rule{
					{Condition: ended, Next: next},
					{Condition: pollsReach(c.maxPolls()), Next: stateTookTooLong},
				},
				Default: stateWaitForRollback,
			}},
		}
	}}
}

// endRollback records how the deployment has ended. Should it have failed, people must hear that.
func (c Config) endRollback() step {
	return step{name: "EndRollback", needs: []string{varDeployment, "deployment", "goFrom", "goTo", "rollbackOf", "requestedBy", "reason"}, states: func(next string) []named {
		return append([]named{
			{stateRecordBack, c.updateHistory(historyUpdate{
				Attributes: append(c.rollbackAttributes(), endAttributes()...),
				// Production is back, which people must hear. CodeDeploy's event of the end writes the item too.
				Retry: retryShortly(),
				Catch: catchAll(stateIsBack),
				Next:  stateIsBack,
			})},
			{stateIsBack, asl.Choice{
				Choices: []asl.Rule{{Condition: "$deployment.Status = 'Succeeded'", Next: next}},
				Default: stateTellRollbackFailed,
			}},
			{stateRollbackFailed, asl.Fail{
				Error: "'Deployment' & $deployment.Status",
				Cause: notBack + deploymentError,
			}},
		}, c.tell(stateTellRollbackFailed, notBack+deploymentError, stateRollbackFailed)...)
	}}
}

func (c Config) tellBack() step {
	return step{name: "TellBack", needs: []string{"goFrom", "goTo", "requestedBy", "reason"}, states: func(next string) []named {
		return c.tell(stateTellBack, wentBack, next)
	}}
}

func (c Config) wentBack() step {
	return step{name: "WentBack", needs: []string{varDeployment, "goFrom", "goTo"}, states: func(string) []named {
		return []named{{stateWentBack, asl.Succeed{Output: map[string]asl.Expr{
			varDeployment: "$deploymentId", "liveVersion": "$goTo", "rolledBackVersion": "$goFrom",
		}}}}
	}}
}

// takeBack begins the rollback of a version that was judged bad.
func (c Config) takeBack() step {
	return step{name: "TakeBack", needs: []string{"targetVersion", "currentVersion", varDeployment, "deployment", varVerdict}, gives: wayBack, states: func(next string) []named {
		return []named{{stateGoBack, asl.Pass{
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
			Next: next,
		}}}
	}}
}

// wasAsked goes past the memory of a rollback that no person has asked for: it holds no other version up.
func (c Config) wasAsked() step {
	return step{name: "WasAsked", needs: []string{"byHand"}, states: func(next string) []named {
		return []named{{stateWasAsked, asl.Choice{
			Choices: []asl.Rule{{Condition: "$byHand", Next: next}},
			Default: stateRecordRollback,
		}}}
	}}
}

// wasByHand ends the release of a version that was judged bad.
func (c Config) wasByHand() step {
	return step{name: "WasByHand", needs: []string{"byHand", "goTo", "reason"}, states: func(next string) []named {
		return []named{
			{stateWasByHand, asl.Choice{
				Choices: []asl.Rule{{Condition: "$byHand", Next: next}},
				Default: stateJudgedBad,
			}},
			{stateJudgedBad, asl.Fail{
				Error: asl.Quote("CandidateJudgedBad"),
				Cause: "'Version ' & $goTo & ' has all traffic again: ' & $reason",
			}},
		}
	}}
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
