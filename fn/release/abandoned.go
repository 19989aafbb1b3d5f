package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateAbandonedList          = "Abandoned.List"
	stateAbandonedIsAnyThere    = "Abandoned.IsAnyThere"
	stateAbandonedRead          = "Abandoned.Read"
	stateAbandonedIsOfExecution = "Abandoned.IsOfExecution"
	stateAbandonedStop          = "Abandoned.Stop"
	stateAbandonedStopped       = "Abandoned.Stopped"
	stateAbandonedNone          = "Abandoned.None"
	stateAbandonedCannotStop    = "Abandoned.CannotStop"
)

// isBadEnd holds for an event of Step Functions: an execution of the release has ended, and not well.
const isBadEnd asl.Expr = "$states.input.source = '" + ExecutionSource + "' and $type($states.input.detail.name) = 'string'"

// stopAbandoned stops the deployment of a release whose execution has ended before it: nobody follows or judges it any more. Any other
// deployment goes on, that of another release or of a rollback too.
func (c Config) stopAbandoned() step {
	return step{name: "Abandoned", states: func(string) []named {
		return []named{
			{stateAbandonedList, c.listActive(asl.Variables{varDeployment: logic.Text("$states.result.Deployments")}, stateAbandonedCannotStop, stateAbandonedIsAnyThere)},
			{stateAbandonedIsAnyThere, asl.Choice{
				Choices: []asl.Rule{{Condition: deploymentID + " != ''", Next: stateAbandonedRead}},
				Default: stateAbandonedNone,
			}},
			{stateAbandonedRead, asl.Task{
				Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
				Arguments: deploymentArguments{DeploymentID: deploymentID},
				Retry:     retryAlways(),
				Catch:     catchAll(stateAbandonedCannotStop),
				Assign:    asl.Variables{"description": logic.Text("$states.result.DeploymentInfo.Description")},
				Next:      stateAbandonedIsOfExecution,
			}},
			{stateAbandonedIsOfExecution, asl.Choice{
				Choices: []asl.Rule{{
					Condition: "$description = (" + byExecution + "$states.context.Execution.Input.detail.name" + ")",
					Next:      stateAbandonedStop,
				}},
				Default: stateAbandonedNone,
			}},
			{stateAbandonedStop, c.stop(catchAll(stateAbandonedCannotStop), stateAbandonedStopped)},
			{stateAbandonedStopped, done("the deployment of a release that has ended before it was stopped")},
			{stateAbandonedNone, done("no deployment of this release is under way")},
			{stateAbandonedCannotStop, failWith("a release has ended, and whether its deployment goes on could not be seen, or it could not be stopped")},
		}
	}}
}
