// Package cloud reads and operates one pipeline in AWS, by the credentials of the person who runs the plugin: the default chain of the AWS SDK.
package cloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"
)

// A Cloud is the AWS account and region of one pipeline.
type Cloud struct {
	Names Names

	// Person is the ARN of who uses it, once Identify has asked.
	Person string

	alarms   *cloudwatch.Client
	builds   *codebuild.Client
	deploys  *codedeploy.Client
	function *lambda.Client
	history  *dynamodb.Client
	identity *sts.Client
	logs     *cloudwatchlogs.Client
	machines *sfn.Client
	pipeline *codepipeline.Client
}

// Open the account that the person's AWS credentials are of. The profile may be empty.
func Open(ctx context.Context, names Names, profile string) (*Cloud, error) {
	c, err := config.LoadDefaultConfig(ctx,
		config.WithRegion(names.Region),
		config.WithSharedConfigProfile(profile),
		config.WithLogger(logging.Nop{}), // Its warnings are for programmers.
	)
	if err != nil {
		return nil, fmt.Errorf("cannot load AWS credentials: %w", err)
	}
	return New(names, c), nil
}

// New returns the account and region that the configuration is for.
func New(names Names, c aws.Config) *Cloud {
	return &Cloud{
		Names:    names,
		alarms:   cloudwatch.NewFromConfig(c),
		builds:   codebuild.NewFromConfig(c),
		deploys:  codedeploy.NewFromConfig(c),
		function: lambda.NewFromConfig(c),
		history:  dynamodb.NewFromConfig(c),
		identity: sts.NewFromConfig(c),
		logs:     cloudwatchlogs.NewFromConfig(c),
		machines: sfn.NewFromConfig(c),
		pipeline: codepipeline.NewFromConfig(c),
	}
}

// failed says what could not be done, and why: in AWS's words, without those of the SDK around them.
func failed(err error, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if api := smithy.APIError(nil); errors.As(err, &api) {
		return &Error{what: what, Code: api.ErrorCode(), message: api.ErrorMessage(), err: err}
	}
	return fmt.Errorf("cannot %s: %w", what, err)
}

// An Error is an answer of AWS's that is not what was asked for.
type Error struct {
	// Code of the error in AWS, such as AccessDeniedException.
	Code string

	what, message string
	err           error
}

func (e *Error) Error() string { return fmt.Sprintf("cannot %s: %s: %s", e.what, e.Code, e.message) }
func (e *Error) Unwrap() error { return e.err }
