package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
)

func TestDeliveryPipeline(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*pipeline)
		want   *codepipelinev1beta2.EncryptionKeyParameters
	}{
		"WithoutKey": {
			reason: "The bucket's own encryption should do.",
		},
		"WithKey": {
			reason: "The platform team's key should encrypt artifacts.",
			change: func(p *pipeline) { p.platform.KMSKeyARN = testKey },
			want:   &codepipelinev1beta2.EncryptionKeyParameters{Type: new("KMS"), ID: new(testKey)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			want := codepipelinev1beta2.CodepipelineParameters{
				Region:        new("us-east-1"),
				PipelineType:  new("V2"),
				ExecutionMode: new("SUPERSEDED"),
				RoleArnRef:    &xpv1.Reference{Name: "pr-123.pipeline-role.default"},
				ArtifactStore: []codepipelinev1beta2.ArtifactStoreParameters{{
					Type:          new("S3"),
					LocationRef:   testBucket,
					EncryptionKey: tc.want,
				}},
				Stage: p.stages(testFacts),
			}
			got := buildOne[*codepipelinev1beta2.Codepipeline](t, p, deliveryPipeline).Spec.ForProvider
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDeliveryPolicy checks what the pipeline may do to what, and that it may do no more.
func TestDeliveryPolicy(t *testing.T) {
	policy := buildOne[*iamv1beta1.Policy](t, newTestPipeline(t), deliveryPolicy).Spec.ForProvider

	bucket := "arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e"
	blue := "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"
	green := "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-pr-123"
	log := func(prefix string) string {
		return "arn:aws:logs:us-east-1:111122223333:log-group:/" + prefix + "/codepipeline/payment-processor-pipeline-pr-123"
	}
	machine := "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-release-pr-123"
	execution := "arn:aws:states:us-east-1:111122223333:execution:payment-processor-release-pr-123"
	want := map[string]statement{}
	for _, s := range []statement{
		allow("Source", "codestar-connections:UseConnection").on(testConnection),
		allow("ArtifactBucket", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket").on(bucket),
		allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject").on(bucket + "/*"),
		allow("Build", "codebuild:BatchGetBuilds", "codebuild:StartBuild").
			on("arn:aws:codebuild:us-east-1:111122223333:project/payment-processor-build-pr-123"),
		allow("Deploy",
			"lambda:GetAlias",
			"lambda:GetFunctionConfiguration",
			"lambda:GetProvisionedConcurrencyConfig",
			"lambda:PublishVersion",
			"lambda:UpdateFunctionCode",
		).on(blue, blue+":*", green, green+":*"),
		allow("DeployLog", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents").
			on(log("aws"), log("aws")+":*", log("us-east-1"), log("us-east-1")+":*"),
		allow("TellApprovers", "sns:Publish").on("arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"),
		allow("Release", "states:DescribeStateMachine", "states:StartExecution").on(machine),
		allow("FollowRelease", "states:DescribeExecution").on(execution + ":*"),
	} {
		want[s.Sid] = s
	}
	if diff := cmp.Diff(want, statementsOf(t, policy.Policy)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
