package architecture

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

func TestDeliveryPipeline(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   *codepipelinev1beta2.EncryptionKeyParameters
	}{
		"WithoutKey": {
			reason: "The bucket's own encryption should do.",
		},
		"WithKey": {
			reason: "The platform team's key should encrypt artifacts.",
			change: func(p *Pipeline) { p.Platform.KMSKeyARN = fntest.Key },
			want:   &codepipelinev1beta2.EncryptionKeyParameters{Type: new("KMS"), ID: new(fntest.Key)},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.change)
			want := codepipelinev1beta2.CodepipelineParameters{
				Region:        new("us-east-1"),
				PipelineType:  new("V2"),
				ExecutionMode: new("SUPERSEDED"),
				RoleArnRef:    &xpv2.Reference{Name: "pr-123.pipeline-role.default"},
				ArtifactStore: []codepipelinev1beta2.ArtifactStoreParameters{{
					Type:          new("S3"),
					Location:      new("pipeline-artifacts-pr-123-0b7a2c9e"),
					EncryptionKey: tc.want,
				}},
				Stage: p.stages(allFacts()),
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
	want := map[string]iam.Statement{}
	for _, s := range []iam.Statement{
		iam.Allow("Source", "codestar-connections:UseConnection").On(fntest.Connection),
		iam.Allow("ArtifactBucket", "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning").On(bucket),
		iam.Allow("Artifacts", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl").On(bucket + "/*"),
		iam.Allow("Build", "codebuild:BatchGetBuilds", "codebuild:StartBuild").
			On("arn:aws:codebuild:us-east-1:111122223333:project/payment-processor-build-pr-123"),
		iam.Allow("Deploy",
			"lambda:GetAlias",
			"lambda:GetFunctionConfiguration",
			"lambda:GetProvisionedConcurrencyConfig",
			"lambda:PublishVersion",
			"lambda:UpdateFunctionCode",
		).On(blue, blue+":*", green, green+":*"),
		iam.Allow("DeployLog", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents").
			On(log("aws"), log("aws")+":*", log("us-east-1"), log("us-east-1")+":*"),
		iam.Allow("TellApprovers", "sns:Publish").On("arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"),
		iam.Allow("Release", "states:DescribeStateMachine", "states:StartExecution").On(machine),
		iam.Allow("FollowRelease", "states:DescribeExecution").On(execution + ":*"),
	} {
		want[s.Sid] = s
	}
	if diff := cmp.Diff(want, statementsOf(t, policy.Policy)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestWhenThePipelineIsMade checks that AWS is not asked for a pipeline, which runs at once, before that can succeed.
func TestWhenThePipelineIsMade(t *testing.T) {
	type args struct {
		given    string
		observed map[resource.Name]string
	}
	ready, unready := fntest.Managed(), fntest.Managed(standin.Unavailable)
	available, pending := fntest.ConnectionIn("AVAILABLE"), fntest.ConnectionIn("PENDING")
	// used by a run, all of it ready, with changes.
	used := func(changes map[resource.Name]string) map[resource.Name]string {
		observed := map[resource.Name]string{}
		for _, name := range newTestPipeline(t).usedByStages() {
			observed[name] = ready
		}
		maps.Copy(observed, changes)
		return observed
	}
	without := func(name resource.Name) map[resource.Name]string {
		observed := used(map[resource.Name]string{Connection: available})
		delete(observed, name)
		return observed
	}
	cases := map[string]struct {
		reason string
		args   args
		want   compose.Fact
	}{
		"Nothing":   {reason: "GitHub cannot be read before there is a connection.", want: sourceOpen},
		"Pending":   {reason: "A run would fail to read GitHub.", args: args{observed: used(map[resource.Name]string{Connection: pending})}, want: sourceOpen},
		"Unknown":   {reason: "A connection of which AWS has told nothing is not authorised.", args: args{observed: used(map[resource.Name]string{Connection: "{}"})}, want: sourceOpen},
		"Available": {reason: "The connection is authorised and all is ready.", args: args{observed: used(map[resource.Name]string{Connection: available})}},
		"Given":     {reason: "A connection that the claim brings is not ours to look at.", args: args{given: fntest.Connection, observed: used(nil)}},
		"NoRole":    {reason: "A run would fail to read GitHub without the role's policy.", args: args{observed: without(deliveryPolicyAttachment)}, want: stagesReady},
		"NoProject": {reason: "A run would fail to build.", args: args{given: fntest.Connection, observed: without(buildProject)}, want: stagesReady},
		"NotReady": {
			reason: "What exists but is not ready will do no better.",
			args:   args{observed: used(map[resource.Name]string{Connection: available, releaseMachine: unready})}, want: stagesReady,
		},
		"PipelineExists": {
			reason: "A pipeline that exists stays, also if the connection must be authorised again, and nothing else is ready.",
			args:   args{observed: map[resource.Name]string{deliveryPipeline: "{}", Connection: pending}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Source.ConnectionARN = tc.args.given })
			facts := p.Facts(compose.NewObservation(fntest.State(t, fntest.XR, tc.args.observed)))
			got, _ := facts.Missing([]compose.Fact{sourceOpen, stagesReady})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want to wait for, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestStagesUseWhatIsThere checks that the pipeline waits for names that the architecture has, whatever the claim.
func TestStagesUseWhatIsThere(t *testing.T) {
	for _, change := range []func(*Pipeline){nil, everything, givenTopic} {
		p := newTestPipeline(t, change)
		built := buildAll(p.Resources())
		for _, name := range p.usedByStages() {
			if built[name] == nil {
				t.Errorf("the pipeline would wait for ever for %q", name)
			}
		}
	}
}
