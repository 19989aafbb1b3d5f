package aws

import (
	"archive/zip"
	"bytes"
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// surroundings are what an account has before the full claim is filed, and that the claim names.
type surroundings struct {
	vpcID                       string
	subnetIDs, securityGroupIDs []string
	layerARN                    string
}

func createSurroundings(ctx context.Context) (surroundings, error) {
	var s surroundings
	vpc, err := cloud.EC2.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.20.0.0/16")})
	if err != nil {
		return s, err
	}
	s.vpcID = *vpc.Vpc.VpcId
	for cidr, zone := range map[string]string{"10.20.1.0/24": region + "a", "10.20.2.0/24": region + "b"} {
		subnet, err := cloud.EC2.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: &cidr, AvailabilityZone: &zone})
		if err != nil {
			return s, err
		}
		s.subnetIDs = append(s.subnetIDs, *subnet.Subnet.SubnetId)
	}
	group, err := cloud.EC2.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId: vpc.Vpc.VpcId, GroupName: aws.String("payments-database-clients"), Description: aws.String("May reach the database."),
	})
	if err != nil {
		return s, err
	}
	s.securityGroupIDs = []string{*group.GroupId}

	var empty bytes.Buffer
	if err := zip.NewWriter(&empty).Close(); err != nil {
		return s, err
	}
	layer, err := cloud.Lambda.PublishLayerVersion(ctx, &lambda.PublishLayerVersionInput{
		LayerName: aws.String("payments-observability"), Content: &lambdatypes.LayerVersionContentInput{ZipFile: empty.Bytes()},
	})
	if err != nil {
		return s, err
	}
	s.layerARN = *layer.LayerVersionArn

	if _, err := cloud.EventBridge.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String("disputes")}); err != nil {
		return s, err
	}

	_, err = cloud.IAM.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName:     aws.String("payment-service-tracing"),
		PolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}]}`),
	})
	return s, err
}

// newFull returns the claim of everything, with what this account has in the place of the example's. It can be deleted.
func newFull(t *testing.T, suffix string) claims.Claim {
	t.Helper()
	full := environment.New(t, "examples/claims/full.yaml", suffix)
	full.Set(false, "deletionProtection")
	// TestPromotion has two pipelines for that.
	full.Set(nil, "promoteTo")
	full.Set(anyOf(around.subnetIDs), "service", "vpc", "subnetIds")
	full.Set(anyOf(around.securityGroupIDs), "service", "vpc", "securityGroupIds")
	full.Set(anyOf([]string{around.layerARN}), "service", "layers")
	full.Set(kmsKey, "service", "kmsKeyArn")
	full.Set(around.vpcID, "build", "vpc", "vpcId")
	full.Set(anyOf(around.subnetIDs), "build", "vpc", "subnetIds")
	full.Set(anyOf(around.securityGroupIDs), "build", "vpc", "securityGroupIds")
	return full
}

// anyOf are texts as JSON has them.
func anyOf(texts []string) []any {
	out := make([]any, 0, len(texts))
	for _, text := range texts {
		out = append(out, text)
	}
	return out
}
