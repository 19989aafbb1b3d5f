package architecture

import (
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// makeInterfaces is the Sid of a statement that versions in a VPC need.
const makeInterfaces = "MakeInterfaces"

// wasInVPC reports whether the functions' role has what versions in a VPC need. It stays when the claim takes the VPC away: versions that
// were published in the VPC are in it for ever, the live one until the next release, and without the permission their network interfaces
// would be left behind. See https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html.
func wasInVPC(seen compose.Observation) bool {
	return seen.Exists(functionRoleVPC) || seen.Exists(functionNetworkAttachment) || hasStatement(seen.Composed(functionLogPolicy), makeInterfaces)
}

func (p Pipeline) hasVPCAccess() bool {
	return p.Spec.Service.VPC != nil || p.WasInVPC
}

// networkStatements are what Lambda asks for, which makes and deletes the network interfaces of functions in a VPC in the name of their role:
// for all network interfaces, as it is not known which it will make. A subnet may be another account's, who shares it.
func (p Pipeline) networkStatements() []iam.Statement {
	if !p.hasVPCAccess() {
		return nil
	}
	every := func(kind string) string { return "arn:" + p.Partition() + ":ec2:*:*:" + kind + "/*" }
	return []iam.Statement{
		iam.Allow("LookAtNetworks", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets").On("*"),
		iam.Allow(makeInterfaces, "ec2:CreateNetworkInterface").On(every("network-interface"), every("security-group"), every("subnet")),
		iam.Allow("UseInterfaces", "ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses").
			On(every("network-interface")),
	}
}

// networkDenials keep from the code what is allowed for Lambda itself: it is for all network interfaces of the account. Lambda
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
