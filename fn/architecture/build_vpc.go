package architecture

import (
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// buildVPC is nil without a VPC: the provider then takes the project out of the one that it is in.
func (p Pipeline) buildVPC() *codebuildv1beta1.VPCConfigParameters {
	vpc := p.Spec.Build.VPC
	if vpc == nil {
		return nil
	}
	return &codebuildv1beta1.VPCConfigParameters{
		VPCID:            new(vpc.VPCID),
		Subnets:          texts(vpc.SubnetIDs),
		SecurityGroupIds: texts(vpc.SecurityGroupIDs),
	}
}

// buildVPCStatements let CodeBuild make network interfaces for builds, in the claim's VPC, and hand them to itself and nobody else.
// The VPC may be of another account, which shares it. AWS's own example allows more: see
// https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface.
func (p Pipeline) buildVPCStatements(f compose.Facts) []iam.Statement {
	vpc := p.Spec.Build.VPC
	if vpc == nil {
		return nil
	}
	ofAnybody := "arn:" + p.Partition() + ":ec2:" + p.Spec.Region + ":*:"
	inVPC := ofAnybody + "vpc/" + vpc.VPCID
	interfaces := p.arn(f, "ec2", "network-interface/*")
	return []iam.Statement{
		iam.Allow("FindNetworks",
			"ec2:DescribeDhcpOptions",
			"ec2:DescribeNetworkInterfaces",
			"ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets",
			"ec2:DescribeVpcs",
		).On("*"),
		iam.Allow("NetworkInterfaces", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface").On(interfaces),
		iam.Allow("ConnectToVPC", "ec2:CreateNetworkInterface").On(ofAnybody+"security-group/*", ofAnybody+"subnet/*").
			If(iam.ArnLike, "ec2:Vpc", inVPC),
		iam.Allow("HandOverNetworkInterfaces", "ec2:CreateNetworkInterfacePermission").On(interfaces).
			If(iam.ArnLike, "ec2:Vpc", inVPC).
			If(iam.StringEquals, "ec2:AuthorizedService", "codebuild.amazonaws.com"),
	}
}
