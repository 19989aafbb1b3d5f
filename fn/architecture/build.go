package architecture

import (
	"maps"
	"slices"

	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
)

const (
	buildRole             resource.Name = "build-role"
	buildPolicy           resource.Name = "build-policy"
	buildPolicyAttachment resource.Name = "build-policy-attachment"
	buildLogGroup         resource.Name = "build-log-group"
	buildProject          resource.Name = "build-project"
)

// fromPipeline says that CodePipeline hands the project its source and takes its output.
const fromPipeline = "CODEPIPELINE"

// build is the CodeBuild project that turns the branch into the functions' code.
func (p Pipeline) build() []compose.Resource {
	policy := p.policy(buildPolicy, p.Names.aws("codebuild-policy"), p.buildStatements)
	return []compose.Resource{
		p.role(buildRole, p.Names.aws("codebuild-service-role"), "codebuild.amazonaws.com"),
		policy,
		p.attach(buildPolicyAttachment, buildRole, policy),
		p.logGroup(buildLogGroup, p.Names.buildLogGroup()),
		{Name: buildProject, Build: p.buildProject},
	}
}

func (n Names) buildProject() string {
	return n.aws("payment-processor-build")
}

func (n Names) buildLogGroup() string {
	return "/aws/codebuild/" + n.buildProject()
}

func (p Pipeline) buildProjectARN(f compose.Facts) string {
	return p.arn(f, "codebuild", "project/"+p.Names.buildProject())
}

// buildStatements let a build write its log and read and write artifacts. It may not create log groups: its own exists.
func (p Pipeline) buildStatements(f compose.Facts) []statement {
	return append([]statement{
		allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").
			on(p.arn(f, "logs", "log-group:"+p.Names.buildLogGroup()+":*")),
		allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").
			on(p.artifactBucketARN() + "/*"),
	}, p.useKey()...)
}

func (p Pipeline) buildProject(compose.Facts) client.Object {
	return &codebuildv1beta1.Project{
		ObjectMeta: p.meta(buildProject, p.Names.buildProject()),
		Spec: codebuildv1beta1.ProjectSpec{
			ResourceSpec: p.managed(),
			ForProvider: codebuildv1beta1.ProjectParameters{
				Region:         p.region(),
				ServiceRoleRef: p.ref(buildRole),
				BuildTimeout:   new(float64(p.Spec.Build.TimeoutMinutes)),
				EncryptionKey:  p.kmsKey(),
				Source: &codebuildv1beta1.SourceParameters{
					Type:      new(fromPipeline),
					Buildspec: new(p.buildspec()),
				},
				Artifacts: &codebuildv1beta1.ArtifactsParameters{Type: new(fromPipeline)},
				Environment: &codebuildv1beta1.EnvironmentParameters{
					Type:                     new(p.containerType()),
					Image:                    new(p.buildImage()),
					ComputeType:              new(p.Spec.Build.ComputeType),
					ImagePullCredentialsType: new("CODEBUILD"),
					PrivilegedMode:           new(false),
					EnvironmentVariable:      buildEnvironment(p.Spec.Build.Environment),
				},
				LogsConfig: &codebuildv1beta1.LogsConfigParameters{
					CloudwatchLogs: &codebuildv1beta1.CloudwatchLogsParameters{
						Status:    new("ENABLED"),
						GroupName: new(p.Names.buildLogGroup()),
					},
				},
				Tags: p.tags(),
			},
		},
	}
}

// containerType of the processor that the functions run on. Both have all compute types of a claim: see
// https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html.
func (p Pipeline) containerType() string {
	if p.onARM() {
		return "ARM_CONTAINER"
	}
	return "LINUX_CONTAINER"
}

// buildImage is the claim's, or the newest standard one of Amazon Linux, which has the languages of all runtimes: see
// https://github.com/aws/aws-codebuild-docker-images/tree/master/al.
func (p Pipeline) buildImage() string {
	switch {
	case p.Spec.Build.Image != "":
		return p.Spec.Build.Image
	case p.onARM():
		return "aws/codebuild/amazonlinux-aarch64-standard:4.0"
	default:
		return "aws/codebuild/amazonlinux-x86_64-standard:6.0"
	}
}

// buildspec is the claim's own, or that of the functions' language.
func (p Pipeline) buildspec() string {
	if p.Spec.Build.Buildspec != "" {
		return p.Spec.Build.Buildspec
	}
	return buildspecs.Get(p.Spec.Service.Runtime, func() string { return p.runtime().Buildspec().Text() })
}

// buildspecs by the functions' runtime.
var buildspecs = memo.New[string]()

func buildEnvironment(env map[string]v1alpha1.BuildVariable) []codebuildv1beta1.EnvironmentVariableParameters {
	var vars []codebuildv1beta1.EnvironmentVariableParameters
	for _, name := range slices.Sorted(maps.Keys(env)) {
		vars = append(vars, codebuildv1beta1.EnvironmentVariableParameters{
			Name:  new(name),
			Value: new(string(env[name])),
			Type:  new("PLAINTEXT"),
		})
	}
	return vars
}
