package build

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestStatements checks what builds of the smallest claim may do.
func TestStatements(t *testing.T) {
	want := []iam.Statement{
		iam.Allow("Log", "logs:CreateLogStream", "logs:PutLogEvents").
			On("arn:aws:logs:us-east-1:111122223333:log-group:/aws/codebuild/build-pr-123:*"),
		iam.Allow("Source", "s3:GetObject", "s3:GetObjectVersion").On("arn:aws:s3:::artifacts-pr-123/run/source/*"),
		iam.Allow("Output", "s3:PutObject").On("arn:aws:s3:::artifacts-pr-123/run/output/*"),
	}
	if diff := cmp.Diff(want, newConfig().Statements(fntest.Account)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestStatementsForEverything checks which statements builds have for what the claim asks for, and which of them are left to code
// that nobody has reviewed.
func TestStatementsForEverything(t *testing.T) {
	cases := map[string]struct {
		config Config
		want   []string
	}{
		"Reviewed": {newConfig(everything), []string{
			"CacheBucket", "ConnectToVPC", "FindImage", "FindNetworks", "HandOver", "Log", "NetworkInterfaces", "Output",
			"Packages", "PackagesDomain", "PackagesToken", "PullImage", "ReadParameters", "ReadSecrets", "Reports", "Source", "UseKey",
		}},
		"Unreviewed": {newConfig(everything, unreviewed), []string{
			"FindImage", "Log", "Packages", "PackagesDomain", "PackagesToken", "PullImage", "Reports", "Source", "UseKey",
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(bySid(tc.config)))); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}

// TestUnreviewedWritesNothing checks that code which nobody has reviewed reads its own source only, and writes nothing but its log
// and its reports.
func TestUnreviewedWritesNothing(t *testing.T) {
	got := bySid(newConfig(everything, unreviewed))
	for sid, want := range map[string]iam.Statement{
		"Source": iam.Allow("Source", "s3:GetObject", "s3:GetObjectVersion").On("arn:aws:s3:::artifacts-pr-123/checks/source/*"),
		"UseKey": iam.Allow("UseKey", "kms:Decrypt").On(fntest.Key),
	} {
		if diff := cmp.Diff(want, got[sid]); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}

// TestVPCStatements checks that network interfaces are made and deleted in the claim's VPC only, and handed to CodeBuild only.
func TestVPCStatements(t *testing.T) {
	got := bySid(newConfig(func(c *Config) { c.Build.VPC = testVPC() }))
	const anybody = "arn:aws:ec2:*:*:"
	const interfaces = anybody + "network-interface/*"
	const vpc = anybody + "vpc/vpc-0a"
	for _, want := range []iam.Statement{
		iam.Allow("NetworkInterfaces", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface").On(interfaces).
			If(iam.ArnLikeIfExists, "ec2:Vpc", vpc),
		iam.Allow("ConnectToVPC", "ec2:CreateNetworkInterface").On(anybody+"security-group/*", anybody+"subnet/*").
			If(iam.ArnLike, "ec2:Vpc", vpc),
		iam.Allow("HandOver", "ec2:CreateNetworkInterfacePermission").On(interfaces).
			If(iam.ArnLike, "ec2:Vpc", vpc).
			If(iam.StringEquals, "ec2:AuthorizedService", "codebuild.amazonaws.com"),
	} {
		if diff := cmp.Diff(want, got[want.Sid]); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}

// TestReportStatements checks that builds write the reports that the claim asks for, and those of no project whose name begins with this one's.
func TestReportStatements(t *testing.T) {
	const group = "arn:aws:codebuild:us-east-1:111122223333:report-group/build-pr-123-"
	want := iam.Texts{group + "coverage", group + "test"}
	if diff := cmp.Diff(want, bySid(newConfig(everything))["Reports"].Resource); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestCodeArtifactStatements checks that a build may read one repository, whoever's it is.
func TestCodeArtifactStatements(t *testing.T) {
	for owner, account := range map[string]string{"": fntest.Account, "444455556666": "444455556666"} {
		c := newConfig(func(c *Config) {
			c.Build.CodeArtifact = &v1alpha1.CodeArtifact{Domain: "my-org", DomainOwner: owner, Repository: "payments"}
		})
		want := []iam.Statement{
			iam.Allow("PackagesDomain", "codeartifact:GetAuthorizationToken").
				On("arn:aws:codeartifact:us-east-1:" + account + ":domain/my-org"),
			iam.Allow("Packages", "codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository").
				On("arn:aws:codeartifact:us-east-1:" + account + ":repository/my-org/payments"),
			iam.Allow("PackagesToken", "sts:GetServiceBearerToken").On("*").
				If(iam.StringEquals, "sts:AWSServiceName", "codeartifact.amazonaws.com"),
		}
		if diff := cmp.Diff(want, c.codeArtifactStatements(fntest.Account)); diff != "" {
			t.Errorf("owner %q: -want, +got:\n%s", owner, diff)
		}
	}
}
