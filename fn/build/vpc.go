package build

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// vpcStatements let CodeBuild make network interfaces for builds in the claim's VPC, hand them to itself and nobody else, and delete them.
// CodeBuild does not tag them, so in this VPC the role may delete whatever is not in use. One VPC fits into the policy, and not all
// subnets that a claim may name. Subnets may be of another account, which shares them. AWS's own example lets the role delete any: see
// https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface.
func (c Config) vpcStatements() []iam.Statement {
	vpc := c.Build.VPC
	if vpc == nil {
		return nil
	}
	// Its identifier is unique. With region and account the policy would not fit.
	anywhere := "arn:" + c.Partition + ":ec2:*:*:"
	inVPC, interfaces := anywhere+"vpc/"+vpc.VPCID, anywhere+"network-interface/*"
	return []iam.Statement{
		iam.Allow("FindNetworks",
			"ec2:DescribeDhcpOptions",
			"ec2:DescribeNetworkInterfaces",
			"ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets",
			"ec2:DescribeVpcs",
		).On("*"),
		// One that is made has no VPC yet, as far as AWS documents.
		iam.Allow("NetworkInterfaces", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface").On(interfaces).
			If(iam.ArnLikeIfExists, "ec2:Vpc", inVPC),
		iam.Allow("ConnectToVPC", "ec2:CreateNetworkInterface").On(anywhere+"security-group/*", anywhere+"subnet/*").
			If(iam.ArnLike, "ec2:Vpc", inVPC),
		iam.Allow("HandOver", "ec2:CreateNetworkInterfacePermission").On(interfaces).
			If(iam.ArnLike, "ec2:Vpc", inVPC).
			If(iam.StringEquals, "ec2:AuthorizedService", "codebuild.amazonaws.com"),
	}
}
