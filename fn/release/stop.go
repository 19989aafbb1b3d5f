package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateFindShiftList         = "FindShift.List"
	stateFindShiftIsUnderWay   = "FindShift.IsUnderWay"
	stateFindShiftIsSplit      = "FindShift.IsSplit"
	stateFindShiftCannotRead   = "FindShift.CannotRead"
	stateFindShiftUnfinished   = "FindShift.Unfinished"
	stateFindShiftRememberLeft = "FindShift.RememberLeft"

	stateReadShiftReadDeployment   = "ReadShift.ReadDeployment"
	stateReadShiftIsRollback       = "ReadShift.IsRollback"
	stateReadShiftWhich            = "ReadShift.Which"
	stateReadShiftCannotRead       = "ReadShift.CannotRead"
	stateReadShiftUnknown          = "ReadShift.Unknown"
	stateReadShiftReadRecord       = "ReadShift.ReadRecord"
	stateReadShiftRollbackUnderWay = "ReadShift.RollbackUnderWay"

	stateStopShiftRemember         = "StopShift.Remember"
	stateStopShiftStop             = "StopShift.Stop"
	stateStopShiftWait             = "StopShift.Wait"
	stateStopShiftLook             = "StopShift.Look"
	stateStopShiftHasEnded         = "StopShift.HasEnded"
	stateStopShiftTakesTooLong     = "StopShift.TakesTooLong"
	stateStopShiftTooLate          = "StopShift.TooLate"
	stateStopShiftNotifyNotStopped = "StopShift.NotifyNotStopped"
	stateStopShiftNotStopped       = "StopShift.NotStopped"

	stateMendAliasList       = "MendAlias.List"
	stateMendAliasWait       = "MendAlias.Wait"
	stateMendAliasIsUnderWay = "MendAlias.IsUnderWay"
	stateMendAliasUpdate     = "MendAlias.Update"
	stateMendAliasNotify     = "MendAlias.Notify"
	stateMendAliasNotMended  = "MendAlias.NotMended"

	stateShiftStoppedIsAll  = "ShiftStopped.IsAll"
	stateShiftStoppedGoOn   = "ShiftStopped.GoOn"
	stateShiftStoppedNotify = "ShiftStopped.Notify"
	stateShiftStopped       = "ShiftStopped.Done"
)

// Looks at a deployment that was told to stop, and minutes until its traffic is back. The person who asks waits for it.
const (
	stopSeconds     = 10
	maxStopLooks    = 30
	stopBackMinutes = 2
)

// activeStatuses of a deployment: those from which something more can come.
// See https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_DeploymentInfo.html
var activeStatuses = []string{"Created", "Queued", "InProgress", "Baking", "Ready"}

// findShift looks for a shift that is under way, and for one that has left the alias on two versions.
func (c Config) findShift() step {
	return step{
		name:  "FindShift",
		needs: []string{"goFrom", "candidate", "requestedBy", "reason"},
		exits: []string{stateReadShiftReadDeployment, stateMendAliasList},
		states: func(next string) []named {
			return []named{
				{stateFindShiftList, c.listActive(asl.Variables{varDeployment: logic.Text("$states.result.Deployments")}, stateFindShiftCannotRead, stateFindShiftIsUnderWay)},
				{stateFindShiftIsUnderWay, asl.Choice{
					Choices: []asl.Rule{{Condition: deploymentID + " != ''", Next: stateReadShiftReadDeployment}},
					Default: stateFindShiftIsSplit,
				}},
				{stateFindShiftIsSplit, asl.Choice{
					Comment: "Has a deployment been stopped without its traffic going back?",
					Choices: []asl.Rule{{Condition: "$candidate != ''", Next: stateFindShiftUnfinished}},
					Default: next,
				}},
				{stateFindShiftUnfinished, asl.Pass{
					Comment: "What is newer goes, whichever way the deployment has moved traffic.",
					Assign:  asl.Variables{"goTo": c.staying(logic.Older), "goFrom": c.staying(logic.Newer)},
					Next:    stateFindShiftRememberLeft,
				}},
				{stateFindShiftRememberLeft, c.remember("", stateMendAliasList)},
				{stateFindShiftCannotRead, failWith("it could not be seen whether a deployment is under way")},
			}
		},
	}
}

// listActive asks for the deployment that is under way.
func (c Config) listActive(assign asl.Variables, onError, next string) asl.Task {
	return asl.Task{
		Comment:  "Is a deployment under way?",
		Resource: c.integration("aws-sdk:codedeploy:listDeployments"),
		Arguments: listDeploymentsArguments{
			ApplicationName: c.Application, DeploymentGroupName: c.DeploymentGroup, IncludeOnlyStatuses: activeStatuses,
		},
		Retry:  retryAlways(),
		Catch:  catchAll(onError),
		Assign: assign,
		Next:   next,
	}
}

