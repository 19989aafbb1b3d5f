package architecture

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	s3v1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// offeredToTwo has two pipelines take what is released.
func offeredToTwo(p *Pipeline) {
	p.Spec.PromoteTo = []v1alpha1.PromotionTarget{
		{AccountID: "111122223333", EnvironmentSuffix: "staging"},
		{AccountID: "444455556666", EnvironmentSuffix: "prod"},
	}
}

// TestPromotedParts checks what a pipeline does without that takes the releases of another, and what it has instead.
func TestPromotedParts(t *testing.T) {
	built, taken := buildAll(newTestPipeline(t).Resources()), buildAll(newTestPipeline(t, promotedFromDev).Resources())
	less := func(a, b map[resource.Name]bool) []resource.Name {
		var names []resource.Name
		for _, name := range slices.Sorted(maps.Keys(a)) {
			if !b[name] {
				names = append(names, name)
			}
		}
		return names
	}
	has, hasTaken := map[resource.Name]bool{}, map[resource.Name]bool{}
	for name := range built {
		has[name] = true
	}
	for name := range taken {
		hasTaken[name] = true
	}
	if diff := cmp.Diff([]resource.Name{
		buildDenialsAttachment, buildOwnDenialsPolicy, buildLogGroup, buildOwnDenialsAttachment, buildPolicy, buildPolicyAttachment, buildProject, buildRole, Connection,
	}, less(has, hasTaken)); diff != "" {
		t.Errorf("-want gone, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]resource.Name{watchPromotionRule, watchPromotionTarget}, less(hasTaken, has)); diff != "" {
		t.Errorf("-want new, +got:\n%s", diff)
	}
}

// TestPromotedNeeds checks that such a pipeline waits for nothing that it does not have, and is looked for releases for when it can run.
func TestPromotedNeeds(t *testing.T) {
	p := newTestPipeline(t, promotedFromDev)
	for _, name := range p.usedByStages() {
		if !slices.ContainsFunc(p.Resources(), func(r compose.Resource) bool { return r.Name == name }) {
			t.Errorf("the pipeline waits for %s, which it does not have", name)
		}
	}
	waitsForStages := []resource.Name{}
	for _, r := range p.Resources() {
		if slices.Contains(r.Needs, ConnectionARN) {
			t.Errorf("%s waits for a connection", r.Name)
		}
		if slices.Contains(r.Needs, stagesReady) {
			waitsForStages = append(waitsForStages, r.Name)
		}
	}
	if diff := cmp.Diff([]resource.Name{watchPromotionRule, watchPromotionTarget, deliveryPipeline}, waitsForStages); diff != "" {
		t.Errorf("-want to wait until the stages are ready, +got:\n%s", diff)
	}
	if open := p.Facts(compose.Observation{})[sourceOpen]; open != known {
		t.Error("nobody has to open the source")
	}
}

func TestPromotedStages(t *testing.T) {
	p := newTestPipeline(t, promotedFromDev)
	want := []actionSummary{
		{Stage: "Source", Action: "Promotion_Source", Provider: "Source/AWS/S3/1", Out: "source_output", Namespace: "SourceVariables", Order: 1},
		{Stage: "Deploy-Blue", Action: "Deploy_Green_Lambda", Provider: "Deploy/AWS/Lambda/1", In: "source_output", Namespace: "DeployGreen", Order: 1},
		{Stage: "Deploy-Blue", Action: "Smoke_Test_Green", Provider: "Invoke/AWS/StepFunctions/1", Order: 2},
		{Stage: "Deploy-Blue", Action: "Deploy_Blue_Lambda", Provider: "Deploy/AWS/Lambda/1", In: "source_output", Namespace: "DeployBlue", Order: 3},
		{Stage: "Deploy-Blue", Action: "Overtake_Waiting_Release", Provider: "Invoke/AWS/StepFunctions/1", Order: 4},
		{Stage: "Switch-Traffic", Action: "Approve_Traffic_Shift", Provider: "Approval/AWS/Manual/1", Order: 1},
		{Stage: "Switch-Traffic", Action: "Shift_Traffic", Provider: "Invoke/AWS/StepFunctions/1", Order: 2},
	}
	stages := p.stages(allFacts())
	if diff := cmp.Diff(want, summarise(stages)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	source := map[string]*string{
		"S3Bucket": new("pipeline-artifacts-pr-123-0b7a2c9e"), "S3ObjectKey": new("promoted/service.zip"), "PollForSourceChanges": new("false"),
	}
	if diff := cmp.Diff(source, stages[0].Action[0].Configuration); diff != "" {
		t.Errorf("-want of the source action, +got:\n%s", diff)
	}
	shift := new(`{"action":"shift","targetVersion":"#{DeployBlue.FunctionVersion}","pipelineExecutionId":"#{codepipeline.PipelineExecutionId}","artifactVersion":"#{SourceVariables.VersionId}"}`)
	if diff := cmp.Diff(shift, stages[2].Action[1].Configuration["Input"]); diff != "" {
		t.Errorf("-want of the shift, +got:\n%s", diff)
	}
}

// TestPromotionSchedule checks what looks for releases, and that it goes with the claim: one that stayed would start releases for ever.
func TestPromotionSchedule(t *testing.T) {
	p := newTestPipeline(t, promotedFromDev, func(p *Pipeline) { p.Spec.DeletionProtection = true })
	target := buildOne[*cloudwatcheventsv1beta2.Target](t, p, watchPromotionTarget)
	if diff := cmp.Diff(new(`{"action":"promotion"}`), target.Spec.ForProvider.Input); diff != "" {
		t.Errorf("-want input, +got:\n%s", diff)
	}
	if !slices.Contains(target.Spec.ManagementPolicies, xpv2.ManagementActionDelete) {
		t.Error("the schedule stays when the claim goes")
	}
}

// TestPromotionBucketPolicy checks who may read what is offered, and who may write what is offered and taken.
func TestPromotionBucketPolicy(t *testing.T) {
	const (
		bucket   = "arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e"
		released = bucket + "/released/service.zip"
		promoted = bucket + "/promoted/service.zip"
	)
	offer := func(sid, account, suffix string) iam.Statement {
		return iam.Statement{
			Sid: sid, Effect: "Allow", Principal: iam.AWS("arn:aws:iam::" + account + ":root"),
			Action: []string{"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation"}, Resource: []string{released},
			Condition: iam.Condition{iam.ArnEquals: {"aws:PrincipalArn": {"arn:aws:iam::" + account + ":role/watch-service-role-" + suffix, "arn:aws:iam::" + account + ":role/release-service-role-" + suffix}}},
		}
	}
	onlyBy := func(sid, role, object string) iam.Statement {
		return iam.Statement{
			Sid: sid, Effect: "Deny", Principal: iam.Anyone(), Action: []string{"s3:PutObject"}, Resource: []string{object},
			Condition: iam.Condition{iam.ArnNotEquals: {"aws:PrincipalArn": {"arn:aws:iam::111122223333:role/" + role}}},
		}
	}
	nobody := iam.Statement{Sid: "OnlyTakers", Effect: "Deny", Principal: iam.Anyone(), Action: []string{"s3:GetObject*"}, Resource: []string{released}}
	onlyTakers := nobody
	onlyTakers.Condition = iam.Condition{iam.ArnNotEquals: {"aws:PrincipalArn": {
		"arn:aws:iam::111122223333:role/release-service-role-pr-123",
		"arn:aws:iam::111122223333:role/watch-service-role-staging", "arn:aws:iam::111122223333:role/release-service-role-staging",
		"arn:aws:iam::444455556666:role/watch-service-role-prod", "arn:aws:iam::444455556666:role/release-service-role-prod",
	}}}
	onlyReleases, onlyTaken := onlyBy("OnlyReleases", "release-service-role-pr-123", released), onlyBy("OnlyTaken", "watch-service-role-pr-123", promoted)
	cases := map[string]struct {
		reason  string
		changes []func(*Pipeline)
		want    map[string]iam.Statement
	}{
		"Neither": {reason: "Who was offered something once can take it no more.", want: map[string]iam.Statement{"OnlyTakers": nobody}},
		"Offering": {
			reason: "Those whom the claim names may read, and not even the build may write.", changes: []func(*Pipeline){offeredToTwo},
			want: map[string]iam.Statement{"Offer1": offer("Offer1", "111122223333", "staging"), "Offer2": offer("Offer2", "444455556666", "prod"), "OnlyTakers": onlyTakers, "OnlyReleases": onlyReleases},
		},
		"Taking": {reason: "Nobody else puts anything where it takes from.", changes: []func(*Pipeline){promotedFromDev}, want: map[string]iam.Statement{"OnlyTakers": nobody, "OnlyTaken": onlyTaken}},
		"Both": {
			reason: "In the middle it is both.", changes: []func(*Pipeline){promotedFromDev, offeredToTwo},
			want: map[string]iam.Statement{"Offer1": offer("Offer1", "111122223333", "staging"), "Offer2": offer("Offer2", "444455556666", "prod"), "OnlyTakers": onlyTakers, "OnlyReleases": onlyReleases, "OnlyTaken": onlyTaken},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, tc.changes...)
			got := statementsOf(t, buildOne[*s3v1beta1.BucketPolicy](t, p, artifactBucketPolicy).Spec.ForProvider.Policy)
			delete(got, "DenyWithoutTLS")
			delete(got, "DenyAccessPoints")
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPromotionStatements checks what a release may do to offer itself, or to take what another pipeline offers.
func TestPromotionStatements(t *testing.T) {
	const (
		own      = "arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e/"
		pipeline = "arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123"
		other    = "arn:aws:s3:::pipeline-artifacts-dev-1a2b3c4d/released/service.zip"
	)
	taking := map[string][]string{
		"ReadOffered":    {"s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation", other},
		"Take":           {"s3:PutObject", "s3:PutObjectAnnotation", own + "promoted/service.zip"},
		"ReadTaken":      {"s3:GetObjectVersion", "s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation", own + "promoted/service.zip"},
		"StartPipeline":  {"codepipeline:StartPipelineExecution", pipeline},
		"DecryptOffered": {"kms:Decrypt", "arn:aws:kms:us-east-1:444455556666:key/dev"},
	}
	withOffer := maps.Clone(taking)
	withOffer["Offer"] = []string{"s3:PutObject", "s3:PutObjectAnnotation", own + "released/service.zip"}
	cases := map[string]struct {
		reason  string
		changes []func(*Pipeline)
		want    map[string][]string
	}{
		"Neither": {reason: "A release that others have nothing of does nothing in the bucket.", want: map[string][]string{}},
		"Offering": {
			reason: "What is offered is what was built.", changes: []func(*Pipeline){offeredToTwo},
			want: map[string][]string{
				"ReadBuilt": {"s3:GetObjectVersion", "s3:GetObjectAnnotation", "s3:GetObjectVersionAnnotation", own + "payment-processor-pi/build_outp/*"}, "Offer": withOffer["Offer"],
			},
		},
		"Taking": {reason: "It reads one object of the other bucket.", changes: []func(*Pipeline){promotedFromDev}, want: taking},
		"Both":   {reason: "What is offered is what was taken: nothing is built.", changes: []func(*Pipeline){promotedFromDev, offeredToTwo}, want: withOffer},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[string][]string{}
			for sids, m := range map[string]stateMachine{"ReadBuilt Offer ReadTaken": releaseStateMachine, "ReadOffered Take StartPipeline DecryptOffered": watchStateMachine} {
				for sid, s := range policyOf(t, newTestPipeline(t, tc.changes...), m) {
					if slices.Contains(strings.Fields(sids), sid) {
						got[sid] = slices.Concat(s.Action, s.Resource)
					}
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
