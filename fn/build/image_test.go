package build

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestEnvironment checks what container builds run in, and by whose name its image is pulled.
func TestEnvironment(t *testing.T) {
	type environment struct{ Type, Image, Credentials string }
	cases := map[string]struct {
		reason       string
		compute      string
		architecture v1alpha1.Architecture
		image        string
		runtime      string
		want         environment
	}{
		"Default": {
			reason:  "An image that has the runtime's language builds.",
			compute: "BUILD_GENERAL1_SMALL", architecture: v1alpha1.ArchitectureX86, runtime: "nodejs24.x",
			want: environment{"LINUX_CONTAINER", "aws/codebuild/amazonlinux-x86_64-standard:6.0", "CODEBUILD"},
		},
		"Image": {
			reason:  "The claim's image builds.",
			compute: "BUILD_GENERAL1_SMALL", architecture: v1alpha1.ArchitectureX86, image: "aws/codebuild/standard:8.0",
			want: environment{"LINUX_CONTAINER", "aws/codebuild/standard:8.0", "CODEBUILD"},
		},
		"ARM": {
			reason:  "Code for ARM is built on ARM, in an image for it.",
			compute: "BUILD_GENERAL1_SMALL", architecture: v1alpha1.ArchitectureARM, runtime: "nodejs24.x",
			want: environment{"ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:4.0", "CODEBUILD"},
		},
		"ImageForARM": {
			reason:  "The claim's image builds on ARM too.",
			compute: "BUILD_GENERAL1_SMALL", architecture: v1alpha1.ArchitectureARM, image: "aws/codebuild/amazonlinux-aarch64-standard:3.0",
			want: environment{"ARM_CONTAINER", "aws/codebuild/amazonlinux-aarch64-standard:3.0", "CODEBUILD"},
		},
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
			p := newConfig(func(c *Config) {
				c.Build.ComputeType, c.Build.Image, c.Architecture, c.Runtime = tc.compute, tc.image, tc.architecture, tc.runtime
			}).Project()
			if diff := cmp.Diff(tc.want, environment{p.ContainerType, p.Image, p.ImageCredentials}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestImageStatements checks that a build may pull its image, by whatever part of it is named, and no other.
func TestImageStatements(t *testing.T) {
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
		c := newConfig(func(c *Config) { c.Build.Image = image })
		if diff := cmp.Diff(want, c.imageStatements()); diff != "" {
			t.Errorf("%q: -want, +got:\n%s", image, diff)
		}
	}
}

// TestLambdaImage checks what CodeBuild calls the languages of its images for Lambda compute.
func TestLambdaImage(t *testing.T) {
	for name, want := range map[string]string{
		"nodejs22.x": "nodejs22", "nodejs24.x": "nodejs24", "python3.12": "python3.12", "java21": "corretto21", "ruby3.4": "ruby3.4",
	} {
		if got := newConfig(func(c *Config) { c.Runtime = name }).lambdaImage(); got != want {
			t.Errorf("%s: want %s, got %s", name, want, got)
		}
	}
}
