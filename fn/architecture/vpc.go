package architecture

import (
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// functionRoleVPC lets Lambda make and delete the network interfaces of functions in a VPC, which it does in their role's name.
const functionRoleVPC resource.Name = "function-role-vpc-access"

// vpcAccess is there for a claim with a VPC, and stays when the claim takes it away: versions that were published in the VPC are
// in it for ever, the live one until the next release, and without the permission their network interfaces would be left behind.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html.
func (p Pipeline) vpcAccess() []compose.Resource {
	if !p.hasVPCAccess() {
		return nil
	}
	return []compose.Resource{p.attachAWS(functionRoleVPC, functionRole, "service-role/AWSLambdaVPCAccessExecutionRole")}
}

func (p Pipeline) hasVPCAccess() bool {
	return p.Spec.Service.VPC != nil || p.Names.existing[functionRoleVPC] != ""
}

// networkDenials keep what AWS's policy allows for Lambda itself from the code: it is for all network interfaces of the account. Lambda
// names the function in calls that come from its code, and in none by which it makes or deletes interfaces. See
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html.
func (p Pipeline) networkDenials() []iam.Statement {
	if !p.hasVPCAccess() {
		return nil
	}
	return []iam.Statement{
		iam.Deny("NetworksAreForLambdaOnly", "ec2:*NetworkInterface", "ec2:*PrivateIpAddresses").On("arn:"+p.Partition()+":ec2:*:*:network-interface/*").
			If(iam.ArnLike, "lambda:SourceFunctionArn", "arn:*:lambda:*:*:function:*"),
	}
}

// vpcConfig is nil without a VPC: the provider then takes the functions out of the one that they are in.
func (p Pipeline) vpcConfig() []lambdav1beta1.VPCConfigParameters {
	vpc := p.Spec.Service.VPC
	if vpc == nil {
		return nil
	}
	return []lambdav1beta1.VPCConfigParameters{{
		SubnetIds:        texts(vpc.SubnetIDs),
		SecurityGroupIds: texts(vpc.SecurityGroupIDs),
	}}
}

// texts as the provider's types want them.
func texts(values []string) []*string {
	var pointers []*string
	for _, v := range values {
		pointers = append(pointers, new(v))
	}
	return pointers
}
