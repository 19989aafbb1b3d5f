package architecture

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestBuildEnvironment checks what container builds run in, and by whose name its image is pulled.
func TestBuildEnvironment(t *testing.T) {
	type environment struct{ Type, Image, Credentials string }
	cases := map[string]struct {
		reason       string
		compute      string
		architecture v1alpha1.Architecture
		image        string
		runtime      string
		want         environment
	}{
		"Lambda": {
			reason:  "Lambda compute has a container and images of its own, one for each Node.js.",
			compute: "BUILD_LAMBDA_2GB", architecture: v1alpha1.ArchitectureX86, runtime: "nodejs22.x",
			want: environment{"LINUX_LAMBDA_CONTAINER", "aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22", "CODEBUILD"},
		},
		"LambdaOnARM": {
			reason:  "Code for ARM is built on ARM there too.",
			compute: "BUILD_LAMBDA_10GB", architecture: v1alpha1.ArchitectureARM, runtime: "nodejs24.x",
			want: environment{"ARM_LAMBDA_CONTAINER", "aws/codebuild/amazonlinux-aarch64-lambda-standard:nodejs24", "CODEBUILD"},
		},
		"Own": {
			reason:  "CodeBuild itself may not read an image of the team's.",
			compute: "BUILD_GENERAL1_SMALL", architecture: v1alpha1.ArchitectureX86, image: testImage,
			want: environment{"LINUX_CONTAINER", testImage, "SERVICE_ROLE"},
		},
		"OwnOnLambda": {
			reason:  "Nor there.",
			compute: "BUILD_LAMBDA_1GB", architecture: v1alpha1.ArchitectureX86, image: testImage,
			want: environment{"LINUX_LAMBDA_CONTAINER", testImage, "SERVICE_ROLE"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) {
				p.Spec.Build.ComputeType, p.Spec.Build.Image = tc.compute, tc.image
				p.Spec.Service.Architecture, p.Spec.Service.Runtime = tc.architecture, tc.runtime
			})
			e := buildOne[*codebuildv1beta1.Project](t, p, buildProject).Spec.ForProvider.Environment
			if diff := cmp.Diff(tc.want, environment{*e.Type, *e.Image, *e.ImagePullCredentialsType}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBuildImageStatements checks that a build may pull its image, by whatever part of it is named, and no other.
func TestBuildImageStatements(t *testing.T) {
	const repository = "arn:aws:ecr:eu-west-1:444455556666:repository/build/node"
	want := []iam.Statement{
		iam.Allow("FindImage", "ecr:GetAuthorizationToken").On("*"),
		iam.Allow("PullImage", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer").On(repository),
	}
	for image, want := range map[string][]iam.Statement{
		"": nil,
		"aws/codebuild/amazonlinux-x86_64-standard:6.0":                    nil,
		"444455556666.dkr.ecr.eu-west-1.amazonaws.com/build/node:24":       want,
		"444455556666.dkr.ecr.eu-west-1.amazonaws.com/build/node@sha256:a": want,
	} {
		p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Build.Image = image })
		if diff := cmp.Diff(want, p.buildImageStatements()); diff != "" {
			t.Errorf("%q: -want, +got:\n%s", image, diff)
		}
	}
}

// TestBuildPolicyWithEverything checks which statements builds have for what the claim asks for.
func TestBuildPolicyWithEverything(t *testing.T) {
	p := newTestPipeline(t, builtWithEverything)
	got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, buildPolicy).Spec.ForProvider.Policy)
	want := []string{
		"Artifacts", "CacheBucket", "CodeArtifactDomain", "CodeArtifactPackages", "CodeArtifactToken",
		"ConnectToVPC", "FindImage", "FindNetworks", "HandOverNetworkInterfaces", "Log", "NetworkInterfaces", "PullImage", "ReadParameters", "ReadSecrets", "Reports",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
