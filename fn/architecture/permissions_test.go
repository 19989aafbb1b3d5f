package architecture

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

const (
	testQueue  = "arn:aws:sqs:us-east-1:111122223333:payments-booked"
	testPolicy = "arn:aws:iam::111122223333:policy/payment-service-tracing"
)

func TestPermissionStatements(t *testing.T) {
	p := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.Service.Permissions.Statements = []v1alpha1.PermissionStatement{
			{Actions: []string{"sqs:SendMessage"}, Resources: []string{testQueue}},
			{Actions: []string{"s3:GetObject", "s3:PutObject"}, Resources: []string{"arn:aws:s3:::receipts/*"}},
		}
	})
	got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
	for _, want := range []iam.Statement{
		iam.Allow("Claim1", "sqs:SendMessage").On(testQueue),
		iam.Allow("Claim2", "s3:GetObject", "s3:PutObject").On("arn:aws:s3:::receipts/*"),
	} {
		if diff := cmp.Diff(want, got[want.Sid]); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}

// TestPolicyAttachments checks that each policy that a claim names is attached to the functions' role, under a name that does not
// depend on the others.
func TestPolicyAttachments(t *testing.T) {
	const other = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
	attachments := func(arns ...string) map[resource.Name]string {
		p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Permissions.PolicyARNs = arns })
		of := map[resource.Name]string{}
		for name, a := range buildOf[*iamv1beta1.RolePolicyAttachment](p) {
			if arn := a.Spec.ForProvider.PolicyArn; strings.HasPrefix(string(name), "function-policy-attachment-") {
				of[name] = *arn
				if a.Spec.ForProvider.RoleRef.Name != "pr-123.function-role.default" {
					t.Errorf("%s: attached to %s", name, a.Spec.ForProvider.RoleRef.Name)
				}
			}
		}
		return of
	}
	want := map[resource.Name]string{"function-policy-attachment-4bfe9985": testPolicy, "function-policy-attachment-95f7ab42": other}
	if diff := cmp.Diff(want, attachments(testPolicy, other)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	delete(want, "function-policy-attachment-4bfe9985")
	if diff := cmp.Diff(want, attachments(other)); diff != "" {
		t.Errorf("without the first: -want, +got:\n%s", diff)
	}
}

// denied reports whether a statement of a policy denies an action on a resource, on items with this key. A request that is about no
// item has no key.
func denied(statements map[string]iam.Statement, action, on, key string) bool {
	matches := func(patterns []string, text string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			// A star of IAM's matches slashes too.
			ok, _ := path.Match(strings.ReplaceAll(pattern, "/", "|"), strings.ReplaceAll(text, "/", "|"))
			return ok
		})
	}
	for _, s := range statements {
		about := matches(s.Action, action) || len(s.NotAction) > 0 && !matches(s.NotAction, action)
		if s.Effect != "Deny" || !about || !matches(s.Resource, on) {
			continue
		}
		own := s.Condition[iam.ForAnyValueStringNotLike]["dynamodb:LeadingKeys"]
		if own == nil || key != "" && !matches(own, key) {
			return true
		}
	}
	return false
}

