package architecture

import (
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
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
func (p Pipeline) buildVPCStatements(f compose.Facts) []statement {
	vpc := p.Spec.Build.VPC
	if vpc == nil {
		return nil
	}
	ofAnybody := "arn:" + p.Partition() + ":ec2:" + p.Spec.Region + ":*:"
	inVPC := operands{"ec2:Vpc": ofAnybody + "vpc/" + vpc.VPCID}
	interfaces := p.arn(f, "ec2", "network-interface/*")

	connect := allow("ConnectToVPC", "ec2:CreateNetworkInterface").on(ofAnybody+"security-group/*", ofAnybody+"subnet/*")
	connect.Condition = map[string]operands{"ArnLike": inVPC}
	handOver := allow("HandOverNetworkInterfaces", "ec2:CreateNetworkInterfacePermission").on(interfaces)
	handOver.Condition = map[string]operands{
		"StringEquals": {"ec2:AuthorizedService": "codebuild.amazonaws.com"},
		"ArnLike":      inVPC,
	}
	return []statement{
		allow("FindNetworks",
			"ec2:DescribeDhcpOptions",
			"ec2:DescribeNetworkInterfaces",
			"ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets",
			"ec2:DescribeVpcs",
		).on("*"),
		allow("NetworkInterfaces", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface").on(interfaces),
		connect,
		handOver,
	}
}
