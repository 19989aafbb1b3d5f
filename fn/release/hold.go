package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateReadTarget        = "ReadTarget"
	stateReadRollbackAsked = "ReadRollbackAsked"
	stateIsHeld            = "IsHeld"
	stateHeld              = "Held"
	stateTargetUnknown     = "TargetUnknown"
)

// holdStates keep a release from undoing a rollback that a person has asked for: a version that was published before it was
// built without knowledge of it. It may go live if the claim names its commit in bypassAlarmsForCommit.
func (c Config) holdStates() map[string]asl.State {
	return map[string]asl.State{
		stateReadTarget: asl.Task{
			Resource:  c.integration("aws-sdk:lambda:getFunctionConfiguration"),
			Arguments: versionArguments{FunctionName: c.BlueFunction, Qualifier: "$targetVersion"},
			Retry:     retryAlways(),
			Catch:     catchAll(stateTargetUnknown),
			Assign: asl.Variables{
				"publishedAt": asl.Expr("$states.result.LastModified"),
				"codeSha256":  asl.Expr("$states.result.CodeSha256"),
			},
			Next: stateReadRollbackAsked,
		},
		stateReadRollbackAsked: asl.Task{
			Comment:   "Has somebody asked for a rollback?",
			Resource:  c.integration("dynamodb:getItem"),
			Arguments: c.readItem(itemRollback),
			Retry:     retryAlways(),
			Catch:     catchAll(stateTargetUnknown),
			Assign: asl.Variables{
				"heldAt":  asl.Expr("$exists($states.result.Item.at.S) ? $states.result.Item.at.S : ''"),
				"heldFor": asl.Expr("$exists($states.result.Item.at.S) ? 'version ' & $states.result.Item.fromVersion.S & ' was taken back at ' & $states.result.Item.at.S & ' by ' & $states.result.Item.requestedBy.S & ': ' & $states.result.Item.reason.S : ''"),
			},
			Next: stateIsHeld,
		},
		stateIsHeld: asl.Choice{
			// Both are in UTC, to the second. What follows is written in two ways.
			Choices: []asl.Rule{{
				Condition: "$heldAt != '' and $not($alarmsBypassed) and $substring($publishedAt, 0, 19) < $substring($heldAt, 0, 19)",
				Next:      stateHeld,
			}},
			Default: c.afterHold(),
		},
		stateHeld: asl.Fail{
			Error: asl.Quote("OlderThanRollback"),
			Cause: "'Version ' & $targetVersion & ' was published before ' & $heldFor & '. Release a newer one, or name its commit in rollout.bypassAlarmsForCommit.'",
		},
		stateTargetUnknown: failWith("it could not be seen whether this version may go live"),
	}
}

// afterHold is where a release goes on that undoes no rollback.
func (c Config) afterHold() string {
	if len(c.Calendars) > 0 {
		return stateReadCalendar
	}
	return c.afterCalendar()
}

// afterCalendar is where a release goes on for which the time is right.
func (c Config) afterCalendar() string {
	if c.asksPeople() {
		return stateReadApproval
	}
	return stateWriteAppSpec
}
