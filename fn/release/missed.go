package release

import (
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stepFindMissed       = "FindMissed"
	stateFindMissedBegin = "FindMissed.Begin"
	stateFindMissedList  = "FindMissed.List"

	stateRecordEachIsAnyLeft = "RecordEach.IsAnyLeft"
	stateRecordEachTake      = "RecordEach.Take"
	stateRecordEachWait      = "RecordEach.Wait"
)

const (
	// missedDays is how long ago a deployment was created at the most that is looked for. One takes three days at the most: see
	// shiftLimitMinutes. The rest is for looks that fail.
	missedDays = 14

	// maxRecorded deployments in one execution. If calls fail, each deployment takes minutes. The next execution goes on.
	maxRecorded = 25

	// maxKeys of one BatchGetItem.
	// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
	maxKeys = 100

	// missedSeconds between two rounds of calls: CodeDeploy throttles all callers of an account together.
	missedSeconds = 1
)

type (
	batchGetItemArguments struct {
		RequestItems map[string]keysAndAttributes `json:"RequestItems"`
	}

	keysAndAttributes struct {
		Keys                     asl.Expr          `json:"Keys"`
		ProjectionExpression     string            `json:"ProjectionExpression"`
		ExpressionAttributeNames map[string]string `json:"ExpressionAttributeNames"`
		ConsistentRead           bool              `json:"ConsistentRead"`
	}
)

// findMissed finds deployments that have ended without the history knowing it, as AWS delivers events at best effort only. The deployment
// of the event, if any, is the first that is $pending, whatever the others are.
func (c Config) findMissed() step {
	return step{name: stepFindMissed, gives: []string{"pending", "about", "shifted", varFailure}, states: func(next string) []named {
		return slices.Concat([]named{
			{stateFindMissedBegin, asl.Pass{
				Assign: asl.Variables{
					"pending":  asl.Expr("[$states.input.detail.deploymentId]"),
					"about":    []string{},
					"shifted":  false,
					varFailure: map[string]string{"Error": "", "Cause": ""},
				},
				Next: stateFindMissedList,
			}},
		}, c.search(stepFindMissed, search{list: c.listEnded(), read: c.readStatus, onError: next, next: next}))
	}}
}

// listEnded asks for the deployments of the group that have ended. An item that has expired is not written again.
func (c Config) listEnded() listDeploymentsArguments {
	days := int32(missedDays)
	if c.HistoryDays > 0 {
		days = min(days, c.HistoryDays)
	}
	return listDeploymentsArguments{
		ApplicationName:     c.Application,
		DeploymentGroupName: c.DeploymentGroup,
		CreateTimeRange:     &timeRange{Start: logic.DaysBeforeStart(days)},
		IncludeOnlyStatuses: finalStatuses,
	}
}

// historyItems asks for the items with the keys, as they are now. DynamoDB reserves the name of one of the attributes: it is written with a #.
func (c Config) historyItems(keys asl.Expr, attributes, reserved string) batchGetItemArguments {
	return batchGetItemArguments{RequestItems: map[string]keysAndAttributes{c.HistoryTable: {
		Keys:                     keys,
		ProjectionExpression:     attributes,
		ExpressionAttributeNames: map[string]string{"#" + reserved: reserved},
		ConsistentRead:           true,
	}}}
}

// readStatus reads what the history says of as many unread deployments as one call takes.
func (c Config) readStatus(onError, next string) asl.Task {
	return asl.Task{
		Comment:   "Of which does the history know that they have ended?",
		Resource:  c.integration("aws-sdk:dynamodb:batchGetItem"),
		Arguments: c.historyItems(logic.Keys(HistoryKey, maxKeys), HistoryKey+", #status", "status"),
		Retry:     retryAlways(),
		Catch:     catchFailure(onError),
		Assign: asl.Variables{
			"pending": logic.Pending(c.HistoryTable, finalStatuses, maxKeys, maxRecorded),
			"unread":  logic.AllBut(maxKeys, "$unread"),
		},
		Next: next,
	}
}

// recordEach records what is pending, one deployment after the other.
func (c Config) recordEach() step {
	return step{name: "RecordEach", needs: []string{"pending"}, exits: []string{stateReadDeploymentRead}, states: func(next string) []named {
		return []named{
			{stateRecordEachIsAnyLeft, asl.Choice{
				Choices: []asl.Rule{{Condition: "$count($pending) > 0", Next: stateRecordEachTake}},
				Default: next,
			}},
			{stateRecordEachTake, asl.Pass{
				Assign: asl.Variables{
					varDeployment: asl.Expr("$pending[0]"),
					"pending":     logic.AllBut(1, "$pending"),
				},
				Next: stateReadDeploymentRead,
			}},
			{stateRecordEachWait, asl.Wait{Seconds: missedSeconds, Next: stateRecordEachIsAnyLeft}},
		}
	}}
}
