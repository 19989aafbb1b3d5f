// Package account looks into the AWS account that the tests run in, as a person with a console would: through AWS's own
// SDK, past the provider and past us.
package account

import (
	"context"
	"net/http"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codestarconnections"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	"github.com/aws/smithy-go/middleware"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

// An Account has a client for each service that a pipeline is made of.
type Account struct {
	CloudWatch    *cloudwatch.Client
	CodeBuild     *codebuild.Client
	CodeDeploy    *codedeploy.Client
	CodePipeline  *codepipeline.Client
	Connections   *codestarconnections.Client
	DynamoDB      *dynamodb.Client
	EC2           *ec2.Client
	EventBridge   *eventbridge.Client
	IAM           *iam.Client
	KMS           *kms.Client
	Lambda        *lambda.Client
	Logs          *cloudwatchlogs.Client
	S3            *s3.Client
	Scaling       *applicationautoscaling.Client
	SNS           *sns.Client
	STS           *sts.Client
	StepFunctions *sfn.Client
}

// Open the account that a proxy leads to, whose certificates the authority in a PEM file has signed, with an access key.
func Open(ctx context.Context, proxy *url.URL, caFile, region, accessKeyID, secretAccessKey string) (*Account, error) {
	ca, err := os.Open(caFile)
	if err != nil {
		return nil, err
	}
	defer ca.Close() //nolint:errcheck // It is only read.

	return open(ctx, region, accessKeyID, secretAccessKey,
		config.WithCustomCABundle(ca),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.Proxy = http.ProxyURL(proxy)
		})),
	)
}

// OpenAt opens the account that all services of an endpoint are in.
func OpenAt(ctx context.Context, endpoint, region, accessKeyID, secretAccessKey string) (*Account, error) {
	return open(ctx, region, accessKeyID, secretAccessKey, config.WithBaseEndpoint(endpoint))
}

func open(ctx context.Context, region, accessKeyID, secretAccessKey string, options ...func(*config.LoadOptions) error) (*Account, error) {
	c, err := config.LoadDefaultConfig(ctx, append(options,
		config.WithRegion(region),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider(accessKeyID, secretAccessKey, "")),
		// Nothing on this machine has a say in what the tests do.
		config.WithSharedConfigFiles(nil),
		config.WithSharedCredentialsFiles(nil),
		config.WithLogger(logging.Nop{}),
		config.WithAPIOptions([]func(*middleware.Stack) error{sdk.PlainBodies}),
	)...)
	if err != nil {
		return nil, err
	}
	return of(c), nil
}

func of(c aws.Config) *Account {
	return &Account{
		CloudWatch:    cloudwatch.NewFromConfig(c),
		CodeBuild:     codebuild.NewFromConfig(c),
		CodeDeploy:    codedeploy.NewFromConfig(c),
		CodePipeline:  codepipeline.NewFromConfig(c),
		Connections:   codestarconnections.NewFromConfig(c),
		DynamoDB:      dynamodb.NewFromConfig(c),
		EC2:           ec2.NewFromConfig(c),
		EventBridge:   eventbridge.NewFromConfig(c),
		IAM:           iam.NewFromConfig(c),
		KMS:           kms.NewFromConfig(c),
		Lambda:        lambda.NewFromConfig(c),
		Logs:          cloudwatchlogs.NewFromConfig(c),
		S3:            s3.NewFromConfig(c),
		Scaling:       applicationautoscaling.NewFromConfig(c),
		SNS:           sns.NewFromConfig(c),
		STS:           sts.NewFromConfig(c),
		StepFunctions: sfn.NewFromConfig(c),
	}
}
