package release

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// Attributes of a history item, which are inputs and variables of the state machines too.
const (
	attributeExecution = "pipelineExecutionId"
	attributeCommit    = "commitId"
	attributeBypassed  = "alarmsBypassed"
)

// A historyAttribute is one attribute of a history item and where its value comes from.
type historyAttribute struct {
	Name string

	// Type is DynamoDB's: S for text, N for a number (as text), BOOL.
	Type string

	Value asl.Expr

	// Once: the first value stays.
	Once bool
}

// now is when the state that says it began.
const now = logic.Now

// deploymentID is the deployment that an execution is about.
const deploymentID asl.Expr = "$deploymentId"

// errConditionFailed is how DynamoDB refuses a conditional update.
const errConditionFailed = "DynamoDB.ConditionalCheckFailedException"

// deploymentError is CodeDeploy's own message, or nothing.
const deploymentError = "($exists($deployment.ErrorInformation) ? $deployment.ErrorInformation.Code & ': ' & $deployment.ErrorInformation.Message : '')"

// releaseAttributes are what only the release knows of its deployment.
func (c Config) releaseAttributes() []historyAttribute {
	return slices.Concat([]historyAttribute{
		{Name: "functionName", Type: "S", Value: asl.Quote(c.BlueFunction)},
		{Name: "alias", Type: "S", Value: asl.Quote(c.Alias)},
		{Name: "fromVersion", Type: "S", Value: "$currentVersion"},
		{Name: "toVersion", Type: "S", Value: "$targetVersion"},
		{Name: "codeSha256", Type: "S", Value: "$codeSha256"},
		{Name: attributeExecution, Type: "S", Value: "$pipelineExecutionId"},
		{Name: attributeCommit, Type: "S", Value: "$commitId"},
		{Name: "authoredAt", Type: "S", Value: "$authoredAt"},
	}, c.artifactAttributes(), c.approvalAttributes(), c.calendarAttributes(), c.bypassAttributes())
}

// bypassAttributes are what the claim says of the one commit that it lets through.
func (c Config) bypassAttributes() []historyAttribute {
	if c.Rollout.BypassAlarmsForCommit == "" {
		return nil
	}
	return []historyAttribute{
		{Name: "bypassReason", Type: "S", Value: "$overruled ? " + asl.Quote(c.Rollout.BypassReason) + " : ''"},
		{Name: "rollbackBypassed", Type: "S", Value: "$overruled ? $heldFor : ''"},
	}
}

// startAttributes are those of a deployment that was created just now. An event may have told more already.
func startAttributes() []historyAttribute {
	return startAttributesOf("$alarmsBypassed")
}

func startAttributesOf(bypassed asl.Expr) []historyAttribute {
	return []historyAttribute{
		{Name: "status", Type: "S", Value: "'Created'", Once: true},
		{Name: "startedAt", Type: "S", Value: now, Once: true},
		{Name: attributeBypassed, Type: "BOOL", Value: bypassed},
	}
}

// currentAttributes are what CodeDeploy tells of any deployment, at any time.
func currentAttributes() []historyAttribute {
	return append(endAttributes(), historyAttribute{
		Name: "rollbackOf", Type: "S",
		Value: logic.Text("$deployment.RollbackInfo.RollbackTriggeringDeploymentId"),
	})
}

// endAttributes are those of currentAttributes that CodeDeploy knows also of a rollback that is not its own.
func endAttributes() []historyAttribute {
	return []historyAttribute{
		{Name: "status", Type: "S", Value: "$deployment.Status"},
		{Name: "startedAt", Type: "S", Value: "$deployment.CreateTime", Once: true},
		{Name: "completedAt", Type: "S", Value: logic.Text("$deployment.CompleteTime")},
		{Name: attributeBypassed, Type: "BOOL", Value: "$deployment.OverrideAlarmConfiguration.Enabled = false"},
		{Name: "error", Type: "S", Value: deploymentError},
	}
}

// targetAttributes are what a deployment's target tells of its versions.
func targetAttributes() []historyAttribute {
	return []historyAttribute{
		{Name: "functionName", Type: "S", Value: "$target.FunctionName"},
		{Name: "alias", Type: "S", Value: "$target.FunctionAlias"},
		{Name: "fromVersion", Type: "S", Value: "$target.CurrentVersion"},
		{Name: "toVersion", Type: "S", Value: "$target.TargetVersion"},
	}
}

