package architecture

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// unscoped are the actions for which IAM knows no resources.
var unscoped = []string{
	"cloudwatch:GetMetricData", "cloudwatch:PutMetricData",
	"codedeploy:BatchGetDeploymentTargets", "codedeploy:ListDeploymentTargets", "codedeploy:StopDeployment",
	"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
	"ecr:GetAuthorizationToken", "sts:GetServiceBearerToken",
	"dynamodb:ListStreams", "kinesis:ListStreams",
	"xray:GetSamplingRules", "xray:GetSamplingStatisticSummaries", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
}

func isUnscoped(s iam.Statement) bool {
	return slices.Equal(s.Resource, []string{"*"}) &&
		!slices.ContainsFunc(s.Action, func(action string) bool { return !slices.Contains(unscoped, action) })
}

// TestPoliciesAreNarrow walks all policies there can be.
func TestPoliciesAreNarrow(t *testing.T) {
	policies := buildOf[*iamv1beta1.Policy](newTestPipeline(t, everything))
	if len(policies) < 6 {
		t.Fatalf("want the policies of function, CodeBuild, CodeDeploy, CodePipeline, release and its events, got %d", len(policies))
	}
	for name, policy := range policies {
		for sid, s := range statementsOf(t, policy.Spec.ForProvider.Policy) {
			if s.Effect == "Deny" {
				continue // See TestDenials.
			}
			if s.Effect != "Allow" || sid == "" || len(s.Action) == 0 || len(s.Resource) == 0 {
				t.Errorf("%s/%s: want a statement that allows actions on resources, got %+v", name, sid, s)
			}
			for _, r := range s.Resource {
				// What EC2 has is known by its id, whoever shares it.
				r = strings.Replace(r, ":ec2:*:*:", ":ec2:::", 1)
				if !isUnscoped(s) && (!strings.HasPrefix(r, "arn:aws:") || strings.Contains(strings.TrimSuffix(r, "*"), "*")) {
					t.Errorf("%s/%s: %q is not the ARN of one thing, or of what is in it", name, sid, r)
				}
			}
			for _, action := range s.Action {
				// AWS documents these two in this form, for the key of one ARN.
				if action == "kms:GenerateDataKey*" || action == "kms:ReEncrypt*" {
					continue
				}
				if strings.Contains(action, "*") {
					t.Errorf("%s/%s: %q is not one action", name, sid, action)
				}
			}
		}
	}
}

func TestRoles(t *testing.T) {
	services := map[resource.Name]string{
		functionRole:    "lambda.amazonaws.com",
		deployRole:      "codedeploy.amazonaws.com",
		buildRole:       "codebuild.amazonaws.com",
		releaseRole:     "states.amazonaws.com",
		rollbackRole:    "states.amazonaws.com",
		watchRole:       "states.amazonaws.com",
		watchEventsRole: "events.amazonaws.com",
		deliveryRole:    "codepipeline.amazonaws.com",
		checksRole:      "codebuild.amazonaws.com",
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   *string
	}{
		"Unbounded": {reason: "Without a boundary given, there should be none."},
		"Bounded":   {reason: "The boundary should be on every role.", change: everything, want: new(fntest.Boundary)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			roles := buildOf[*iamv1beta1.Role](newTestPipeline(t, tc.change))
			for name, role := range roles {
				params := role.Spec.ForProvider
				trust := statementsOf(t, params.AssumeRolePolicy)
				if diff := cmp.Diff(iam.Texts{"sts:AssumeRole"}, trust["AssumeRole"].Action); diff != "" || len(trust) != 1 {
					t.Errorf("%s: want trust in one service, got %s", name, *params.AssumeRolePolicy)
				}
				if diff := cmp.Diff(iam.Service(services[name]), trust["AssumeRole"].Principal); diff != "" {
					t.Errorf("%s: -want principal, +got principal:\n%s", name, diff)
				}
				if params.InlinePolicy != nil || params.ManagedPolicyArns != nil {
					t.Errorf("%s: policies in the role itself fight with attachments", name)
				}
				if diff := cmp.Diff(new(true), params.ForceDetachPolicies); diff != "" {
					t.Errorf("%s: -want forceDetachPolicies, +got:\n%s", name, diff)
				}
				if diff := cmp.Diff(tc.want, params.PermissionsBoundary); diff != "" {
					t.Errorf("%s\n%s: -want boundary, +got boundary:\n%s", tc.reason, name, diff)
				}
			}
			for name := range services {
				if roles[name] == nil && (tc.change != nil || name != checksRole) {
					t.Errorf("%s: not in the architecture", name)
				}
			}
		})
	}
}

