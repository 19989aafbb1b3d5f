package build

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// vpcStatements let CodeBuild make network interfaces for builds, in the claim's subnets and with its security groups, hand them to
// itself and nobody else, and delete them. CodeBuild does not tag them, so in these subnets the role may delete whatever is not in use.
// Subnets may be of another account, which shares them. AWS's own example allows more: see
// https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface.
func (c Config) vpcStatements(account string) []iam.Statement {
	vpc := c.Build.VPC
	if vpc == nil {
		return nil
	}
	interfaces := c.arn("ec2", account, "network-interface/*")
	subnets := c.networks("subnet", vpc.SubnetIDs)
	return []iam.Statement{
		iam.Allow("FindNetworks",
			"ec2:DescribeDhcpOptions",
			"ec2:DescribeNetworkInterfaces",
			"ec2:DescribeSecurityGroups",
			"ec2:DescribeSubnets",
			"ec2:DescribeVpcs",
		).On("*"),
		iam.Allow("NetworkInterfaces", "ec2:CreateNetworkInterface").On(interfaces),
		iam.Allow("ConnectToVPC", "ec2:CreateNetworkInterface").
			On(append(c.networks("security-group", vpc.SecurityGroupIDs), subnets...)...),
		iam.Allow("DeleteNetworkInterfaces", "ec2:DeleteNetworkInterface").On(interfaces).
			If(iam.ArnLike, "ec2:Subnet", subnets...),
		iam.Allow("HandOverNetworkInterfaces", "ec2:CreateNetworkInterfacePermission").On(interfaces).
			If(iam.ArnLike, "ec2:Subnet", subnets...).
			If(iam.StringEquals, "ec2:AuthorizedService", "codebuild.amazonaws.com"),
	}
}

// networks are the ARNs of these subnets or security groups, in whatever account.
func (c Config) networks(kind string, ids []string) []string {
	var arns []string
	for _, id := range ids {
		arns = append(arns, c.arn("ec2", "*", kind+"/"+id))
	}
	return arns
}
