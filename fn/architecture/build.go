package architecture

import (
	"maps"
	"slices"

	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
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

// build is the CodeBuild project that turns the branch into the functions' code. Without a branch there is none.
func (p Pipeline) build() []compose.Resource {
	if p.isPromoted() {
		return nil
	}
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
	return logGroupOf(n.buildProject())
}

func (p Pipeline) buildProjectARN(f compose.Facts) string {
	return p.arn(f, "codebuild", "project/"+p.Names.buildProject())
}

// buildStatements let a build write its log, read and write artifacts, and use what the claim names. It may not create log
// groups: its own exists.
func (p Pipeline) buildStatements(f compose.Facts) []iam.Statement {
	return slices.Concat([]iam.Statement{
		p.writeLog(f, p.Names.buildProject()),
		iam.Allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").
			On(p.artifactBucketARN() + "/*"),
	},
		p.cacheStatements(),
		p.buildSecretStatements(),
		p.buildVPCStatements(f),
		p.buildToolStatements(f, p.Names.buildProject()),
		p.useKey(),
	)
}

// writeLog of a project's builds.
func (p Pipeline) writeLog(f compose.Facts, project string) iam.Statement {
	return iam.Allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").On(p.arn(f, "logs", "log-group:"+logGroupOf(project)+":*"))
}

// buildToolStatements are what releases and checks are built with: the image, packages, and reports of a project.
func (p Pipeline) buildToolStatements(f compose.Facts, project string) []iam.Statement {
	return slices.Concat(p.buildImageStatements(), p.codeArtifactStatements(f), p.reportStatements(f, project))
}

func (p Pipeline) buildProject(compose.Facts) client.Object {
	project := p.project(buildProject, p.Names.buildProject(), buildRole)
	params := &project.Spec.ForProvider
	params.Cache = p.buildCache()
	params.VPCConfig = p.buildVPC()
	params.Environment.EnvironmentVariable = append(params.Environment.EnvironmentVariable, p.buildSecrets()...)
	return project
}

// project builds what CodePipeline hands it, in the name of a role, and has neither secrets nor a cache.
func (p Pipeline) project(name resource.Name, awsName string, role resource.Name) *codebuildv1beta1.Project {
	return &codebuildv1beta1.Project{
		ObjectMeta: p.meta(name, awsName),
		Spec: codebuildv1beta1.ProjectSpec{
			ResourceSpec: p.managed(),
			ForProvider: codebuildv1beta1.ProjectParameters{
				Region:         p.region(),
				ServiceRoleRef: p.ref(role),
				BuildTimeout:   new(float64(p.Spec.Build.TimeoutMinutes)),
				EncryptionKey:  p.kmsKey(),
				Source: &codebuildv1beta1.SourceParameters{
					Type:      new(fromPipeline),
					Buildspec: new(p.buildspec()),
				},
				Artifacts:   &codebuildv1beta1.ArtifactsParameters{Type: new(fromPipeline)},
				Cache:       noCache(),
				Environment: p.buildEnvironment(),
				LogsConfig: &codebuildv1beta1.LogsConfigParameters{
					CloudwatchLogs: &codebuildv1beta1.CloudwatchLogsParameters{
						Status:    new("ENABLED"),
						GroupName: new(logGroupOf(awsName)),
					},
				},
				Tags: p.tags(),
			},
		},
	}
}

// logGroupOf a CodeBuild project.
func logGroupOf(project string) string {
	return "/aws/codebuild/" + project
}

// buildspec is the claim's own, or that of the functions' language with what the claim adds.
func (p Pipeline) buildspec() string {
	if p.Spec.Build.Buildspec != "" {
		return p.Spec.Build.Buildspec
	}
	extras := p.buildExtras()
	return buildspecs.Get(p.Spec.Service.Runtime+document.JSON(extras), func() string { return extras.addTo(p.runtime().Buildspec()).Text() })
}

// buildspecs by the functions' runtime and what the claim adds.
var buildspecs = memo.New[string]()

func (p Pipeline) buildEnvironment() *codebuildv1beta1.EnvironmentParameters {
	return &codebuildv1beta1.EnvironmentParameters{
		Type:                     new(p.containerType()),
		Image:                    new(p.BuildImage()),
		ComputeType:              new(p.Spec.Build.ComputeType),
		ImagePullCredentialsType: new(p.imageCredentials()),
		PrivilegedMode:           new(p.Spec.Build.Privileged),
		EnvironmentVariable:      buildVariables(p.Spec.Build.Environment),
	}
}

func buildVariables(env map[string]v1alpha1.BuildVariable) []codebuildv1beta1.EnvironmentVariableParameters {
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
