package architecture

import (
	"fmt"
	"slices"

	cloudwatchlogsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchlogs/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

const (
	functionRole             resource.Name = "function-role"
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
func (p Pipeline) service() []compose.Resource {
	policy := p.policy(functionPolicy, p.functionStatements)
	// In earlier releases of this package it denied what a policy of its own denies now.
	policy.After = []resource.Name{functionDenialsAttachment}
	return append([]compose.Resource{
		p.holdNames(),
		policy,
		p.attach(functionPolicyAttachment, functionRole, policy),
		p.logGroup(blueLogGroup, p.Names.functionLogGroup(blue)),
		p.logGroup(greenLogGroup, p.Names.functionLogGroup(green)),
		p.bootstrapCode(blueBootstrap, blue),
		p.bootstrapCode(greenBootstrap, green),
		p.function(blueFunction, blue),
		p.function(greenFunction, green),
	}, slices.Concat(p.execution(), p.policyAttachments())...)
}

func (n Names) function(c color) string {
	return n.aws("payment-processor-" + string(c))
}

func (n Names) functionLogGroup(c color) string {
	return "/aws/lambda/" + n.function(c)
}

func (n Names) functionRole() string {
	return n.aws("lambda-execution-role")
}

func (p Pipeline) functionRoleARN(f compose.Facts) string {
	return p.roleARN(f, p.Names.functionRole())
}

func (p Pipeline) functionARN(f compose.Facts, c color) string {
	return p.arn(f, "lambda", "function:"+p.Names.function(c))
}

// serviceItems are the keys of what the service may keep in the history table: nothing that is there of deployments.
const serviceItems = "service/*"

// functionStatements let the service read and write items of its own in the history table, and use what the claim says. They are
// in the one policy that every pipeline has, although its name speaks of the history only: what a claim takes out is then taken
// out of AWS too, also under deletion protection.
func (p Pipeline) functionStatements(f compose.Facts) []iam.Statement {
	history := iam.Allow("History", "dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query").On(p.historyTableARN(f)).
		If(iam.ForAllValuesStringLike, "dynamodb:LeadingKeys", serviceItems)
	return slices.Concat([]iam.Statement{history}, p.useTableKey(), p.decryptEnvironment(), p.secretStatements(), p.destinationStatements(), p.sourceStatements(), p.permissionStatements(), p.deniedToService(), p.networkDenials())
}

func (p Pipeline) logGroup(name resource.Name, awsName string) compose.Resource {
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &cloudwatchlogsv1beta1.Group{
				ObjectMeta: p.meta(name, awsName),
				Spec: cloudwatchlogsv1beta1.GroupSpec{
					ClusterManagedResourceSpec: p.managed(),
					ForProvider: cloudwatchlogsv1beta1.GroupParameters{
						Region:          p.region(),
						RetentionInDays: new(float64(p.Spec.Retention.LogDays)),
						KMSKeyID:        p.kmsKey(),
						Tags:            p.tags(),
					},
				},
			}
		},
	}
}

// runtime that the functions run on, and what is so of its language.
func (p Pipeline) runtime() runtime.Runtime {
	return runtime.Of(p.Spec.Service.Runtime)
}

// handler is what Lambda calls for each request.
func (p Pipeline) handler() string {
	return p.runtime().Handler(p.Spec.Service.Handler)
}

// bootstrapKey is where a function's bootstrap code lies in the artifact bucket.
func bootstrapKey(c color) string {
	return fmt.Sprintf("bootstrap/%s.zip", c)
}

// bootstrapCode is the code a function is created with. The first release replaces it.
func (p Pipeline) bootstrapCode(name resource.Name, c color) compose.Resource {
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &s3v1beta2.Object{
				ObjectMeta: p.meta(name, ""),
				Spec: s3v1beta2.ObjectSpec{
					ClusterManagedResourceSpec: p.managed(),
					ForProvider: s3v1beta2.ObjectParameters{
						Region:        p.region(),
						BucketRef:     p.ref(artifactBucket),
						Key:           new(bootstrapKey(c)),
						ContentBase64: new(p.bootstrapContent(c)),
						ContentType:   new("application/zip"),
						// The bucket knows no ACLs and takes none but this one, which says what holds anyway. Without it the
						// provider sends "private", which the bucket refuses.
						ACL: new("bucket-owner-full-control"),
						// No tags: an object can have 10, and the provider adds 3.
					},
				},
			}
		},
	}
}

