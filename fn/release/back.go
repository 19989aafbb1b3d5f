package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateRollbackWriteAppSpec = "Rollback.WriteAppSpec"
	stateRollbackCreate       = "Rollback.Create"
	stateRollbackNotifyFailed = "Rollback.NotifyFailed"
	stateRollbackFailed       = "Rollback.Failed"

	stateFollowRollbackRecordStart    = "FollowRollback.RecordStart"
	stateFollowRollbackWait           = "FollowRollback.Wait"
	stateFollowRollbackReadDeployment = "FollowRollback.ReadDeployment"
	stateFollowRollbackHasEnded       = "FollowRollback.HasEnded"
	stateFollowRollbackTookTooLong    = "FollowRollback.TookTooLong"

	stateRecordRollbackWrite               = "RecordRollback.Write"
	stateRecordRollbackHasSucceeded        = "RecordRollback.HasSucceeded"
	stateRecordRollbackNotifyNotRolledBack = "RecordRollback.NotifyNotRolledBack"
	stateRecordRollbackNotRolledBack       = "RecordRollback.NotRolledBack"

	stateNotifyRollback = "NotifyRollback"

	stateTakeBack = "TakeBack"

	stateJudgedBad = "JudgedBad"
)

// AllAtOnce is the deployment configuration of CodeDeploy's that a rollback uses unless a person wants it by steps: what it
// leaves is known to be worse.
const AllAtOnce = "CodeDeployDefault.LambdaAllAtOnce"

// backTo begins the description of a deployment that takes production back.
const backTo = "Back to version "

// createRollback moves all traffic from $goFrom to $goTo by the supplied deployment configuration, whatever alarms say.
func (c Config) createRollback(deploymentConfig asl.Expr) step {
	back := c.appSpecOf("$goFrom", "$goTo")
	// Hooks guard a new version. This one has served before.
	back.Hooks = nil
	return step{
		name:  "Rollback",
		needs: []string{"goFrom", "goTo", "reason", "bySteps"},
		gives: []string{varDeployment},
		states: func(next string) []named {
			return append([]named{
				{stateRollbackWriteAppSpec, asl.Pass{Assign: asl.Variables{"appSpec": back}, Next: stateRollbackCreate}},
				{stateRollbackCreate, c.createDeployment(createDeploymentArguments{
					DeploymentConfigName:       deploymentConfig,
					Description:                asl.Quote(backTo) + " & $goTo & ', by ' & $states.context.Execution.Name",
					OverrideAlarmConfiguration: c.noAlarms(),
				}, stateRollbackNotifyFailed, next)},
				{stateRollbackFailed, asl.Fail{Error: "$failure.Error", Cause: notBack + "$failure.Cause"}},
			}, c.tell(stateRollbackNotifyFailed, notBack+"$failure.Cause", stateRollbackFailed)...)
		},
	}
}

// followRollback looks at the deployment until it has ended.
func (c Config) followRollback() step {
	return step{
		name:  "FollowRollback",
		needs: []string{varDeployment, "goFrom", "goTo", "rollbackOf", "requestedBy", "reason", varPolls},
		gives: []string{"deployment"},
		exits: []string{stateRollbackNotifyFailed},
		states: func(next string) []named {
			return []named{
				{stateFollowRollbackRecordStart, c.updateHistory(historyUpdate{
					Attributes: append(c.rollbackAttributes(), startAttributesOf("true")...),
					Retry:      retryShortly(),
					Catch:      catchAll(stateFollowRollbackWait),
					Next:       stateFollowRollbackWait,
				})},
				{stateFollowRollbackWait, asl.Wait{Seconds: c.pollSeconds(), Next: stateFollowRollbackReadDeployment}},
				{stateFollowRollbackReadDeployment, c.lookAtDeployment(catchFailure(stateRollbackNotifyFailed), stateFollowRollbackHasEnded)},
				{stateFollowRollbackHasEnded, asl.Choice{
					Choices: []asl.Rule{
						{Condition: ended, Next: next},
						{Condition: pollsReach(c.maxPolls()), Next: stateFollowRollbackTookTooLong},
					},
					Default: stateFollowRollbackWait,
				}},
				{stateFollowRollbackTookTooLong, c.tookTooLong()},
			}
		},
	}
}

