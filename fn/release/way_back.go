package release

import (
	"fmt"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stepCheckWayBack            = "CheckWayBack"
	stateCheckWayBackIsLastLive = "CheckWayBack.IsLastLive"
	stateCheckWayBackBegin      = "CheckWayBack.Begin"
	stateCheckWayBackList       = "CheckWayBack.List"
	stateCheckWayBackWasLive    = "CheckWayBack.WasLive"
	stateCheckWayBackNoWayBack  = "CheckWayBack.NoWayBack"
	stateCheckWayBackCannotRead = "CheckWayBack.CannotRead"
)

// maxWayBackLooks at the history. Each is of up to 100 deployments and takes a second or two: a person waits.
const maxWayBackLooks = 300

// checkWayBack refuses a version that was never live, or was taken back since. Only a release makes a version live for the first time, with
// its approval and its judgement: whoever may start a rollback must not. What is behind the version that goes was live: the state machines
// write it down, or the alias has said it to this execution. Of any other version the history must have a deployment that gave it all
// traffic, and none after that which took it back. Without the history nothing goes there: whoever could keep DynamoDB from answering could
// choose a version.
func (c Config) checkWayBack() step {
	history := search{
		list: listDeploymentsArguments{ApplicationName: c.Application, DeploymentGroupName: c.DeploymentGroup, IncludeOnlyStatuses: []string{succeeded}},
		read: c.readShifts,
		ends: []asl.Rule{{Condition: asl.Expr(fmt.Sprintf("$wayBackLooks >= %d", maxWayBackLooks)), Next: stateCheckWayBackCannotRead}},

		onError: stateCheckWayBackCannotRead,
		next:    stateCheckWayBackWasLive,
	}
	return step{name: stepCheckWayBack, needs: []string{"goTo", "previous", "serving"}, states: func(next string) []named {
		return slices.Concat([]named{
			{stateCheckWayBackIsLastLive, asl.Choice{
				Comment: "Was it live right before?",
				Choices: []asl.Rule{{Condition: "$goTo in [$previous, $serving]", Next: next}},
				Default: stateCheckWayBackBegin,
			}},
			{stateCheckWayBackBegin, asl.Pass{
				Assign: asl.Variables{
					"lastLive": "", "lastBack": "", "wayBackLooks": 0,
					varFailure: map[string]string{"Error": "HistoryTooLong", "Cause": "reading the history takes too long"},
				},
				Next: stateCheckWayBackList,
			}},
		}, c.search(stepCheckWayBack, history), []named{
			{stateCheckWayBackWasLive, asl.Choice{
				Choices: []asl.Rule{{Condition: logic.WasLive, Next: next}},
				Default: stateCheckWayBackNoWayBack,
			}},
			{stateCheckWayBackNoWayBack, noWayBack()},
			{stateCheckWayBackCannotRead, asl.Fail{
				Error: "$failure.Error",
				Cause: "'It could not be seen whether version ' & $goTo & ' was live, and so it does not go live: ' & $failure.Cause",
			}},
		})
	}}
}

// readShifts reads from the history when unread deployments have made $goTo live, or taken it back. What DynamoDB has not processed stays
// unread.
func (c Config) readShifts(onError, next string) asl.Task {
	return asl.Task{
		Comment:  "When did it go live, and when was it taken back?",
		Resource: c.integration("aws-sdk:dynamodb:batchGetItem"),
		Arguments: c.historyItems(logic.Keys(HistoryKey, maxKeys),
			"#status, startedAt, fromVersion, toVersion, requestedBy, rollbackOf", "status"),
		Retry: retryAlways(),
		Catch: catchFailure(onError),
		Assign: asl.Variables{
			"lastLive":     logic.LastLive(c.HistoryTable),
			"lastBack":     logic.LastBack(c.HistoryTable),
			"unread":       logic.Unread(c.HistoryTable, HistoryKey, maxKeys),
			"wayBackLooks": asl.Expr("$wayBackLooks + 1"),
		},
		Next: next,
	}
}

// noWayBack ends a rollback to a version that was never live or was taken back.
func noWayBack() asl.Fail {
	return asl.Fail{
		Error: asl.Quote("NoWayBack"),
		Cause: "'Version ' & $goTo & ($lastBack != '' ? ' was taken back at ' & $lastBack & ', and nothing has made it live since.' : " +
			"' was never live: the history has no deployment that gave it all traffic.') & ' It goes live by a release, not by a rollback.'",
	}
}
