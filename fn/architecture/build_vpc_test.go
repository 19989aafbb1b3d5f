package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestBuildVPC checks where builds run, and that a claim without a VPC says nothing, so that the provider takes them out.
func TestBuildVPC(t *testing.T) {
	cases := map[string]struct {
		reason string
		vpc    *v1alpha1.BuildVPC
		want   *codebuildv1beta1.VPCConfigParameters
	}{
		"None": {reason: "Builds reach the internet."},
		"VPC": {reason: "Builds are where the claim says.", vpc: testBuildVPC(), want: &codebuildv1beta1.VPCConfigParameters{
			VPCID:            new("vpc-0a"),
			Subnets:          []*string{new("subnet-0b"), new("subnet-0c")},
			SecurityGroupIds: []*string{new("sg-0d")},
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Build.VPC = tc.vpc })
			if diff := cmp.Diff(tc.want, buildOne[*codebuildv1beta1.Project](t, p, buildProject).Spec.ForProvider.VPCConfig); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBuildVPCStatements checks that network interfaces are made where the claim says only, and handed to CodeBuild only.
func TestBuildVPCStatements(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Build.VPC = testBuildVPC() })
	got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, buildPolicy).Spec.ForProvider.Policy)

	const interfaces, anybody = "arn:aws:ec2:us-east-1:111122223333:network-interface/*", "arn:aws:ec2:us-east-1:*:"
	for _, want := range []iam.Statement{
		iam.Allow("NetworkInterfaces", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface").On(interfaces),
		iam.Allow("ConnectToVPC", "ec2:CreateNetworkInterface").On(anybody+"security-group/*", anybody+"subnet/*").
			If(iam.ArnLike, "ec2:Vpc", anybody+"vpc/vpc-0a"),
		iam.Allow("HandOverNetworkInterfaces", "ec2:CreateNetworkInterfacePermission").On(interfaces).
			If(iam.ArnLike, "ec2:Vpc", anybody+"vpc/vpc-0a").
			If(iam.StringEquals, "ec2:AuthorizedService", "codebuild.amazonaws.com"),
	} {
		if diff := cmp.Diff(want, got[want.Sid]); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
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