// recordRollback records how the deployment has ended. Should it have failed, people must hear that.
func (c Config) recordRollback() step {
	return step{
		name:  "RecordRollback",
		needs: []string{varDeployment, "deployment", "goFrom", "goTo", "rollbackOf", "requestedBy", "reason"},
		states: func(next string) []named {
			return append([]named{
				{stateRecordRollbackWrite, c.updateHistory(historyUpdate{
					Attributes: append(c.rollbackAttributes(), endAttributes()...),
					// Production is back, which people must hear. CodeDeploy's event of the end writes the item too.
					Retry: retryShortly(),
					Catch: catchAll(stateRecordRollbackHasSucceeded),
					Next:  stateRecordRollbackHasSucceeded,
				})},
				{stateRecordRollbackHasSucceeded, asl.Choice{
					Choices: []asl.Rule{{Condition: "$deployment.Status = 'Succeeded'", Next: next}},
					Default: stateRecordRollbackNotifyNotRolledBack,
				}},
				{stateRecordRollbackNotRolledBack, asl.Fail{
					Error: "'Deployment' & $deployment.Status",
					Cause: notBack + deploymentError,
				}},
			}, c.tell(stateRecordRollbackNotifyNotRolledBack, notBack+deploymentError, stateRecordRollbackNotRolledBack)...)
		},
	}
}

func (c Config) notifyRollback() step {
	return step{
		name:  "NotifyRollback",
		needs: []string{"goFrom", "goTo", "requestedBy", "reason"},
		states: func(next string) []named {
			return c.tell(stateNotifyRollback, wentBack, next)
		},
	}
}

// takeBackBegins is the first state of takeBack.
func (c Config) takeBackBegins() string {
	if c.BootstrapVersion != "" {
		return stateFirstIsFirst
	}
	return stateTakeBack
}

// beginTakeBack says what is taken back, and why.
func (c Config) beginTakeBack() step {
	return step{
		name:  "TakeBack",
		needs: []string{"targetVersion", "currentVersion", varDeployment, "deployment", varVerdict},
		gives: wayBack,
		states: func(next string) []named {
			return []named{{stateTakeBack, asl.Pass{
				Assign: asl.Variables{
					"goFrom":      asl.Expr("$targetVersion"),
					"goTo":        asl.Expr("$currentVersion"),
					"rollbackOf":  asl.Expr("$deploymentId"),
					"requestedBy": asl.Expr("'the release of version ' & $targetVersion"),
					"reason":      asl.Expr("$verdict"),
					"badSince":    asl.Expr("$deployment.CreateTime"),
					varPolls:      0,
				},
				Next: next,
			}}}
		},
	}
}

// judgedBad ends the release of a version that was judged bad.
func (c Config) judgedBad() step {
	return step{name: "JudgedBad", needs: []string{"goTo", "reason"}, states: func(string) []named {
		return []named{{stateJudgedBad, asl.Fail{
			Error: asl.Quote("CandidateJudgedBad"),
			Cause: "'Version ' & $goTo & ' has all traffic again: ' & $reason",
		}}}
	}}
}

// notBack begins the cause of a rollback that has failed.
const notBack asl.Expr = "'Version ' & $goFrom & ' should have no traffic: ' & $reason & '. It could not be taken back to version ' & $goTo & ': ' & "

// rollbackAttributes are what only this execution knows of the rollback.
func (c Config) rollbackAttributes() []historyAttribute {
	return []historyAttribute{
		{Name: "functionName", Type: "S", Value: asl.Quote(c.BlueFunction)},
		{Name: "alias", Type: "S", Value: asl.Quote(c.Alias)},
		{Name: "fromVersion", Type: "S", Value: "$goFrom"},
		{Name: "toVersion", Type: "S", Value: "$goTo"},
		{Name: "rollbackOf", Type: "S", Value: "$rollbackOf"},
		{Name: "requestedBy", Type: "S", Value: "$requestedBy"},
		// By this CloudTrail knows who has started it.
		{Name: "executionArn", Type: "S", Value: "$states.context.Execution.Id"},
		{Name: "reason", Type: "S", Value: "$reason"},
	}
}
