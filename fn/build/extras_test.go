package build

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// TestBuildspec checks what of the claim is in the generated buildspec.
func TestBuildspec(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*Config)
		// want leaves out the commands that write the scripts.
		want string
	}{
		"Everything": {
			reason: "All phases work in the directory, which is what is delivered. npm's packages come from CodeArtifact.",
			change: everything,
			want: `artifacts:
  base-directory: services/payments/lambda-artifact
  files:
  - '**/*'
cache:
  paths:
  - /root/.npm/**/*
  - /root/.local/share/pnpm/store/**/*
  - /root/.bun/install/cache/**/*
  - /root/.yarn/berry/cache/**/*
  - /usr/local/share/.cache/yarn/**/*
phases:
  build:
    commands:
    - cd "$CODEBUILD_SRC_DIR/services/payments"
    - sh /tmp/payment-delivery-pipeline/steps.sh build
    - sh /tmp/payment-delivery-pipeline/steps.sh test
    - sh /tmp/payment-delivery-pipeline/steps.sh package
    - sh /tmp/payment-delivery-pipeline/steps.sh load
  install:
    commands:
    - cd "$CODEBUILD_SRC_DIR/services/payments"
    - aws codeartifact login --tool npm --domain my-org --repository payments
    - aws codeartifact login --tool pip --domain my-org --repository payments
    - CODEARTIFACT_AUTH_TOKEN="$(aws codeartifact get-authorization-token --domain
      my-org --query authorizationToken --output text)"
    - export CODEARTIFACT_AUTH_TOKEN
    - sh /tmp/payment-delivery-pipeline/steps.sh install
    on-failure: ABORT
    runtime-versions:
      nodejs: "24"
  pre_build:
    commands:
    - cd "$CODEBUILD_SRC_DIR/services/payments"
    - sh /tmp/payment-delivery-pipeline/steps.sh lint
    on-failure: ABORT
reports:
  coverage:
    base-directory: services/payments
    file-format: CLOVERXML
    files:
    - coverage/clover.xml
  test:
    base-directory: services/payments
    file-format: JUNITXML
    files:
    - reports/junit.xml
version: "0.2"
`,
		},
		"Lambda": {
			reason: "Lambda compute knows neither on-failure nor runtime-versions.",
			change: func(c *Config) { c.Build.ComputeType = "BUILD_LAMBDA_1GB" },
			want: `artifacts:
  base-directory: lambda-artifact
  files:
  - '**/*'
phases:
  build:
    commands:
    - sh /tmp/payment-delivery-pipeline/steps.sh build
    - sh /tmp/payment-delivery-pipeline/steps.sh test
    - sh /tmp/payment-delivery-pipeline/steps.sh package
    - sh /tmp/payment-delivery-pipeline/steps.sh load
  install:
    commands:
    - sh /tmp/payment-delivery-pipeline/steps.sh install
  pre_build:
    commands:
    - sh /tmp/payment-delivery-pipeline/steps.sh lint
version: "0.2"
`,
		},
		"AnotherDomain": {
			reason: "A domain of another account is named with it.",
			change: func(c *Config) {
				c.Build.ComputeType = "BUILD_LAMBDA_1GB"
				c.Build.CodeArtifact = &v1alpha1.CodeArtifact{
					Domain: "shared", DomainOwner: "444455556666", Repository: "all", Tools: []v1alpha1.CodeArtifactTool{v1alpha1.CodeArtifactNPM},
				}
			},
			want: `artifacts:
  base-directory: lambda-artifact
  files:
  - '**/*'
phases:
  build:
    commands:
    - sh /tmp/payment-delivery-pipeline/steps.sh build
    - sh /tmp/payment-delivery-pipeline/steps.sh test
    - sh /tmp/payment-delivery-pipeline/steps.sh package
    - sh /tmp/payment-delivery-pipeline/steps.sh load
  install:
    commands:
    - aws codeartifact login --tool npm --domain shared --domain-owner 444455556666
      --repository all
    - sh /tmp/payment-delivery-pipeline/steps.sh install
  pre_build:
    commands:
    - sh /tmp/payment-delivery-pipeline/steps.sh lint
version: "0.2"
`,
		},
		"OfTheLanguage": {
			reason: "Who asks for nothing gets what the language is built by, in its version.",
			change: func(c *Config) { c.Runtime = "java21" },
			want:   withoutScripts(t, newConfig(func(c *Config) { c.Runtime = "java21" }).stepsBuildspec().text()),
		},
		"Own": {
			reason: "An own buildspec says all of it itself.",
			change: func(c *Config) {
				everything(c)
				c.Build.Buildspec = "ci/buildspec.yml"
			},
			want: "ci/buildspec.yml",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, withoutScripts(t, newConfig(tc.change).buildspec())); diff != "" {
				t.Errorf("%s\nbuildspec(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// withoutScripts is a buildspec without the commands that write its scripts. The path of an own one is as it is.
func withoutScripts(t *testing.T, text string) string {
	t.Helper()
	if !strings.Contains(text, "\n") {
		return text
	}
	b := buildspec{}
	if err := yaml.UnmarshalStrict([]byte(text), &b); err != nil {
		t.Fatalf("cannot parse buildspec: %v", err)
	}
	b.Phases.Install.Commands = slices.DeleteFunc(b.Phases.Install.Commands, func(command string) bool {
		return strings.HasPrefix(command, "mkdir -p "+toolFolder) || strings.HasPrefix(command, "base64 -d ")
	})
	return b.text()
}

// TestExtrasAreTheirClaims checks that no claim gets what another one has asked for: buildspecs are remembered.
func TestExtrasAreTheirClaims(t *testing.T) {
	plain := newConfig().buildspec()
	newConfig(everything).buildspec()
	if diff := cmp.Diff(plain, newConfig().buildspec()); diff != "" || strings.Contains(plain, "codeartifact") {
		t.Errorf("-before, +after another claim:\n%s", diff)
	}
}
