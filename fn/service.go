package main

import (
	cloudwatchlogsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchlogs/v1beta1"
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/apis/common"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const (
	functionRole             resource.Name = "function-role"
	functionRoleBasic        resource.Name = "function-role-basic-execution"
	functionPolicy           resource.Name = "function-history-policy"
	functionPolicyAttachment resource.Name = "function-history-policy-attachment"
	blueLogGroup             resource.Name = "blue-log-group"
	greenLogGroup            resource.Name = "green-log-group"
	blueBootstrap            resource.Name = "blue-bootstrap-code"
	greenBootstrap           resource.Name = "green-bootstrap-code"
	blueFunction             resource.Name = "blue-function"
	greenFunction            resource.Name = "green-function"
)

// A color is one of the two functions: blue serves production through the alias, green tries a release out first.
type color string

const (
	blue  color = "blue"
	green color = "green"
)

// service is the pair of functions that serve payments, and what they need to run.
func service(p pipeline) []compose.Resource {
	policy := p.policy(functionPolicy, p.names.aws("lambda-dynamodb-policy"), p.functionStatements)
	return []compose.Resource{
		p.role(functionRole, p.names.aws("lambda-execution-role"), "lambda.amazonaws.com"),
		p.attachAWS(functionRoleBasic, functionRole, "service-role/AWSLambdaBasicExecutionRole"),
		policy,
		p.attach(functionPolicyAttachment, functionRole, policy),
		p.logGroup(blueLogGroup, "/aws/lambda/"+p.names.function(blue)),
		p.logGroup(greenLogGroup, "/aws/lambda/"+p.names.function(green)),
		p.bootstrapCode(blueBootstrap, blue),
		p.bootstrapCode(greenBootstrap, green),
		p.function(blueFunction, blue),
		p.function(greenFunction, green),
	}
}

func (n names) function(c color) string {
	return n.aws("payment-processor-" + string(c))
}

func (p pipeline) functionARN(f compose.Facts, c color) string {
	return p.arn(f, "lambda", "function:"+p.names.function(c))
}

// functionStatements let the service read and write the history table.
func (p pipeline) functionStatements(f compose.Facts) []statement {
	return append([]statement{
		allow("History", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query").on(p.historyTableARN(f)),
	}, p.useKey()...)
}

func (p pipeline) logGroup(name resource.Name, awsName string) compose.Resource {
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &cloudwatchlogsv1beta1.Group{
				ObjectMeta: p.meta(name, awsName),
				Spec: cloudwatchlogsv1beta1.GroupSpec{
					ResourceSpec: p.managed(),
					ForProvider: cloudwatchlogsv1beta1.GroupParameters{
						Region:          p.region(),
						RetentionInDays: new(float64(p.spec.Retention.LogDays)),
						KMSKeyID:        p.kmsKey(),
						Tags:            p.tags(),
					},
				},
			}
		},
	}
}

// bootstrapCode is the code a function is created with. The first release replaces it.
func (p pipeline) bootstrapCode(name resource.Name, c color) compose.Resource {
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &s3v1beta2.Object{
				ObjectMeta: p.meta(name, ""),
				Spec: s3v1beta2.ObjectSpec{
					ResourceSpec: p.managed(),
					ForProvider: s3v1beta2.ObjectParameters{
						Region:        p.region(),
						BucketRef:     p.ref(artifactBucket),
						Key:           new(bootstrapKey(c)),
						ContentBase64: new(bootstrapZip(p.spec.Service.Handler)),
						ContentType:   new("application/zip"),
						Tags:          p.tags(),
					},
				},
			}
		},
	}
}

// function is created with the bootstrap code, then belongs to the pipeline, which replaces the code with each release:
// where the code came from is only in initProvider, and is never read back. Its settings stay ours.
func (p pipeline) function(name resource.Name, c color) compose.Resource {
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &lambdav1beta2.Function{
				ObjectMeta: p.meta(name, p.names.function(c)),
				Spec: lambdav1beta2.FunctionSpec{
					ResourceSpec: p.managed(common.ManagementActionLateInitialize),
					ForProvider: lambdav1beta2.FunctionParameters{
						Region:      p.region(),
						RoleRef:     p.ref(functionRole),
						Runtime:     new(p.spec.Service.Runtime),
						Handler:     new(p.spec.Service.Handler),
						PackageType: new("Zip"),
						MemorySize:  new(float64(p.spec.Service.MemorySizeMiB)),
						Timeout:     new(float64(p.spec.Service.TimeoutSeconds)),
						// The alias needs a version from the start: it must never point at $LATEST.
						Publish:     new(true),
						Environment: &lambdav1beta2.EnvironmentParameters{Variables: p.functionEnvironment(c)},
						Tags:        p.tags(),
					},
					InitProvider: lambdav1beta2.FunctionInitParameters{
						S3BucketRef: p.ref(artifactBucket),
						S3Key:       new(bootstrapKey(c)),
					},
				},
			}
		},
	}
}

func (p pipeline) functionEnvironment(c color) map[string]*string {
	env := map[string]*string{
		"DEPLOYMENT_TABLE": new(p.names.historyTable()),
		"VERSION":          new(string(c)),
	}
	for k, v := range p.spec.Service.Environment {
		env[k] = new(v)
	}
	return env
}
