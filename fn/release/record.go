package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateReadDeployment          = "ReadDeployment"
	stateReadVersionsListTargets = "ReadVersions.ListTargets"
	stateReadVersionsHasTarget   = "ReadVersions.HasTarget"
	stateReadVersionsReadTarget  = "ReadVersions.ReadTarget"
	stateRecordWithVersions      = "Record.WithVersions"
	stateRecordWithoutVersions   = "Record.WithoutVersions"
	stateRecordDone              = "Record.Done"
	stateRecordNotRecorded       = "Record.NotRecorded"
)

// targetsArguments are those of CodeDeploy's BatchGetDeploymentTargets.
type targetsArguments struct {
	DeploymentID asl.Expr `json:"DeploymentId"`
	TargetIDs    asl.Expr `json:"TargetIds"`
}

// record records the deployment that an event of CodeDeploy's names, whoever started it: a release, a rollback, a person in the
// console. The event says only that something changed, and events come late, twice and out of order, so what is recorded is what
// CodeDeploy says now.
func (c Config) record() sequence {
	return sequence{
		c.lookUpDeployment(),
		c.lookUpVersions(),
		c.recordDeployment(),
	}
}

func (c Config) lookUpDeployment() step {
	return step{name: "ReadDeployment", gives: []string{varDeployment, "deployment"}, states: func(next string) []named {
		return []named{{stateReadDeployment, asl.Task{
			Resource:  c.integration("aws-sdk:codedeploy:getDeployment"),
			Arguments: deploymentArguments{DeploymentID: "$states.input.detail.deploymentId"},
			Retry:     retryAlways(),
			Catch:     catchAll(stateRecordNotRecorded),
			Assign: asl.Variables{
				varDeployment: asl.Expr("$states.input.detail.deploymentId"),
				"deployment":  asl.Expr("$states.result.DeploymentInfo"),
			},
			Next: next,
		}}}
	}}
}

// lookUpVersions asks the deployment's target, as only that knows them. A new deployment may have none yet.
func (c Config) lookUpVersions() step {
	return step{name: "ReadVersions", needs: []string{varDeployment}, gives: []string{"target"}, states: func(next string) []named {
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
	}}
}

func (c Config) recordDeployment() step {
	return step{name: "Record", needs: []string{varDeployment, "deployment", "target"}, states: func(string) []named {
		return []named{
			{stateRecordWithVersions, c.recordEvent(append(currentAttributes(), targetAttributes()...))},
			{stateRecordWithoutVersions, c.recordEvent(currentAttributes())},
			{stateRecordDone, done("the history has what CodeDeploy says of the deployment")},
			{stateRecordNotRecorded, failWith("the event was not recorded")},
		}
	}}
}

// recordEvent writes the item unless it is final already: then this event is late, and there is nothing to add.
func (c Config) recordEvent(attributes []historyAttribute) asl.Task {
	return c.updateHistory(historyUpdate{
		Attributes:  attributes,
		UnlessFinal: true,
		Catch: append([]asl.Catcher{{
			ErrorEquals: []string{errConditionFailed},
			Next:        stateRecordDone,
		}}, catchAll(stateRecordNotRecorded)...),
		Next: stateRecordDone,
	})
}
