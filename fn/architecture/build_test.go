package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

func TestBuildProject(t *testing.T) {
	plain := func(name, value string) codebuildv1beta1.EnvironmentVariableParameters {
		return codebuildv1beta1.EnvironmentVariableParameters{Name: new(name), Value: new(value), Type: new("PLAINTEXT")}
	}
	environment := func(kind, image string, vars ...codebuildv1beta1.EnvironmentVariableParameters) *codebuildv1beta1.EnvironmentParameters {
		return &codebuildv1beta1.EnvironmentParameters{
			Type:                     new(kind),
			Image:                    new(image),
			ComputeType:              new("BUILD_GENERAL1_SMALL"),
			ImagePullCredentialsType: new("CODEBUILD"),
			PrivilegedMode:           new(false),
			EnvironmentVariable:      vars,
		}
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   *codebuildv1beta1.EnvironmentParameters
	}{
		"Default": {
			reason: "An image that has the runtime's language should build.",
			want:   environment("LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:6.0"),
		},
		"Image": {
			reason: "The claim's image should build.",
			change: func(p *Pipeline) { p.Spec.Build.Image = "aws/codebuild/standard:8.0" },
			want:   environment("LINUX_CONTAINER", "aws/codebuild/standard:8.0"),
		},
		"ARM": {
			reason: "Code for ARM should be built on ARM, in an image for it.",
			change: func(p *Pipeline) { p.Spec.Service.Architecture = v1alpha1.ArchitectureARM },
			want:   environment("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:4.0"),
		},
		"ImageForARM": {
			reason: "The claim's image should build on ARM too.",
			change: func(p *Pipeline) {
				p.Spec.Service.Architecture, p.Spec.Build.Image = v1alpha1.ArchitectureARM, "aws/codebuild/amazonlinux-aarch64-standard:3.0"
			},
			want: environment("ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
		},
		"SortedVariables": {
			reason: "Variables should be in the same order each time.",
			change: func(p *Pipeline) {
				p.Spec.Build.Environment = map[string]v1alpha1.BuildVariable{"C": "3", "B": "2", "A": "1", "E": "5", "D": "4"}
			},
			want: environment("LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:6.0",
				plain("A", "1"), plain("B", "2"), plain("C", "3"), plain("D", "4"), plain("E", "5")),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			want := codebuildv1beta1.ProjectParameters{
				Region:         new("us-east-1"),
				ServiceRoleRef: &xpv1.Reference{Name: "pr-123.build-role.default"},
				BuildTimeout:   new(60.0),
				Source:         &codebuildv1beta1.SourceParameters{Type: new("CODEPIPELINE"), Buildspec: new(runtime.Of("nodejs24.x").Buildspec().Text())},
				Artifacts:      &codebuildv1beta1.ArtifactsParameters{Type: new("CODEPIPELINE")},
				Cache:          &codebuildv1beta1.CacheParameters{Type: new("NO_CACHE")},
				Environment:    tc.want,
				LogsConfig: &codebuildv1beta1.LogsConfigParameters{CloudwatchLogs: &codebuildv1beta1.CloudwatchLogsParameters{
					Status:    new("ENABLED"),
					GroupName: new("/aws/codebuild/payment-processor-build-pr-123"),
				}},
			}
			if diff := cmp.Diff(want, buildOne[*codebuildv1beta1.Project](t, p, buildProject).Spec.ForProvider); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestBuildspec(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   string
	}{
		"OfTheLanguage": {
			reason: "The build should be that of the functions' language, in its version.",
			change: func(p *Pipeline) { p.Spec.Service.Runtime = "java21" },
			want:   runtime.Of("java21").Buildspec().Text(),
		},
		"Own": {
			reason: "The claim's own buildspec should win, as it is.",
			change: func(p *Pipeline) { p.Spec.Service.Runtime, p.Spec.Build.Buildspec = "java21", "ci/buildspec.yml" },
			want:   "ci/buildspec.yml",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			project := buildOne[*codebuildv1beta1.Project](t, newTestPipeline(t, tc.change), buildProject)
			if diff := cmp.Diff(tc.want, *project.Spec.ForProvider.Source.Buildspec); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestBuildPolicy(t *testing.T) {
	policy := buildOne[*iamv1beta1.Policy](t, newTestPipeline(t), buildPolicy).Spec.ForProvider

	want := map[string]iam.Statement{
		"Log": iam.Allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").
			On("arn:aws:logs:us-east-1:111122223333:log-group:/aws/codebuild/payment-processor-build-pr-123:*"),
		"Artifacts": iam.Allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").
			On("arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e/*"),
	}
	if diff := cmp.Diff(want, statementsOf(t, policy.Policy)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
