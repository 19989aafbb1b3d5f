package architecture

import (
	"slices"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	rollbackRole             resource.Name = "rollback-role"
	rollbackPolicy           resource.Name = "rollback-policy"
	rollbackPolicyAttachment resource.Name = "rollback-policy-attachment"
	rollbackMachine          resource.Name = "rollback-state-machine"
)

// rollbackStateMachine takes production back.
var rollbackStateMachine = stateMachine{
	role: rollbackRole, policy: rollbackPolicy, policyAttachment: rollbackPolicyAttachment, machine: rollbackMachine,
	base: "rollback", roleBase: "rollback-service-role",
	definition: release.Config.Rollback,
	statements: Pipeline.rollbackStatements,
}

// rollback is the state machine that people start. Who may start it can take production back, and nothing else. Beside CodeDeploy it is the
// only one that may move the alias: where a deployment that somebody has stopped leaves traffic on two versions.
func (p Pipeline) rollback() []compose.Resource {
	return p.stateMachine(rollbackStateMachine)
}

func (p Pipeline) rollbackStatements(f compose.Facts) []iam.Statement {
	return slices.Concat([]iam.Statement{
		p.readAliasStatement(f),
		iam.Allow("ReadVersion", "lambda:GetFunctionConfiguration").
			On(p.functionARN(f, blue) + ":*"),
	}, p.deploymentStatements(f, p.deploymentConfigName(), release.AllAtOnce), []iam.Statement{
		iam.Allow("History", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:UpdateItem").
			On(p.historyTableARN(f)),
		p.overrideAlarmsStatement(f),
		iam.Allow("FindShift", "codedeploy:ListDeployments").On(p.deploymentGroupARN(f)),
		// The action knows no resources in IAM.
		iam.Allow("StopShift", "codedeploy:StopDeployment").On("*"),
		iam.Allow("MendAlias", "lambda:UpdateAlias").On(p.functionARN(f, blue), p.aliasARN(f)),
		p.countStatement(),
		p.tellPeopleStatement(f),
	}, p.useTableKey())
}
