package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestBuildExtras checks what of the claim is in the generated buildspec.
func TestBuildExtras(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   string
	}{
		"Everything": {
			reason: "All phases work in the directory, which is what is delivered. npm's packages come from CodeArtifact.",
			change: builtWithEverything,
			want: `artifacts:
  base-directory: services/payments
  files:
  - '**/*'
cache:
  paths:
  - /root/.npm/**/*
phases:
  build:
    commands:
    - cd "$CODEBUILD_SRC_DIR/services/payments"
    - npm run build --if-present
    - npm run test --if-present
    - npm prune --omit=dev
  install:
    commands:
    - cd "$CODEBUILD_SRC_DIR/services/payments"
    - aws codeartifact login --tool npm --domain my-org --repository payments
    - aws codeartifact login --tool pip --domain my-org --repository payments
    - CODEARTIFACT_AUTH_TOKEN="$(aws codeartifact get-authorization-token --domain
      my-org --query authorizationToken --output text)"
    - export CODEARTIFACT_AUTH_TOKEN
    - npm ci
    on-failure: ABORT
    runtime-versions:
      nodejs: "24"
  pre_build:
    commands:
    - cd "$CODEBUILD_SRC_DIR/services/payments"
    - npm run lint --if-present
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
			change: func(p *Pipeline) { p.Spec.Build.ComputeType = "BUILD_LAMBDA_1GB" },
			want: `artifacts:
  files:
  - '**/*'
phases:
  build:
    commands:
    - npm run build --if-present
    - npm run test --if-present
    - npm prune --omit=dev
  install:
    commands:
    - npm ci
  pre_build:
    commands:
    - npm run lint --if-present
version: "0.2"
`,
		},
		"AnotherDomain": {
			reason: "A domain of another account is named with it.",
			change: func(p *Pipeline) {
				p.Spec.Build.ComputeType = "BUILD_LAMBDA_1GB"
				p.Spec.Build.CodeArtifact = &v1alpha1.CodeArtifact{
					Domain: "shared", DomainOwner: "444455556666", Repository: "all", Tools: []v1alpha1.CodeArtifactTool{v1alpha1.CodeArtifactNPM},
				}
			},
			want: `artifacts:
  files:
  - '**/*'
phases:
  build:
    commands:
    - npm run build --if-present
    - npm run test --if-present
    - npm prune --omit=dev
  install:
    commands:
    - aws codeartifact login --tool npm --domain shared --domain-owner 444455556666
      --repository all
    - npm ci
  pre_build:
    commands:
    - npm run lint --if-present
version: "0.2"
`,
		},
		"Own": {
			reason: "An own buildspec says all of it itself.",
			change: func(p *Pipeline) {
				builtWithEverything(p)
				p.Spec.Build.Buildspec = "ci/buildspec.yml"
			},
			want: "ci/buildspec.yml",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, newTestPipeline(t, tc.change).buildspec()); diff != "" {
				t.Errorf("%s\nbuildspec(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestExtrasAreTheirClaims checks that no claim gets what another one has asked for: buildspecs are remembered.
func TestExtrasAreTheirClaims(t *testing.T) {
	plain := newTestPipeline(t).buildspec()
	newTestPipeline(t, builtWithEverything).buildspec()
	if diff := cmp.Diff(plain, newTestPipeline(t).buildspec()); diff != "" || strings.Contains(plain, "codeartifact") {
		t.Errorf("-before, +after another claim:\n%s", diff)
	}
}

// TestCodeArtifactStatements checks that a build may read one repository, whoever's it is.
func TestCodeArtifactStatements(t *testing.T) {
	for owner, account := range map[string]string{"": "111122223333", "444455556666": "444455556666"} {
		p := newTestPipeline(t, func(p *Pipeline) {
			p.Spec.Build.CodeArtifact = &v1alpha1.CodeArtifact{Domain: "my-org", DomainOwner: owner, Repository: "payments"}
		})
		want := []iam.Statement{
			iam.Allow("CodeArtifactDomain", "codeartifact:GetAuthorizationToken").
				On("arn:aws:codeartifact:us-east-1:" + account + ":domain/my-org"),
			iam.Allow("CodeArtifactPackages", "codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository").
				On("arn:aws:codeartifact:us-east-1:" + account + ":repository/my-org/payments"),
			iam.Allow("CodeArtifactToken", "sts:GetServiceBearerToken").On("*").
				If(iam.StringEquals, "sts:AWSServiceName", "codeartifact.amazonaws.com"),
		}
		if diff := cmp.Diff(want, p.codeArtifactStatements(allFacts())); diff != "" {
			t.Errorf("owner %q: -want, +got:\n%s", owner, diff)
		}
	}
}

// TestReportStatements checks that builds write reports of their own project only.
func TestReportStatements(t *testing.T) {
	p := newTestPipeline(t, builtWithEverything)
	for policy, project := range map[resource.Name]string{buildPolicy: "payment-processor-build-pr-123", checksPolicy: "payment-processor-checks-pr-123"} {
		got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, policy).Spec.ForProvider.Policy)
		if diff := cmp.Diff(iam.Texts{"arn:aws:codebuild:us-east-1:111122223333:report-group/" + project + "-*"}, got["Reports"].Resource); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", policy, diff)
		}
	}
}

// TestBuildCache checks where the cache is, that it goes by itself, and that a claim without one says so: the provider does not
// take back what is no longer named.
func TestBuildCache(t *testing.T) {
	cached := newTestPipeline(t, func(p *Pipeline) { p.Spec.Build.Cache = v1alpha1.BuildCacheS3 })
	want := &codebuildv1beta1.CacheParameters{Type: new("S3"), Location: new("pipeline-artifacts-pr-123-0b7a2c9e/cache")}
	if diff := cmp.Diff(want, buildOne[*codebuildv1beta1.Project](t, cached, buildProject).Spec.ForProvider.Cache); diff != "" {
		t.Errorf("S3: -want, +got:\n%s", diff)
	}
	want = &codebuildv1beta1.CacheParameters{Type: new("NO_CACHE")}
	if diff := cmp.Diff(want, buildOne[*codebuildv1beta1.Project](t, newTestPipeline(t), buildProject).Spec.ForProvider.Cache); diff != "" {
		t.Errorf("None: -want, +got:\n%s", diff)
	}

	expires := func(p Pipeline) bool {
		for _, rule := range buildOne[*s3v1beta2.BucketLifecycleConfiguration](t, p, artifactBucketLifecycle).Spec.ForProvider.Rule {
			if f := rule.Filter[0]; f.Prefix != nil && *f.Prefix == "cache/" {
				return *rule.Expiration[0].Days == 30 && *rule.NoncurrentVersionExpiration[0].NoncurrentDays == 1
			}
		}
		return false
	}
	if !expires(cached) || expires(newTestPipeline(t)) {
		t.Error("want a cache that goes 30 days after the last build, and no rule without a cache")
	}
}