// stopShift stops the deployment that is under way, so that CodeDeploy takes its traffic back. A rollback is left alone.
func (c Config) stopShift() sequence {
	return sequence{
		c.readShift(),
		c.stopDeployment(),
		c.awaitBack("goFrom", stopBackMinutes, stateMendAliasList),
	}
}

// readShift reads which versions the deployment moves traffic between: the alias has both only on the way. A deployment that was started in
// the console may not be in the history yet.
func (c Config) readShift() step {
	return step{
		name:  "ReadShift",
		needs: []string{varDeployment, "goFrom", "serving", "candidate"},
		gives: []string{"goFrom", "goTo", "badCommit"},
		exits: []string{stateChooseVersionIsBootstrap},
		states: func(next string) []named {
			return []named{
				{stateReadShiftReadDeployment, asl.Task{
					Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
					Arguments: deploymentArguments{DeploymentID: deploymentID},
					Retry:     retryAlways(),
					Catch:     catchAll(stateReadShiftCannotRead),
					Assign:    asl.Variables{"isRollback": logic.IsRollback(backTo)},
					Next:      stateReadShiftIsRollback,
				}},
				{stateReadShiftIsRollback, asl.Choice{
					Choices: []asl.Rule{{Condition: "$isRollback", Next: stateReadShiftRollbackUnderWay}},
					Default: stateReadShiftReadRecord,
				}},
				{stateReadShiftReadRecord, asl.Task{
					Comment:   "Which version does it move traffic to, and of which commit is that?",
					Resource:  c.integration("dynamodb:getItem"),
					Arguments: c.readItem(deploymentID),
					Retry:     retryShortly(),
					Catch: []asl.Catcher{{
						ErrorEquals: []string{asl.ErrAll},
						Assign:      asl.Variables{"goTo": asl.Expr("$goFrom"), "goFrom": asl.Expr("$candidate"), "badCommit": ""},
						Next:        stateReadShiftWhich,
					}},
					Assign: asl.Variables{
						"goTo":      logic.ShiftsFrom,
						"goFrom":    logic.ShiftsTo,
						"badCommit": logic.Of("commitId"),
					},
					Next: stateReadShiftWhich,
				}},
				{stateReadShiftWhich, asl.Choice{
					Choices: append(c.noWayFromFirst(), asl.Rule{Condition: logic.IsForward, Next: next},
						asl.Rule{Condition: logic.IsBackward, Next: stateReadShiftRollbackUnderWay}),
					Default: stateReadShiftUnknown,
				}},
				{stateReadShiftCannotRead, failWith("it could not be seen what the deployment that is under way is, and a rollback must not be stopped")},
				{stateReadShiftUnknown, asl.Fail{
					Error: asl.Quote("ShiftUnknown"),
					Cause: "'It could not be seen which versions ' & $deploymentId & ' is about, which is under way. Ask again in a minute, or choose \"Stop and roll back deployment\" in CodeDeploy.'",
				}},
				{stateReadShiftRollbackUnderWay, asl.Fail{
					Error: asl.Quote("RollbackUnderWay"),
					Cause: "$deploymentId & ' is a rollback, and takes production back already. Do not stop it: CodeDeploy would undo it. Ask again when it has ended, if another version is to go live.'",
				}},
			}
		},
	}
}

// stopDeployment stops the deployment, and waits for its end. One that was over before has moved all traffic, which a rollback takes back.
func (c Config) stopDeployment() step {
	return step{
		name:  "StopShift",
		needs: []string{varDeployment, "goFrom", "goTo", "badCommit", "wanted", "requestedBy", "reason", varPolls},
		gives: []string{"deployment"},
		exits: []string{stateChooseVersionReadPrevious},
		states: func(next string) []named {
			return append([]named{
				{stateStopShiftRemember, c.remember("$badCommit", stateStopShiftStop)},
				{stateStopShiftStop, c.stop(catchFailure(stateStopShiftNotifyNotStopped), stateStopShiftLook)},
				{stateStopShiftLook, c.lookAtDeployment(catchFailure(stateStopShiftNotifyNotStopped), stateStopShiftHasEnded)},
				{stateStopShiftHasEnded, asl.Choice{
					Choices: []asl.Rule{
						{Condition: "$deployment.Status = 'Succeeded'", Next: stateStopShiftTooLate},
						{Condition: ended, Next: next},
						{Condition: pollsReach(maxStopLooks), Next: stateStopShiftTakesTooLong},
					},
					Default: stateStopShiftWait,
				}},
				{stateStopShiftWait, asl.Wait{Seconds: stopSeconds, Next: stateStopShiftLook}},
				{stateStopShiftTooLate, asl.Pass{
					Assign: asl.Variables{"wanted": asl.Expr("$wanted != '' ? $wanted : $goTo")},
					Next:   stateChooseVersionReadPrevious,
				}},
				{stateStopShiftTakesTooLong, asl.Pass{
					Assign: asl.Variables{"failure": map[string]any{"Error": "DeploymentNotStopped", "Cause": asl.Expr("'it is still ' & $deployment.Status")}},
					Next:   stateStopShiftNotifyNotStopped,
				}},
				{stateStopShiftNotStopped, asl.Fail{Error: "$failure.Error", Cause: notStopped}},
			}, c.tell(stateStopShiftNotifyNotStopped, notStopped, stateStopShiftNotStopped)...)
		},
	}
}

