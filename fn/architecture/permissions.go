package architecture

import (
	"strconv"

	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// permissionStatements let the service do what its claim says.
func (p Pipeline) permissionStatements() []iam.Statement {
	var statements []iam.Statement
	for i, s := range p.Spec.Service.Permissions.Statements {
		statements = append(statements, iam.Allow("Claim"+strconv.Itoa(i+1), s.Actions...).On(s.Resources...))
	}
	return statements
}

// policyAttachments attach the policies that the claim names. Each is named after its policy, so that removing one leaves the
// others as they are.
func (p Pipeline) policyAttachments() []compose.Resource {
	var rs []compose.Resource
	for _, arn := range p.Spec.Service.Permissions.PolicyARNs {
		rs = append(rs, p.attachment(resource.Name("function-policy-attachment-"+shortHash([]byte(arn), 8)), nil, iamv1beta1.RolePolicyAttachmentParameters{
			RoleRef:   p.ref(functionRole),
			PolicyArn: new(arn),
		}))
	}
	return rs
}

// itemActions are those of DynamoDB of whose items IAM is told the keys, BatchWriteItem and ConditionCheckItem among them.
func itemActions() []string {
	return []string{"dynamodb:*Item", "dynamodb:Query"}
}

// denials keep the service from the history of its releases, and from what delivers it. To refuse claims that name these would not
// do: a policy that the claim names may allow anything, and so may one that somebody has attached by hand. What is denied here
// nothing allows.
func (p Pipeline) denials(f compose.Facts) []iam.Statement {
	table := p.historyTableARN(f)
	others := iam.Deny("OnlyItsOwnItems", itemActions()...).On(table).
		If(iam.ForAnyValueStringNotLike, "dynamodb:LeadingKeys", serviceItems)
	// All that has no key, scans and the table itself among it.
	rest := iam.DenyAllBut("NothingButItems", itemActions()...).On(table, table+"/*")

	bucket, app := p.artifactBucketARN(), p.Names.DeployApp()
	delivery := iam.Deny("NotWhatDeliversIt",
		"cloudwatch:*", "codebuild:*", "codedeploy:*", "codepipeline:*", "iam:*", "lambda:*", "s3:*", "states:*", "sts:*",
	).On(
		p.errorAlarmARN(f),
		p.buildProjectARN(f),
		p.arn(f, "codedeploy", "application:"+app),
		p.arn(f, "codedeploy", "deploymentgroup:"+app+"/"+p.Names.DeploymentGroup()),
		p.arn(f, "codepipeline", p.Names.DeliveryPipeline()),
		p.stateMachineARN(f, releaseStateMachine),
		p.stateMachineARN(f, rollbackStateMachine),
		p.stateMachineARN(f, watchStateMachine),
		bucket, bucket+"/*",
	)
	for _, c := range []color{blue, green} {
		delivery.Resource = append(delivery.Resource, p.functionARN(f, c), p.functionARN(f, c)+":*")
	}
	for _, role := range []string{p.Names.functionRole(), p.Names.aws("watch-events-role"), p.Names.aws("*-service-role")} {
		delivery.Resource = append(delivery.Resource, p.roleARN(f, role))
	}
	return []iam.Statement{others, rest, delivery}
}