// TestDenials checks what nothing lets the service do, whatever its claim or a policy of somebody's allows.
func TestDenials(t *testing.T) {
	const (
		table = "arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123"
		blue  = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123"
		green = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-green-pr-123"
	)
	cases := map[string]struct {
		reason          string
		action, on, key string
		want            bool
	}{
		"OwnItem":       {reason: "The service may keep items of its own.", action: "dynamodb:PutItem", on: table, key: "service/a"},
		"OwnItemOfMore": {reason: "A claim may allow more with them.", action: "dynamodb:DeleteItem", on: table, key: "service/a"},
		"History":       {reason: "A release's record is not the service's to write.", action: "dynamodb:PutItem", on: table, key: "release/a", want: true},
		"HistoryItem":   {reason: "Nor to change.", action: "dynamodb:UpdateItem", on: table, key: "approved", want: true},
		"Batch":         {reason: "Nor in a batch.", action: "dynamodb:BatchWriteItem", on: table, key: "release/a", want: true},
		"Scan":          {reason: "A scan has no key.", action: "dynamodb:Scan", on: table, want: true},
		"Statement":     {reason: "SQL of DynamoDB's.", action: "dynamodb:PartiQLDelete", on: table, key: "release/a", want: true},
		"Table":         {reason: "The table itself.", action: "dynamodb:DeleteTable", on: table, want: true},
		"Stream":        {reason: "What belongs to the table.", action: "dynamodb:GetRecords", on: table + "/stream/1", want: true},
		"OtherTable":    {reason: "A table of the team's is its own.", action: "dynamodb:Scan", on: table + "-ledger"},
		"Artifact":      {reason: "What a release is made of.", action: "s3:PutObject", on: "arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e/a", want: true},
		"Bucket":        {reason: "Where that is.", action: "s3:PutBucketPolicy", on: "arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e", want: true},
		"OtherBucket":   {reason: "A bucket of the team's.", action: "s3:PutObject", on: "arn:aws:s3:::receipts/a"},
		"Code":          {reason: "Its own code.", action: "lambda:UpdateFunctionCode", on: blue, want: true},
		"Alias":         {reason: "Its traffic.", action: "lambda:UpdateAlias", on: blue + ":live", want: true},
		"Green":         {reason: "Nobody calls green but a release.", action: "lambda:InvokeFunction", on: green + ":1", want: true},
		"OtherFunction": {reason: "A function of the team's.", action: "lambda:InvokeFunction", on: "arn:aws:lambda:us-east-1:111122223333:function:ledger"},
		"Shift":         {reason: "A deployment without a release.", action: "codedeploy:CreateDeployment", on: "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:payment-processor-app-pr-123/payment-processor-dg-pr-123", want: true},
		"Rollback":      {reason: "A rollback is for people.", action: "states:StartExecution", on: "arn:aws:states:us-east-1:111122223333:stateMachine:payment-processor-release-pr-123", want: true},
		"Approval":      {reason: "So is an approval.", action: "codepipeline:StopPipelineExecution", on: "arn:aws:codepipeline:us-east-1:111122223333:payment-processor-pipeline-pr-123", want: true},
		"Build":         {reason: "A build of something else.", action: "codebuild:UpdateProject", on: "arn:aws:codebuild:us-east-1:111122223333:project/payment-processor-build-pr-123", want: true},
		"Alarm":         {reason: "What stops a bad release.", action: "cloudwatch:DeleteAlarms", on: "arn:aws:cloudwatch:us-east-1:111122223333:alarm:lambda-errors-pr-123", want: true},
		"Secret":        {reason: "Secrets are not in it.", action: "secretsmanager:GetSecretValue", on: testSecret},
	}
	p := newTestPipeline(t)
	statements := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
	maps.Copy(statements, statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, denialsPolicy).Spec.ForProvider.Policy))
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := denied(statements, tc.action, tc.on, tc.key); got != tc.want {
				t.Errorf("%s: want denied %v, got %v", tc.reason, tc.want, got)
			}
		})
	}
	for name, role := range buildOf[*iamv1beta1.Role](p) {
		for _, action := range []string{"iam:PutRolePolicy", "iam:PassRole", "sts:AssumeRole"} {
			if arn := "arn:aws:iam::111122223333:role/" + awsNameOf(role); !denied(statements, action, arn, "") {
				t.Errorf("%s: the service may be allowed %s on %s", name, action, arn)
			}
		}
	}
}

func awsNameOf(role *iamv1beta1.Role) string {
	return role.GetAnnotations()[annotationExternalName]
}

// longestSuffix that a claim may have, with a connection that is given.
const longestSuffix = "abcdefghijklmnopqrstuvwx"

// TestFunctionPolicyFits checks that IAM takes the functions' policy with the longest names there are, and the 3000 characters that
// a claim may fill.
func TestFunctionPolicyFits(t *testing.T) {
	const ofTheClaim = 3000
	p := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.EnvironmentSuffix, p.Spec.Region = longestSuffix, "ap-northeast-1"
		p.Spec.Source.ConnectionARN = fntest.Connection
		p.Platform.KMSKeyARN = "arn:aws:kms:ap-northeast-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
	})
	government := newTestPipeline(t, func(p *Pipeline) {
		p.Spec.EnvironmentSuffix, p.Spec.Region = longestSuffix, "us-gov-west-1"
		p.Spec.Source.ConnectionARN = fntest.Connection
		p.Platform.KMSKeyARN = strings.Replace(fntest.Key, "us-east-1", "us-gov-west-1", 1)
	})
	for _, p := range []Pipeline{p, government} {
		p.Spec.Service.VPC = &v1alpha1.VPC{SubnetIDs: []string{"subnet-0a"}, SecurityGroupIDs: []string{"sg-0c"}}
		policy := *buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy
		// Two statements more are those of secrets and parameters.
		if n := iam.Size(policy) + 2*100 + ofTheClaim; n > iam.MaxPolicySize {
			t.Errorf("want at most %d characters, got %d: %s", iam.MaxPolicySize, n, policy)
		}
	}
}

// TestDenialsFit checks that IAM takes the policies that only deny, with the longest names there are. What is denied to all depends on
// nothing else that a claim says.
func TestDenialsFit(t *testing.T) {
	p := newTestPipeline(t, everything, builtWithEverything, func(p *Pipeline) {
		p.Spec.EnvironmentSuffix, p.Spec.Region = longestSuffix, "us-gov-west-1"
		p.Spec.Source.ConnectionARN = strings.Replace(fntest.Connection, ":aws:", ":aws-us-gov:", 1)
	})
	policies := buildOf[*iamv1beta1.Policy](p)
	for _, name := range []resource.Name{denialsPolicy, buildOwnDenialsPolicy, checksOwnDenialsPolicy} {
		policy := *policies[name].Spec.ForProvider.Policy
		if n := iam.Size(policy); n > iam.MaxPolicySize {
			t.Errorf("%s: want at most %d characters, got %d: %s", name, iam.MaxPolicySize, n, policy)
		}
	}
}
