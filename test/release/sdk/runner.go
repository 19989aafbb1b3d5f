// Package sdk performs the service integrations of a state machine with the AWS SDK for Go. Its types come from AWS's own
// API models, so a member that an API does not have, or that has another type, is found without AWS.
package sdk

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go/middleware"
)

// Prefixes of service integrations: AWS's SDK as it is, and those that Step Functions has optimised.
// See https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
const (
	plain     = "arn:aws:states:::aws-sdk:"
	optimised = "arn:aws:states:::"
)

// A Runner performs service integrations.
type Runner struct {
	operations map[string]operation
}

// An operation is what an integration does.
type operation struct {
	// do takes the arguments of a task and returns its result, both as encoding/json reads them.
	do func(ctx context.Context, arguments any) (any, error)

	// answer is the type of the result in AWS's SDK.
	answer reflect.Type
}

// New returns a Runner that calls the AWS APIs in the supplied region at one endpoint.
func New(endpoint, region string) *Runner {
	cfg := aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(endpoint),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}, nil
		}),
		// Retries are the state machine's business.
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
		// Step Functions compresses nothing so small.
		DisableRequestCompression: true,
		APIOptions:                []func(*middleware.Stack) error{PlainBodies},
	}
	cd, cp, cw := codedeploy.NewFromConfig(cfg), codepipeline.NewFromConfig(cfg), cloudwatch.NewFromConfig(cfg)
	db, fn := dynamodb.NewFromConfig(cfg), lambda.NewFromConfig(cfg)
	buckets := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	return &Runner{operations: map[string]operation{
		plain + "codedeploy:batchGetDeployments":       call(deploy, cd.BatchGetDeployments),
		plain + "codedeploy:batchGetDeploymentTargets": call(deploy, cd.BatchGetDeploymentTargets),
		plain + "codedeploy:createDeployment":          call(deploy, cd.CreateDeployment),
		plain + "codedeploy:getDeployment":             call(deploy, cd.GetDeployment),
		plain + "codedeploy:getDeploymentGroup":        call(deploy, cd.GetDeploymentGroup),
		plain + "codedeploy:listDeployments":           call(deploy, cd.ListDeployments),
		plain + "codedeploy:listDeploymentTargets":     call(deploy, cd.ListDeploymentTargets),
		plain + "codedeploy:stopDeployment":            call(deploy, cd.StopDeployment),
		plain + "codepipeline:getPipelineState":        call(pipelines, cp.GetPipelineState),
		plain + "codepipeline:listActionExecutions":    call(pipelines, cp.ListActionExecutions),
		plain + "codepipeline:listPipelineExecutions":  call(pipelines, cp.ListPipelineExecutions),
		plain + "codepipeline:stopPipelineExecution":   call(pipelines, cp.StopPipelineExecution),
		plain + "codepipeline:startPipelineExecution":  call(pipelines, cp.StartPipelineExecution),
		plain + "cloudwatch:getMetricData":             call(metrics, cw.GetMetricData),
		plain + "cloudwatch:putMetricData":             call(metrics, cw.PutMetricData),
		plain + "dynamodb:batchGetItem":                call(plainTable, db.BatchGetItem),
		plain + "lambda:deleteFunction":                call(plainLambda, fn.DeleteFunction),
		plain + "lambda:getFunctionConfiguration":      call(plainLambda, fn.GetFunctionConfiguration),
		plain + "lambda:getAlias":                      call(plainLambda, fn.GetAlias),
		plain + "lambda:updateAlias":                   call(plainLambda, fn.UpdateAlias),
		plain + "lambda:listVersionsByFunction":        call(plainLambda, fn.ListVersionsByFunction),
		plain + "s3:copyObject":                        call(objects, buckets.CopyObject),
		plain + "s3:headObject":                        call(objects, buckets.HeadObject),
		plain + "s3:listObjectVersions":                call(objects, buckets.ListObjectVersions),
		plain + "s3:putObject":                         call(objects, buckets.PutObject),
		optimised + "dynamodb:getItem":                 call(table, db.GetItem),
		optimised + "dynamodb:updateItem":              call(table, db.UpdateItem),
		optimised + "lambda:invoke":                    invoke(fn),
		optimised + "sns:publish":                      call(topic, sns.NewFromConfig(cfg).Publish),
	}}
}

// Do the integration that the resource names. API errors are of type *asl.Error.
func (r *Runner) Do(ctx context.Context, resource string, arguments any) (any, error) {
	o, ok := r.operations[resource]
	if !ok {
		return nil, fmt.Errorf("unknown integration %q", resource)
	}
	return o.do(ctx, arguments)
}

// Resources returns the integrations that the Runner knows, sorted.
func (r *Runner) Resources() []string {
	return slices.Sorted(maps.Keys(r.operations))
}

// Action returns the IAM action that a role needs to perform an integration.
func Action(resource string) string {
	service, operation, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(resource, optimised), "aws-sdk:"), ":")
	if service == "lambda" && operation == "invoke" {
		operation = "invokeFunction"
	}
	return service + ":" + strings.ToUpper(operation[:1]) + operation[1:]
}

// call returns the operation that a method of an SDK client performs.
func call[In, Out, Options any](s service, method func(context.Context, *In, ...func(*Options)) (*Out, error)) operation {
	return operation{answer: reflect.TypeFor[Out](), do: func(ctx context.Context, arguments any) (any, error) {
		in := new(In)
		if err := s.decode(arguments, in); err != nil {
			return nil, err
		}
		out, err := method(ctx, in)
		if err != nil {
			return nil, s.failed(err)
		}
		return s.encode(out)
	}}
}
