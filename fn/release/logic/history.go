package logic

import (
	"fmt"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// Keys of the history's items of the first of the deployments that are $unread, and no more than most of them, as DynamoDB takes them.
func Keys(name string, most int) asl.Expr {
	return asl.Expr(fmt.Sprintf("[$map(%s, function($id) { {'%s': {'S': $id}} })]", first("$unread", most), name))
}

// Pending are the deployments that are to be recorded: those that are $pending already, and of the first that are $unread those of which
// DynamoDB's answer to BatchGetItem does not say that they have one of the final statuses. Of what it has not processed it says nothing.
// There are no more than limit of them.
func Pending(table string, final []string, most, limit int) asl.Expr {
	known := fmt.Sprintf("$lookup($states.result.Responses, %s)[status.S in ['%s']].deploymentId.S", asl.Quote(table), strings.Join(final, "', '"))
	missed := fmt.Sprintf("$filter(%s, function($id) { $not($id in $pending) and $not($id in $known) })", first("$unread", most))
	return "($known := [" + asl.Expr(known) + "]; [" + first("$append($pending, "+asl.Expr(missed)+")", limit) + "])"
}

// first items of a list, and no more than most of them.
func first(list asl.Expr, most int) asl.Expr {
	return asl.Expr(fmt.Sprintf("$filter(%s, function($v, $i) { $i < %d })", list, most))
}

// Target is what CodeDeploy says of the versions of a deployment.
const Target asl.Expr = "$states.result.DeploymentTargets[0].LambdaTarget.LambdaFunctionInfo"

// About are the versions that the deployments which were recorded so far are about, and this one.
const About = "[$append($about, [" + Target + ".CurrentVersion, " + Target + ".TargetVersion])]"

// HasShifted holds if one of the deployments that were recorded so far has $shifted traffic, or this one. An event of a time before that
// may come late: then another one tells of the shift.
const HasShifted = "$shifted or $deployment.Status = 'Succeeded' and $not(" + isEarly + ")"

// isEarly holds for a deployment whose event tells of something else than its success.
const isEarly asl.Expr = "$states.context.Execution.Input.detail.deploymentId = $deploymentId and $states.context.Execution.Input.detail.state != 'SUCCESS'"