// notStopped is the cause of a rollback that could not stop the shift.
const notStopped asl.Expr = "$deploymentId & ' moves traffic to version ' & $goFrom & ' and could not be stopped, as ' & $requestedBy & ' has asked (' & $reason & '): ' & $failure.Cause"

// stop a deployment and have CodeDeploy take its traffic back.
func (c Config) stop(onError []asl.Catcher, next string) asl.Task {
	const over = "CodeDeploy.DeploymentAlreadyCompletedException"
	return asl.Task{
		Resource:  c.integration("aws-sdk:codedeploy:stopDeployment"),
		Arguments: stopDeploymentArguments{DeploymentID: deploymentID, AutoRollbackEnabled: true},
		// One that has ended is not stopped by asking again: the next look sees it.
		Retry: retryUnless(over),
		Catch: append([]asl.Catcher{{ErrorEquals: []string{over}, Next: next}}, onError...),
		Next:  next,
	}
}

// mendAlias gives all traffic to the version that had it, where no deployment does: one was stopped without a rollback.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-deployments-lambda.html
func (c Config) mendAlias() step {
	const notMended asl.Expr = "'Version ' & $goFrom & ' still has traffic, and should not, as ' & $requestedBy & ' has asked (' & $reason & '): ' & $failure.Cause"
	return step{
		name:  "MendAlias",
		needs: []string{"goFrom", "goTo", "requestedBy", "reason"},
		exits: []string{stateAwaitBackBegin},
		states: func(next string) []named {
			return append([]named{
				{stateMendAliasList, c.listActive(asl.Variables{"active": asl.Expr("[$states.result.Deployments]")}, stateMendAliasUpdate, stateMendAliasIsUnderWay)},
				{stateMendAliasIsUnderWay, asl.Choice{
					Comment: "Does CodeDeploy take traffic back after all?",
					Choices: []asl.Rule{{Condition: "$count($active) > 0", Next: stateMendAliasWait}},
					Default: stateMendAliasUpdate,
				}},
				{stateMendAliasWait, asl.Wait{Seconds: awaitBackSeconds, Next: stateAwaitBackBegin}},
				{stateMendAliasUpdate, asl.Task{
					Comment:   "No deployment moves the alias, so traffic goes back in one step.",
					Resource:  c.integration("aws-sdk:lambda:updateAlias"),
					Arguments: updateAliasArguments{FunctionName: c.BlueFunction, Name: c.Alias, FunctionVersion: "$goTo"},
					Retry:     retryAlways(),
					Catch:     catchFailure(stateMendAliasNotify),
					Next:      next,
				}},
				{stateMendAliasNotMended, asl.Fail{Error: "$failure.Error", Cause: notMended}},
			}, c.tell(stateMendAliasNotify, notMended, stateMendAliasNotMended)...)
		},
	}
}

// updateAliasArguments are those of Lambda's UpdateAlias. Without weights the version has all traffic.
// See https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
type updateAliasArguments struct {
	FunctionName    string        `json:"FunctionName"`
	Name            string        `json:"Name"`
	FunctionVersion asl.Expr      `json:"FunctionVersion"`
	RoutingConfig   routingConfig `json:"RoutingConfig"`
}

type routingConfig struct {
	AdditionalVersionWeights struct{} `json:"AdditionalVersionWeights"`
}

// shiftStopped ends a rollback that has stopped a shift, unless the person has named another version than the one that has its traffic back.
// The release whose shift it was counts it.
func (c Config) shiftStopped() step {
	return step{
		name:  "ShiftStopped",
		needs: []string{varDeployment, "goFrom", "goTo", "wanted", "requestedBy", "reason"},
		exits: []string{stateChooseVersionReadPrevious},
		states: func(string) []named {
			return append([]named{
				{stateShiftStoppedIsAll, asl.Choice{
					Choices: []asl.Rule{{Condition: "$wanted in ['', $goTo]", Next: stateShiftStoppedNotify}},
					Default: stateShiftStoppedGoOn,
				}},
				{stateShiftStoppedGoOn, asl.Pass{
					Assign: asl.Variables{"goFrom": asl.Expr("$goTo")},
					Next:   stateChooseVersionReadPrevious,
				}},
				{stateShiftStopped, wentBackTo()},
			}, c.tell(stateShiftStoppedNotify, wentBack, stateShiftStopped)...)
		},
	}
}
