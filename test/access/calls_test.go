package access

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

func read(t *testing.T, name string) *Account {
	t.Helper()
	expected, err := golden.Case(filepath.Join("..", "render", name)).Expected()
	if err != nil {
		t.Fatal(err)
	}
	a, err := Read("111122223333", "us-east-1", expected)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestRequests checks what AWS asks for beside the call itself. What the call itself needs, the runs of the state machines show.
func TestRequests(t *testing.T) {
	type object = map[string]any
	const (
		platformKey = " on arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
		serviceKey  = " on arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-8aad-4d5d-8878-dfcab0bc441f"
		ours        = "arn:aws:codedeploy:us-east-1:111122223333:"
	)
	deployment := []string{
		"codedeploy:CreateDeployment on " + ours + "deploymentgroup:app/group",
		"codedeploy:GetDeploymentConfig on " + ours + "deploymentconfig:CodeDeployDefault.LambdaLinear10PercentEvery10Minutes",
		"codedeploy:RegisterApplicationRevision on " + ours + "application:app",
		"codedeploy:GetApplicationRevision on " + ours + "application:app",
	}
	cases := map[string]struct {
		reason, rendered, call string
		arguments              object
		want                   []string
	}{
		"Deployment": {
			"It registers its revision, and has the configuration of the group.", "04-ready", "aws-sdk:codedeploy:createDeployment",
			object{"ApplicationName": "app", "DeploymentGroupName": "group"},
			deployment,
		},
		"Override": {
			"Alarms are of the group.", "04-ready", "aws-sdk:codedeploy:createDeployment",
			object{"ApplicationName": "app", "DeploymentGroupName": "group", "OverrideAlarmConfiguration": object{"Enabled": false}},
			append(deployment[:4:4], "codedeploy:UpdateDeploymentGroup on "+ours+"deploymentgroup:app/group"),
		},
		"Table": {
			"DynamoDB uses the table's key in the caller's name.", "11-kms", "dynamodb:updateItem",
			object{"TableName": "deployment-history-pr-123"},
			[]string{
				"dynamodb:UpdateItem on arn:aws:dynamodb:us-east-1:111122223333:table/deployment-history-pr-123",
				"kms:Decrypt" + platformKey, "kms:DescribeKey" + platformKey, "kms:Encrypt" + platformKey, "kms:GenerateDataKey" + platformKey,
				"kms:ReEncryptFrom" + platformKey, "kms:ReEncryptTo" + platformKey,
			},
		},
		"Topic": {
			"SNS encrypts a message.", "11-kms", "sns:publish",
			object{"TopicArn": "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
			[]string{"sns:Publish on arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123", "kms:Decrypt" + platformKey, "kms:GenerateDataKey" + platformKey},
		},
		"Code": {
			"Lambda makes a grant on the function's key.", "17-full", "lambda:updateFunctionCode",
			object{"FunctionName": "payment-processor-blue-prod"},
			[]string{
				"lambda:UpdateFunctionCode on arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-prod",
				"kms:CreateGrant" + serviceKey, "kms:Decrypt" + serviceKey, "kms:Encrypt" + serviceKey,
			},
		},
		"Put": {
			"What is written is encrypted.", "11-kms", "aws-sdk:s3:putObject",
			object{"Bucket": "pipeline-artifacts-pr-123-dccb2f12", "Key": "c"},
			[]string{"s3:PutObject on arn:aws:s3:::pipeline-artifacts-pr-123-dccb2f12/c", "kms:Decrypt" + platformKey, "kms:GenerateDataKey" + platformKey},
		},
		"Copy": {
			"A copy is read and written.", "11-kms", "aws-sdk:s3:copyObject",
			object{"CopySource": "other/a%20b?versionId=1", "Bucket": "pipeline-artifacts-pr-123-dccb2f12", "Key": "c"},
			[]string{
				"s3:GetObjectVersion on arn:aws:s3:::other/a b", "s3:GetObjectAnnotation on arn:aws:s3:::other/a b", "s3:GetObjectVersionAnnotation on arn:aws:s3:::other/a b",
				"s3:PutObject on arn:aws:s3:::pipeline-artifacts-pr-123-dccb2f12/c", "s3:PutObjectAnnotation on arn:aws:s3:::pipeline-artifacts-pr-123-dccb2f12/c",
				"kms:Decrypt" + platformKey, "kms:GenerateDataKey" + platformKey,
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			requests, err := read(t, tc.rendered).requests("arn:aws:states:::"+tc.call, tc.arguments)
			var got []string
			for _, r := range requests {
				got = append(got, r.String())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
				t.Errorf("%s\n-want, +got:\n%s%v", tc.reason, diff, err)
			}
		})
	}
}

// TestViaService checks that who uses a key through a service is one of whom the key's conditions know that.
func TestViaService(t *testing.T) {
	requests, err := read(t, "17-full").requests("lambda:publishVersion", map[string]any{"FunctionName": "payment-processor-green-prod"})
	if err != nil || len(requests) != 4 {
		t.Fatalf("want a request about the function and three about its key, got %v, %v", requests, err)
	}
	for _, r := range requests[1:] {
		if diff := cmp.Diff([]string{"lambda.us-east-1.amazonaws.com"}, r.values("kms:ViaService")); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", r, diff)
		}
	}
}

// TestDenied checks AWS's words.
func TestDenied(t *testing.T) {
	const watch, release = "arn:aws:iam::111122223333:role/watch-service-role-pay-staging", "arn:aws:iam::111122223333:role/release-service-role-pay-staging"
	a := read(t, "61-promoted")
	arguments := map[string]any{"CopySource": "pipeline-artifacts-pay-dev-9e93dc1d/released/service.zip?versionId=1", "Bucket": "pipeline-artifacts-pay-staging-83e89b61", "Key": "promoted/service.zip"}
	if _, err := a.Authorize(watch, "aws-sdk:s3:copyObject", arguments); err != nil {
		t.Errorf("want the watch to take what is offered: %v", err)
	}
	_, err := a.Authorize(release, "aws-sdk:s3:copyObject", arguments)
	want := "User: arn:aws:sts::111122223333:assumed-role/release-service-role-pay-staging/session is not authorized to perform: s3:GetObjectVersion on resource: " +
		"arn:aws:s3:::pipeline-artifacts-pay-dev-9e93dc1d/released/service.zip because no identity-based policy allows the s3:GetObjectVersion action"
	if err == nil || err.Error() != want {
		t.Errorf("want %s\ngot %v", want, err)
	}
	// A role that may do everything is still not the one whom the bucket's policy lets in.
	a.policies[release] = append(a.policies[release], iam.New(iam.Allow("All", "*").On("*")))
	_, err = a.Authorize(release, "aws-sdk:s3:copyObject", arguments)
	want = "User: arn:aws:sts::111122223333:assumed-role/release-service-role-pay-staging/session is not authorized to perform: s3:PutObject on resource: " +
		"arn:aws:s3:::pipeline-artifacts-pay-staging-83e89b61/promoted/service.zip with an explicit deny in a resource-based policy"
	if err == nil || err.Error() != want {
		t.Errorf("want %s\ngot %v", want, err)
	}
}

// TestUnknownCall checks that no call is made of which nobody has said what it needs.
func TestUnknownCall(t *testing.T) {
	if _, err := read(t, "04-ready").Authorize("role", "arn:aws:states:::aws-sdk:ec2:runInstances", map[string]any{}); err == nil {
		t.Error("want an error")
	}
}
