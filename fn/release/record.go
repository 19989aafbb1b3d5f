package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateReadDeploymentRead       = "ReadDeployment.Read"
	stateReadDeploymentCannotRead = "ReadDeployment.CannotRead"

	stateReadVersionsListTargets = "ReadVersions.ListTargets"
	stateReadVersionsHasTarget   = "ReadVersions.HasTarget"
	stateReadVersionsReadTarget  = "ReadVersions.ReadTarget"

	stateRecordWithVersions    = "Record.WithVersions"
	stateRecordWithoutVersions = "Record.WithoutVersions"
	stateRecordNotRecorded     = "Record.NotRecorded"

	stateRecorded = "Recorded"
)

// targetsArguments are those of CodeDeploy's BatchGetDeploymentTargets.
type targetsArguments struct {
	DeploymentID asl.Expr `json:"DeploymentId"`
	TargetIDs    asl.Expr `json:"TargetIds"`
}

// readDeployment reads how the deployment goes.
func (c Config) readDeployment() step {
	return step{name: "ReadDeployment", gives: []string{varDeployment, "deployment"}, states: func(next string) []named {
		return []named{
			{stateReadDeploymentRead, asl.Task{
				Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
				Arguments: deploymentArguments{DeploymentID: "$states.input.detail.deploymentId"},
				Retry:     retryAlways(),
				Catch:     catchAll(stateReadDeploymentCannotRead),
				Assign: asl.Variables{
					varDeployment: asl.Expr("$states.input.detail.deploymentId"),
					"deployment":  asl.Expr("$states.result.DeploymentInfo"),
				},
				Next: next,
			}},
			{stateReadDeploymentCannotRead, failWith("the event was not recorded")},
		}
	}}
}

// readVersions asks the deployment's target, as only that knows them. A new deployment may have none yet.
func (c Config) readVersions() step {
	return step{
		name:  "ReadVersions",
		needs: []string{varDeployment},
		gives: []string{"target"},
		exits: []string{stateRecordWithoutVersions},
		states: func(next string) []named {
			return []named{
				{stateReadVersionsListTargets, asl.Task{
					Comment:   "Which versions? Only the deployment's target knows, and a new deployment may have none yet.",
					Resource:  c.integration("aws-sdk:codedeploy:listDeploymentTargets"),
					Arguments: deploymentArguments{DeploymentID: deploymentID},
					Retry:     retryAlways(),
					Catch:     catchAll(stateRecordWithoutVersions),
					Assign:    asl.Variables{"targets": asl.Expr("[$states.result.TargetIds]")},
					Next:      stateReadVersionsHasTarget,
				}},
				{stateReadVersionsHasTarget, asl.Choice{
					Choices: []asl.Rule{{Condition: "$count($targets) > 0", Next: stateReadVersionsReadTarget}},
					Default: stateRecordWithoutVersions,
				}},
				{stateReadVersionsReadTarget, asl.Task{
					Resource:  c.integration("aws-sdk:codedeploy:batchGetDeploymentTargets"),
					Arguments: targetsArguments{DeploymentID: deploymentID, TargetIDs: "$targets"},
					Retry:     retryAlways(),
					Catch:     catchAll(stateRecordWithoutVersions),
					Assign:    asl.Variables{"target": asl.Expr("$states.result.DeploymentTargets[0].LambdaTarget.LambdaFunctionInfo")},
					Next:      next,
				}},
			}
		},
	}
}

// recordDeployment writes down what CodeDeploy says. A deployment without a target has not begun.
func (c Config) recordDeployment() step {
	return step{
		name:  "Record",
		needs: []string{varDeployment, "deployment", "target"},
		exits: []string{stateRecorded},
		states: func(next string) []named {
			return []named{
				{stateRecordWithVersions, c.recordEvent(append(currentAttributes(), targetAttributes()...), next)},
				{stateRecordWithoutVersions, c.recordEvent(currentAttributes(), stateRecorded)},
				{stateRecordNotRecorded, failWith("the event was not recorded")},
			}
		},
	}
}

func (c Config) recorded() step {
	return step{name: "Recorded", states: func(string) []named {
		return []named{{stateRecorded, done("the history has what CodeDeploy says of the deployment")}}
	}}
}

// recordEvent writes the item unless it is final already: then this event is late, and there is nothing to add.
func (c Config) recordEvent(attributes []historyAttribute, next string) asl.Task {
	return c.updateHistory(historyUpdate{
		Attributes:  attributes,
		UnlessFinal: true,
		Catch: append([]asl.Catcher{{
			ErrorEquals: []string{errConditionFailed},
			Next:        next,
		}}, catchAll(stateRecordNotRecorded)...),
		Next: next,
	})
}