// bootstrapContent of a color's function, in base64. Blue's stays as it is as long as the bootstrap is recognised by it.
func (p Pipeline) bootstrapContent(c color) string {
	if c == blue && p.Serving.BootstrapCode != "" {
		return p.Serving.BootstrapCode
	}
	return p.runtime().Bootstrap(p.handler())
}

// function is created with the bootstrap code, then belongs to the pipeline, which replaces the code with each release:
// where the code came from is only in initProvider, and is never read back. Its configuration stays ours.
func (p Pipeline) function(name resource.Name, c color) compose.Resource {
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &lambdav1beta1.Function{
				ObjectMeta: p.meta(name, p.Names.function(c)),
				Spec: lambdav1beta1.FunctionSpec{
					ClusterManagedResourceSpec: p.managed(),
					ForProvider:                p.functionParameters(c),
					InitProvider: lambdav1beta1.FunctionInitParameters{
						S3BucketRef: p.ref(artifactBucket),
						S3Key:       new(bootstrapKey(c)),
					},
				},
			}
		},
	}
}

// functionParameters are what the function is to be like. Those that only a new version carries are in configurationFields too.
func (p Pipeline) functionParameters(c color) lambdav1beta1.FunctionParameters {
	return lambdav1beta1.FunctionParameters{
		Region:        p.region(),
		RoleRef:       p.ref(functionRole),
		Runtime:       new(p.Spec.Service.Runtime),
		Handler:       new(p.handler()),
		PackageType:   new("Zip"),
		Architectures: p.architectures(),
		MemorySize:    new(float64(p.Spec.Service.MemorySizeMiB)),
		Timeout:       new(float64(p.Spec.Service.TimeoutSeconds)),
		// The alias needs a version from the start: it must never point at $LATEST.
		Publish:     new(true),
		VPCConfig:   p.vpcConfig(),
		Environment: []lambdav1beta1.EnvironmentParameters{{Variables: p.functionEnvironment(c)}},
		// Stated also where they are what Lambda has otherwise: what is not stated is not set back.
		EphemeralStorage: []lambdav1beta1.EphemeralStorageParameters{{Size: new(float64(p.Spec.Service.EphemeralStorageMiB))}},
		TracingConfig:    []lambdav1beta1.TracingConfigParameters{{Mode: new(string(p.Spec.Service.Tracing))}},
		LoggingConfig:    []lambdav1beta1.LoggingConfigParameters{p.loggingConfig(c)},
		SnapStart:        p.snapStart(),
		Layers:           texts(p.Spec.Service.Layers),
		KMSKeyArn:        optionalText(p.Spec.Service.KMSKeyARN),
		// Not of a version, but of all of a function's.
		ReservedConcurrentExecutions: p.reservedConcurrency(c),
		Tags:                         p.tags(),
	}
}

// onARM reports whether the functions run on ARM.
func (p Pipeline) onARM() bool {
	return p.Spec.Service.Architecture == v1alpha1.ArchitectureARM
}

// architectures are nil for x86_64, which is Lambda's default and cannot change: only new code could change it, and neither is
// the code ours nor may the provider update it.
func (p Pipeline) architectures() []*string {
	if !p.onARM() {
		return nil
	}
	return []*string{new(string(v1alpha1.ArchitectureARM))}
}

func (p Pipeline) functionEnvironment(c color) map[string]*string {
	env := map[string]*string{
		"DEPLOYMENT_TABLE": new(p.Names.HistoryTable()),
		"VERSION":          new(string(c)),
	}
	for k, v := range p.Spec.Service.Environment {
		env[k] = new(string(v))
	}
	for k, arn := range p.Spec.Service.Secrets {
		env[k] = new(string(arn))
	}
	return env
}
