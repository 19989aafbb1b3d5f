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

// policyAttachment is what names of attachments of the claim's policies begin with.
const policyAttachment resource.Name = "function-policy-attachment-"

// policyAttachments attach the policies that the claim names. Each is named after its policy, so that removing one leaves the
// others as they are.
func (p Pipeline) policyAttachments() []compose.Resource {
	var rs []compose.Resource
	for _, arn := range p.Spec.Service.Permissions.PolicyARNs {
		rs = append(rs, p.attachment(policyAttachment+resource.Name(shortHash([]byte(arn), 8)), nil, iamv1beta1.RolePolicyAttachmentParameters{
			RoleRef:   p.ref(functionRole),
			PolicyArn: new(arn),
		}))
	}
	return rs
}
