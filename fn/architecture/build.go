package architecture

import (
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
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
	c := p.buildConfig()
	policy := p.policy(buildPolicy, builders(c))
	return []compose.Resource{
		p.role(buildRole, p.Names.aws("codebuild-service-role"), "codebuild.amazonaws.com"),
		policy,
		p.attach(buildPolicyAttachment, buildRole, policy),
		p.logGroup(buildLogGroup, c.LogGroup()),
		p.project(buildProject, c, buildRole),
	}
}

func (n Names) buildProject() string {
	return n.aws("payment-processor-build")
}

func (p Pipeline) buildProjectARN(f compose.Facts) string {
	return p.arn(f, "codebuild", "project/"+p.Names.buildProject())
}

// buildConfig is what the project depends on.
func (p Pipeline) buildConfig() build.Config {
	return build.Config{
		Partition:    p.Partition(),
		Region:       p.Spec.Region,
		Name:         p.Names.buildProject(),
		Bucket:       p.Names.Bucket,
		SourcePrefix: runFolder(p.Names.DeliveryPipeline(), sourceOutput),
		OutputPrefix: p.outputFolder(),
		KMSKeyARN:    p.Platform.KMSKeyARN,
		Runtime:      p.Spec.Service.Runtime,
		Handler:      p.handler(),
		Architecture: p.Spec.Service.Architecture,
		Layers:       len(p.Spec.Service.Layers) > 0,
		FullClone:    p.clones(),
		Directory:    p.Spec.Source.Directory,
		Build:        p.Spec.Build,
	}
}

// builders may do what their project needs, in the pipeline's account.
func builders(c build.Config) func(compose.Facts) []iam.Statement {
	return func(f compose.Facts) []iam.Statement { return c.Statements(f.Get(AccountID)) }
}

// project builds what CodePipeline hands it, in the name of a role.
func (p Pipeline) project(name resource.Name, c build.Config, role resource.Name) compose.Resource {
	return compose.Resource{Name: name, Build: func(compose.Facts) client.Object {
		project := c.Project()
		return &codebuildv1beta1.Project{
			ObjectMeta: p.meta(name, c.Name),
			Spec: codebuildv1beta1.ProjectSpec{
				ClusterManagedResourceSpec: p.managed(),
				ForProvider: codebuildv1beta1.ProjectParameters{
					Region:         p.region(),
					ServiceRoleRef: p.ref(role),
					BuildTimeout:   new(float64(project.TimeoutMinutes)),
					EncryptionKey:  p.kmsKey(),
					Source:         &codebuildv1beta1.SourceParameters{Type: new(fromPipeline), Buildspec: new(project.Buildspec)},
					Artifacts:      &codebuildv1beta1.ArtifactsParameters{Type: new(fromPipeline)},
					Cache:          buildCache(project),
					VPCConfig:      buildVPC(project),
					Environment:    buildEnvironment(project),
					LogsConfig: &codebuildv1beta1.LogsConfigParameters{CloudwatchLogs: &codebuildv1beta1.CloudwatchLogsParameters{
						Status:    new("ENABLED"),
						GroupName: new(project.LogGroup),
					}},
					Tags: p.tags(),
				},
			},
		}
	}}
}

func buildEnvironment(project build.Project) *codebuildv1beta1.EnvironmentParameters {
	e := &codebuildv1beta1.EnvironmentParameters{
		Type:                     new(project.ContainerType),
		Image:                    new(project.Image),
		ComputeType:              new(project.ComputeType),
		ImagePullCredentialsType: new(project.ImageCredentials),
		PrivilegedMode:           new(project.Privileged),
	}
	for _, v := range project.Variables {
		e.EnvironmentVariable = append(e.EnvironmentVariable, codebuildv1beta1.EnvironmentVariableParameters{
			Name: new(v.Name), Type: new(v.Type), Value: new(v.Value),
		})
	}
	return e
}

// buildCache says also that there is none: the provider passes over a cache that is no longer named.
func buildCache(project build.Project) *codebuildv1beta1.CacheParameters {
	if project.CacheLocation == "" {
		return &codebuildv1beta1.CacheParameters{Type: new("NO_CACHE")}
	}
	return &codebuildv1beta1.CacheParameters{Type: new("S3"), Location: new(project.CacheLocation)}
}

// buildVPC is nil without a VPC: the provider then takes the project out of the one that it is in.
func buildVPC(project build.Project) *codebuildv1beta1.VPCConfigParameters {
	vpc := project.VPC
	if vpc == nil {
		return nil
	}
	return &codebuildv1beta1.VPCConfigParameters{
		VPCID:            new(vpc.VPCID),
		Subnets:          texts(vpc.SubnetIDs),
		SecurityGroupIds: texts(vpc.SecurityGroupIDs),
	}
}

// cacheDays is after how many days without a build the cache goes.
const cacheDays = 30

func (p Pipeline) cacheLifecycle() []s3v1beta2.BucketLifecycleConfigurationRuleParameters {
	if p.Spec.Build.Cache != v1alpha1.BuildCacheS3 {
		return nil
	}
	return []s3v1beta2.BucketLifecycleConfigurationRuleParameters{{
		ID:         new("expire-build-cache"),
		Status:     new("Enabled"),
		Filter:     []s3v1beta2.RuleFilterParameters{{Prefix: new(build.CachePrefix + "/")}},
		Expiration: []s3v1beta2.RuleExpirationParameters{{Days: new(float64(cacheDays))}},
		// Each build replaces it, and nobody wants the old one.
		NoncurrentVersionExpiration: []s3v1beta2.RuleNoncurrentVersionExpirationParameters{{NoncurrentDays: new(1.0)}},
	}}
}
