package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateReadDeploymentRead = "ReadDeployment.Read"

	stateReadVersionsListTargets = "ReadVersions.ListTargets"
	stateReadVersionsHasTarget   = "ReadVersions.HasTarget"
	stateReadVersionsReadTarget  = "ReadVersions.ReadTarget"

	stateRecordWithVersions    = "Record.WithVersions"
	stateRecordWithoutVersions = "Record.WithoutVersions"

	stateRecordedAreAll = "Recorded.AreAll"
	stateRecordedNotAll = "Recorded.NotAll"
)

// targetsArguments are those of CodeDeploy's BatchGetDeploymentTargets.
type targetsArguments struct {
	DeploymentID asl.Expr `json:"DeploymentId"`
	TargetIDs    asl.Expr `json:"TargetIds"`
}

// readDeployment reads how the deployment goes.
func (c Config) readDeployment() step {
	return step{
		name:  "ReadDeployment",
		needs: []string{varDeployment},
		gives: []string{"deployment"},
		exits: []string{stateRecordEachWait},
		states: func(next string) []named {
			return []named{{stateReadDeploymentRead, asl.Task{
				Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
				Arguments: deploymentArguments{DeploymentID: deploymentID},
				Retry:     retryAlways(),
				Catch:     catchFailure(stateRecordEachWait),
				Assign:    asl.Variables{"deployment": asl.Expr("$states.result.DeploymentInfo")},
				Next:      next,
			}}}
		},
	}
}

// readVersions asks the deployment's target, as only that knows them. A new deployment may have none yet.
func (c Config) readVersions() step {
	return step{
		name:  "ReadVersions",
		needs: []string{varDeployment, "deployment", "about", "shifted"},
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
					Assign:    asl.Variables{"target": logic.Target, "about": logic.About, "shifted": logic.HasShifted},
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
		states: func(next string) []named {
			return []named{
				{stateRecordWithVersions, c.recordStatus(append(currentAttributes(), targetAttributes()...), next)},
				{stateRecordWithoutVersions, c.recordStatus(currentAttributes(), next)},
			}
		},
	}
}

// recorded ends the look at deployments. What could not be recorded fails the execution, once all the rest is recorded. Else it goes on to
// show what is live now.
func (c Config) recorded() step {
	return step{name: "Recorded", needs: []string{varFailure}, exits: []string{stateProgressBegin}, states: func(string) []named {
		return []named{
			{stateRecordedAreAll, asl.Choice{
				Choices: []asl.Rule{{Condition: "$failure.Error != ''", Next: stateRecordedNotAll}},
				Default: stateProgressBegin,
			}},
			{stateRecordedNotAll, asl.Fail{
				Error: "$failure.Error",
				Cause: "'not every deployment was recorded, and a later execution tries it again: ' & $failure.Cause",
			}},
		}
	}}
}

// recordStatus writes the item unless it is final already: then there is nothing to add.
func (c Config) recordStatus(attributes []historyAttribute, next string) asl.Task {
	return c.updateHistory(historyUpdate{
		Attributes:  attributes,
		UnlessFinal: true,
		Catch: append([]asl.Catcher{{
			ErrorEquals: []string{errConditionFailed},
			Next:        next,
		}}, catchFailure(next)...),
		Next: next,
	})
}
