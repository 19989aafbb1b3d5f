package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestBuildConfig checks what builds are told of the pipeline.
func TestBuildConfig(t *testing.T) {
	p := newTestPipeline(t, builtWithEverything, func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key })
	want := build.Config{
		Partition:    "aws",
		Region:       "us-east-1",
		Name:         "payment-processor-build-pr-123",
		Bucket:       "pipeline-artifacts-pr-123-0b7a2c9e",
		SourcePrefix: "payment-processor-pi/source_out/",
		OutputPrefix: "payment-processor-pi/build_outp/",
		KMSKeyARN:    fntest.Key,
		Runtime:      "nodejs24.x",
		Handler:      "index.handler",
		Architecture: v1alpha1.ArchitectureX86,
		FullClone:    true,
		Directory:    "services/payments",
		Build:        p.Spec.Build,
	}
	if diff := cmp.Diff(want, p.buildConfig()); diff != "" {
		t.Errorf("buildConfig(): -want, +got:\n%s", diff)
	}
	want.Name, want.SourcePrefix, want.OutputPrefix = "payment-processor-checks-pr-123", "payment-processor-ch/source_out/", ""
	if diff := cmp.Diff(want, p.checksConfig()); diff != "" {
		t.Errorf("checksConfig(): -want, +got:\n%s", diff)
	}
}

// TestBuildProject checks all that the provider is told of a project, with and without what a claim may ask for. What a claim does
// not ask for any more, the provider takes away.
func TestBuildProject(t *testing.T) {
	smallest := newTestPipeline(t)
	full := newTestPipeline(t, builtWithEverything, func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key })
	variable := func(name, kind, value string) codebuildv1beta1.EnvironmentVariableParameters {
		return codebuildv1beta1.EnvironmentVariableParameters{Name: new(name), Type: new(kind), Value: new(value)}
	}
	cases := map[string]struct {
		reason   string
		pipeline Pipeline
		want     codebuildv1beta1.ProjectParameters
	}{
		"Smallest": {
			reason: "It reaches the internet, and keeps nothing.", pipeline: smallest,
			want: codebuildv1beta1.ProjectParameters{
				Cache: &codebuildv1beta1.CacheParameters{Type: new("NO_CACHE")},
				Environment: &codebuildv1beta1.EnvironmentParameters{
					Type:                     new("LINUX_CONTAINER"),
					Image:                    new("aws/codebuild/amazonlinux-x86_64-standard:6.0"),
					ComputeType:              new("BUILD_GENERAL1_SMALL"),
					ImagePullCredentialsType: new("CODEBUILD"),
					PrivilegedMode:           new(false),
				},
			},
		},
		"Everything": {
			reason: "All that the build has is told.", pipeline: full,
			want: codebuildv1beta1.ProjectParameters{
				EncryptionKey: new(fntest.Key),
				Cache:         &codebuildv1beta1.CacheParameters{Type: new("S3"), Location: new("pipeline-artifacts-pr-123-0b7a2c9e/cache")},
				VPCConfig: &codebuildv1beta1.VPCConfigParameters{
					VPCID: new("vpc-0a"), Subnets: texts([]string{"subnet-0b", "subnet-0c"}), SecurityGroupIds: texts([]string{"sg-0d"}),
				},
				Environment: &codebuildv1beta1.EnvironmentParameters{
					Type:                     new("LINUX_CONTAINER"),
					Image:                    new(testImage),
					ComputeType:              new("BUILD_GENERAL1_SMALL"),
					ImagePullCredentialsType: new("SERVICE_ROLE"),
					PrivilegedMode:           new(true),
					EnvironmentVariable: []codebuildv1beta1.EnvironmentVariableParameters{
						variable("LICENCE", "PARAMETER_STORE", "/payments/limits"), variable("NPM_TOKEN", "SECRETS_MANAGER", testBuildSecret),
					},
				},
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.want.Region = new("us-east-1")
			tc.want.ServiceRoleRef = &xpv2.Reference{Name: "pr-123.build-role.default"}
			tc.want.BuildTimeout = new(60.0)
			tc.want.Source = &codebuildv1beta1.SourceParameters{Type: new("CODEPIPELINE"), Buildspec: new(tc.pipeline.buildConfig().Project().Buildspec)}
			tc.want.Artifacts = &codebuildv1beta1.ArtifactsParameters{Type: new("CODEPIPELINE")}
			tc.want.LogsConfig = &codebuildv1beta1.LogsConfigParameters{CloudwatchLogs: &codebuildv1beta1.CloudwatchLogsParameters{
				Status:    new("ENABLED"),
				GroupName: new("/aws/codebuild/payment-processor-build-pr-123"),
			}}
			if diff := cmp.Diff(tc.want, buildOne[*codebuildv1beta1.Project](t, tc.pipeline, buildProject).Spec.ForProvider); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBuildPolicies checks that the role of each project may do what its builds need, in the pipeline's account, and nothing else.
func TestBuildPolicies(t *testing.T) {
	p := newTestPipeline(t, builtWithEverything)
	for name, c := range map[resource.Name]build.Config{buildPolicy: p.buildConfig(), checksPolicy: p.checksConfig()} {
		want := iam.New(c.Statements(fntest.Account)...).JSON()
		if diff := cmp.Diff(&want, buildOne[*iamv1beta1.Policy](t, p, name).Spec.ForProvider.Policy); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

// TestBuildPolicyFits checks that IAM takes the build's policy with the longest names there are, and the 2000 characters that a
// claim's secrets may have.
func TestBuildPolicyFits(t *testing.T) {
	const ofSecrets = 2000
	p := newTestPipeline(t, builtWithEverything, func(p *Pipeline) {
		p.Spec.EnvironmentSuffix, p.Spec.Region = "abcdefghijklmn", "us-gov-west-1"
		p.Platform.KMSKeyARN = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
		p.Spec.Build.Image = "444455556666.dkr.ecr.us-gov-west-1.amazonaws.com/" + strings.Repeat("a", 256) + ":24"
		p.Spec.Build.CodeArtifact.Domain = strings.Repeat("a", 50)
		p.Spec.Build.CodeArtifact.Repository = strings.Repeat("a", 100)
		p.Spec.Build.Secrets = nil
		p.Spec.Build.VPC.VPCID = "vpc-0a1b2c3d4e5f60718"
	})
	policy := *buildOne[*iamv1beta1.Policy](t, p, buildPolicy).Spec.ForProvider.Policy
	// Two statements of secrets and parameters, and what is around each of 20 ARNs.
	if n := iam.Size(policy) + 2*100 + 20*3 + ofSecrets; n > iam.MaxPolicySize {
		t.Errorf("want at most %d characters, got %d: %s", iam.MaxPolicySize, n, policy)
	}
}

// TestCacheExpires checks that a cache goes by itself, and that there is no rule about one that is not there.
func TestCacheExpires(t *testing.T) {
	expires := func(p Pipeline) bool {
		for _, rule := range buildOne[*s3v1beta2.BucketLifecycleConfiguration](t, p, artifactBucketLifecycle).Spec.ForProvider.Rule {
			if f := rule.Filter[0]; f.Prefix != nil && *f.Prefix == "cache/" {
				return *rule.Expiration[0].Days == 30 && *rule.NoncurrentVersionExpiration[0].NoncurrentDays == 1
			}
		}
		return false
	}
	cached := newTestPipeline(t, func(p *Pipeline) { p.Spec.Build.Cache = v1alpha1.BuildCacheS3 })
	if !expires(cached) || expires(newTestPipeline(t)) {
		t.Error("want a cache that goes 30 days after the last build, and no rule without a cache")
	}
}
