package architecture

import (
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// functionRoleVPC lets Lambda make and delete the network interfaces of functions in a VPC, which it does in their role's name.
const functionRoleVPC resource.Name = "function-role-vpc-access"

// vpcAccess is there for a claim with a VPC, and stays when the claim takes it away: versions that were published in the VPC are
// in it for ever, the live one until the next release, and without the permission their network interfaces would be left behind.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html.
func (p Pipeline) vpcAccess() []compose.Resource {
	if p.Spec.Service.VPC == nil && p.Names.existing[functionRoleVPC] == "" {
		return nil
	}
	return []compose.Resource{p.attachAWS(functionRoleVPC, functionRole, "service-role/AWSLambdaVPCAccessExecutionRole")}
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