// TestAttachments checks that each policy is attached, to a role of ours, and waits for what its policy waits for.
func TestAttachments(t *testing.T) {
	p := newTestPipeline(t, everything)
	attached := map[string]int{}
	for name, a := range buildOf[*iamv1beta1.RolePolicyAttachment](p) {
		params := a.Spec.ForProvider
		if params.RoleRef == nil || (params.PolicyArn == nil) == (params.PolicyArnRef == nil) {
			t.Errorf("%s: want a role and one policy, got %+v", name, params)
			continue
		}
		if params.PolicyArnRef != nil {
			attached[params.PolicyArnRef.Name]++
		}
	}
	want := map[string]int{}
	for _, policy := range buildOf[*iamv1beta1.Policy](p) {
		want[policy.GetName()] = 1
	}
	// To each role in which code of the team's runs, or that clones.
	want["pr-123.denials-policy.default"] = 3
	want["pr-123.clone-policy.default"] = 2
	if diff := cmp.Diff(want, attached); diff != "" {
		t.Errorf("-want policies attached, +got:\n%s", diff)
	}

	needs := map[resource.Name]any{}
	for _, r := range p.Resources() {
		needs[r.Name] = r.Needs
	}
	for attachment, policy := range map[resource.Name]resource.Name{
		functionPolicyAttachment:    functionPolicy,
		deployPolicyAttachment:      deployPolicy,
		buildPolicyAttachment:       buildPolicy,
		checksPolicyAttachment:      checksPolicy,
		releasePolicyAttachment:     releasePolicy,
		rollbackPolicyAttachment:    rollbackPolicy,
		watchPolicyAttachment:       watchPolicy,
		watchEventsPolicyAttachment: watchEventsPolicy,
		deliveryPolicyAttachment:    deliveryPolicy,
		buildCloneAttachment:        clonePolicy,
		checksCloneAttachment:       clonePolicy,
	} {
		if diff := cmp.Diff(needs[policy], needs[attachment]); diff != "" {
			t.Errorf("%s: -want needs of its policy, +got:\n%s", attachment, diff)
		}
	}
}

// TestUseKey checks what each role may do with the platform team's key: only DynamoDB asks for more than to read and write.
func TestUseKey(t *testing.T) {
	readAndWrite := []string{"kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"}
	table := []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"}
	want := map[resource.Name][]string{
		functionPolicy: table,
		releasePolicy:  table,
		rollbackPolicy: table,
		watchPolicy:    table,
		buildPolicy:    readAndWrite,
		checksPolicy:   {"kms:Decrypt"},
		deployPolicy:   readAndWrite,
		deliveryPolicy: readAndWrite,
	}
	got := map[resource.Name][]string{}
	for name, policy := range buildOf[*iamv1beta1.Policy](newTestPipeline(t, everything)) {
		if s, ok := statementsOf(t, policy.Spec.ForProvider.Policy)["UseKey"]; ok {
			got[name] = s.Action
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestKeyOfVariables checks who may do what with the key that the claim encrypts the functions' variables with: the pipeline configures
// and publishes through Lambda, the functions start, and no state machine can read a variable.
func TestKeyOfVariables(t *testing.T) {
	const key = "arn:aws:kms:us-east-1:111122223333:key/variables"
	p := newTestPipeline(t, everything, func(p *Pipeline) { p.Spec.Service.KMSKeyARN = key })
	want := map[resource.Name][]iam.Statement{
		functionPolicy: {iam.Allow("DecryptEnvironment", "kms:Decrypt").On(key)},
		deliveryPolicy: {iam.Allow("EncryptEnvironment", "kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt").On(key).
			If(iam.StringEquals, "kms:ViaService", "lambda.us-east-1.amazonaws.com")},
	}
	got := map[resource.Name][]iam.Statement{}
	for name, policy := range buildOf[*iamv1beta1.Policy](p) {
		for _, s := range statementsOf(t, policy.Spec.ForProvider.Policy) {
			if slices.Contains(s.Resource, key) {
				got[name] = append(got[name], s)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestPartition(t *testing.T) {
	cases := map[string]struct {
		reason string
		region string
		want   []string
	}{
		"Commercial": {
			reason: "The ARNs of AWS's own policies should have service-role in them.",
			region: "eu-central-1",
			want: []string{
				"arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda",
			},
		},
		"GovCloud": {
			reason: "GovCloud has a partition of its own.",
			region: "us-gov-west-1",
			want: []string{
				"arn:aws-us-gov:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda",
			},
		},
		"China": {
			reason: "China has a partition of its own.",
			region: "cn-north-1",
			want: []string{
				"arn:aws-cn:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda",
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Region = tc.region })
			prefix, _, _ := strings.Cut(tc.want[0], "iam")

			arns := map[string]bool{}
			for _, a := range buildOf[*iamv1beta1.RolePolicyAttachment](p) {
				if arn := a.Spec.ForProvider.PolicyArn; arn != nil {
					arns[*arn] = true
				}
			}
			if diff := cmp.Diff(tc.want, slices.Sorted(maps.Keys(arns))); diff != "" {
				t.Errorf("%s\n-want AWS policies, +got:\n%s", tc.reason, diff)
			}
			for name, policy := range buildOf[*iamv1beta1.Policy](p) {
				for sid, s := range statementsOf(t, policy.Spec.ForProvider.Policy) {
					for _, arn := range s.Resource {
						if arn == "*" && s.Effect == iam.EffectDeny {
							continue // A condition says of what.
						}
						if arn != fntest.Connection && !isUnscoped(s) && !strings.HasPrefix(arn, prefix) {
							t.Errorf("%s\n%s/%s: want an ARN that begins with %q, got %q", tc.reason, name, sid, prefix, arn)
						}
					}
				}
			}
		})
	}
}