// expiryAttribute is when DynamoDB may delete the item, in seconds since 1970, where the claim limits how long history is
// kept. It counts from the first time the item is written.
func (c Config) expiryAttribute() []historyAttribute {
	days := c.HistoryDays
	if days == 0 {
		return nil
	}
	return []historyAttribute{{
		Name:  HistoryExpiry,
		Type:  "N",
		Value: logic.ExpiryIn(days),
		Once:  true,
	}}
}

// A historyUpdate says what to write of an item, and where to go on.
type historyUpdate struct {
	Comment    string
	Attributes []historyAttribute

	// Item that is no deployment, and never expires. Empty: that of $deploymentId.
	Item asl.Expr

	// UnlessFinal: an item that says how the deployment ended stays as it is.
	UnlessFinal bool

	// UnlessSince: an item whose attribute at is not before that time stays as it is. Empty: it is written in any case.
	UnlessSince asl.Expr

	// Retry is how often to try. Nil: always.
	Retry []asl.Retrier

	// Old are variables to set from $states.result.Attributes: what the attributes were before.
	Old asl.Variables

	Catch []asl.Catcher
	Next  string
}

// updateItemArguments are those of DynamoDB's UpdateItem.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
type updateItemArguments struct {
	TableName                 string                    `json:"TableName"`
	Key                       map[string]attributeValue `json:"Key"`
	UpdateExpression          string                    `json:"UpdateExpression"`
	ConditionExpression       string                    `json:"ConditionExpression,omitempty"`
	ExpressionAttributeNames  map[string]string         `json:"ExpressionAttributeNames"`
	ExpressionAttributeValues map[string]attributeValue `json:"ExpressionAttributeValues"`
	ReturnValues              string                    `json:"ReturnValues,omitempty"`
}

// An attributeValue has one member: its DynamoDB type, with the value.
type attributeValue map[string]asl.Expr

// succeeded is the status of a deployment that has moved all traffic.
const succeeded = "Succeeded"

// finalStatuses of a deployment. None of them ever changes.
var finalStatuses = []string{succeeded, "Failed", "Stopped"}

// updateHistory writes attributes of an item, which it creates if there is none.
func (c Config) updateHistory(u historyUpdate) asl.Task {
	args := updateItemArguments{
		TableName:                 c.HistoryTable,
		Key:                       map[string]attributeValue{HistoryKey: {"S": cmp.Or(u.Item, deploymentID)}},
		ExpressionAttributeNames:  map[string]string{},
		ExpressionAttributeValues: map[string]attributeValue{},
	}
	var sets []string
	attributes := u.Attributes
	if u.Item == "" {
		attributes = append(attributes, c.expiryAttribute()...)
	}
	for _, a := range attributes {
		name, value := "#"+a.Name, ":"+a.Name
		args.ExpressionAttributeNames[name] = a.Name
		args.ExpressionAttributeValues[value] = attributeValue{a.Type: a.Value}
		if a.Once {
			value = fmt.Sprintf("if_not_exists(%s, %s)", name, value)
		}
		sets = append(sets, name+" = "+value)
	}
	args.UpdateExpression = "SET " + strings.Join(sets, ", ")
	if u.UnlessFinal {
		args.ConditionExpression = unlessFinal(args.ExpressionAttributeValues)
	}
	if u.UnlessSince != "" {
		args.ConditionExpression = "attribute_not_exists(#at) OR #at < :since"
		args.ExpressionAttributeValues[":since"] = attributeValue{"S": u.UnlessSince}
	}
	if u.Old != nil {
		args.ReturnValues = "UPDATED_OLD"
	}
	if u.Retry == nil {
		u.Retry = retryUnless(errConditionFailed)
	}
	return asl.Task{
		Comment:   u.Comment,
		Resource:  c.integration("dynamodb:updateItem"),
		Arguments: args,
		Retry:     u.Retry,
		Catch:     u.Catch,
		Assign:    u.Old,
		Next:      u.Next,
	}
}

// unlessFinal is the condition that the item does not say yet how the deployment ended. It adds the values it compares
// with.
func unlessFinal(values map[string]attributeValue) string {
	var final []string
	for _, status := range finalStatuses {
		value := ":" + strings.ToLower(status)
		values[value] = attributeValue{"S": asl.Quote(status)}
		final = append(final, value)
	}
	return "attribute_not_exists(#status) OR NOT #status IN (" + strings.Join(final, ", ") + ")"
}
