package package_test

import (
	"path"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// TestProviderPolicyDecides checks what must not be allowed, and what the platform team's key needs.
func TestProviderPolicyDecides(t *testing.T) {
	const (
		account  = "111122223333"
		blue     = "arn:aws:lambda:us-east-1:" + account + ":function:payment-processor-blue-prod"
		bucket   = "arn:aws:s3:::pipeline-artifacts-prod-3c2f3968"
		table    = "arn:aws:dynamodb:us-east-1:" + account + ":table/deployment-history-prod"
		role     = "arn:aws:iam::" + account + ":role/pipeline-service-role-prod"
		key      = "arn:aws:kms:us-east-1:" + account + ":key/1234abcd-12ab-34cd-56ef-1234567890ab"
		aKey     = "arn:aws:kms:us-east-1:" + account + ":key/99999999-9999-9999-9999-999999999999"
		aLink    = "arn:aws:codestar-connections:us-east-1:" + account + ":connection/00000000-1111-2222-3333-444444444444"
		scalable = "arn:aws:application-autoscaling:us-east-1:" + account + ":scalable-target/0ec5a1b2"
		policy   = "arn:aws:iam::" + account + ":policy/"
	)
	provider := providerRole(t)

	cases := map[string]struct {
		reason  string
		request request
		want    bool
	}{
		"Code": {
			reason:  "The pipeline owns the functions' code.",
			request: request{action: "lambda:UpdateFunctionCode", resource: blue},
		},
		"Traffic": {
			reason:  "CodeDeploy owns the traffic.",
			request: request{action: "lambda:UpdateAlias", resource: blue},
		},
		"Invoke": {
			reason:  "Nothing is paid by making a pipeline.",
			request: request{action: "lambda:InvokeFunction", resource: blue},
		},
		"OtherFunction": {
			reason:  "Functions of others are not ours.",
			request: request{action: "lambda:DeleteFunction", resource: "arn:aws:lambda:us-east-1:" + account + ":function:ledger"},
		},
		"ScalesTables": {
			reason: "It scales what is provisioned for functions, and nothing else.",
			request: request{action: "application-autoscaling:RegisterScalableTarget", resource: scalable, context: map[string]string{
				"application-autoscaling:service-namespace": "dynamodb", "application-autoscaling:scalable-dimension": "dynamodb:table:ReadCapacityUnits",
			}},
		},
		"ScalesFunctions": {
			reason: "Claims may ask for that.",
			request: request{action: "application-autoscaling:RegisterScalableTarget", resource: scalable, context: map[string]string{
				"application-autoscaling:service-namespace": "lambda", "application-autoscaling:scalable-dimension": "lambda:function:ProvisionedConcurrency",
			}},
			want: true,
		},
		"OtherServiceLinkedRole": {
			reason: "AWS makes one such role in its name, and no other.",
			request: request{action: "iam:CreateServiceLinkedRole", resource: "arn:aws:iam::" + account + ":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", context: map[string]string{
				"iam:AWSServiceName": "ecs.amazonaws.com",
			}},
		},
		"OtherScalingAlarm": {
			reason:  "Alarms of what others scale are not ours.",
			request: request{action: "cloudwatch:DeleteAlarms", resource: "arn:aws:cloudwatch:us-east-1:" + account + ":alarm:TargetTracking-function:ledger:live-AlarmHigh-1"},
		},
		"Artifacts": {
			reason:  "Artifacts are the pipeline's.",
			request: request{action: "s3:GetObject", resource: bucket + "/source_output/a.zip"},
		},
		"History": {
			reason:  "Records are the functions' and the release's.",
			request: request{action: "dynamodb:GetItem", resource: table},
		},
		"Administrator": {
			reason: "No role gets a policy that is not ours, or one of the two of AWS's.",
			request: request{action: "iam:AttachRolePolicy", resource: role, context: map[string]string{
				"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess",
			}},
		},
		"InlinePolicy": {
			reason:  "No role gets a policy of its own.",
			request: request{action: "iam:PutRolePolicy", resource: role},
		},
		"OwnRole": {
			reason: "The provider gives itself nothing.",
			request: request{action: "iam:AttachRolePolicy", resource: provider, context: map[string]string{
				"iam:PolicyARN": policy + "pipeline-policy-prod",
			}},
		},
		"OwnRoleTrust": {
			reason:  "The provider lets nobody else act as it does.",
			request: request{action: "iam:UpdateAssumeRolePolicy", resource: provider},
		},
		"OwnPolicy": {
			reason:  "The provider does not write the policies that it has.",
			request: request{action: "iam:CreatePolicyVersion", resource: policy + path.Base(provider) + "-iam"},
		},
		"ConnectionOfOthers": {
			reason:  "Connections of others are not deleted.",
			request: request{action: "codestar-connections:DeleteConnection", resource: aLink},
		},
		"OtherHosts": {
			reason: "Pipelines are built from GitHub.",
			request: request{action: "codestar-connections:CreateConnection", resource: "*", context: map[string]string{
				"codestar-connections:ProviderType": "GitLab",
			}},
		},
		"ConnectionOfOtherAccount": {
			reason: "Connections of other accounts are theirs.",
			request: request{
				action:   "codeconnections:PassConnection",
				resource: "arn:aws:codeconnections:us-east-1:444455556666:connection/00000000-1111-2222-3333-444444444444",
				context:  map[string]string{"codeconnections:PassedToService": "codepipeline.amazonaws.com"},
			},
		},
		"StarConnectionOfOtherAccount": {
			reason: "Connections of other accounts are theirs.",
			request: request{
				action:   "codestar-connections:PassConnection",
				resource: "arn:aws:codestar-connections:us-east-1:444455556666:connection/00000000-1111-2222-3333-444444444444",
				context:  map[string]string{"codestar-connections:PassedToService": "codepipeline.amazonaws.com"},
			},
		},
		"DefaultKey": {
			reason: "Only by it the provider knows that a table has AWS's managed key, and not one to write into the spec.",
			request: request{action: "kms:DescribeKey", resource: aKey, context: map[string]string{
				"kms:RequestAlias": "alias/aws/dynamodb",
			}},
			want: true,
		},
		"DefaultKeyOfOtherAccount": {
			reason: "Nor is a key of another account looked at.",
			request: request{
				action:   "kms:DescribeKey",
				resource: "arn:aws:kms:us-east-1:444455556666:key/99999999-9999-9999-9999-999999999999",
				context:  map[string]string{"kms:RequestAlias": "alias/aws/dynamodb"},
			},
		},
		"OtherKeys": {
			reason:  "No other key is looked at.",
			request: request{action: "kms:DescribeKey", resource: aKey},
		},
		"OtherKeyThroughS3": {
			reason: "No other key is used, by whatever service.",
			request: request{action: "kms:Decrypt", resource: aKey, context: map[string]string{
				"kms:ViaService": "s3.us-east-1.amazonaws.com",
			}},
		},
		"OtherKeyLent": {
			reason: "No other key is lent.",
			request: request{action: "kms:CreateGrant", resource: aKey, context: map[string]string{
				"kms:ViaService":            "dynamodb.us-east-1.amazonaws.com",
				"kms:GrantIsForAWSResource": "true",
			}},
		},
		"Key": {
			reason:  "The key is looked at by who names it.",
			request: request{action: "kms:DescribeKey", resource: key},
			want:    true,
		},
		"KeyForObjects": {
			reason: "S3 encrypts the bootstrap code in the provider's name.",
			request: request{action: "kms:GenerateDataKey", resource: key, context: map[string]string{
				"kms:ViaService": "s3.us-east-1.amazonaws.com",
			}},
			want: true,
		},
		"KeyForCode": {
			reason: "Lambda reads the bootstrap code in the provider's name.",
			request: request{action: "kms:Decrypt", resource: key, context: map[string]string{
				"kms:ViaService": "s3.us-east-1.amazonaws.com",
			}},
			want: true,
		},
		"KeyOfTable": {
			reason: "DynamoDB asks for all of these of who uses the key of a table.",
			request: request{action: "kms:Encrypt", resource: key, context: map[string]string{
				"kms:ViaService": "dynamodb.us-east-1.amazonaws.com",
			}},
			want: true,
		},
		"OtherKeyOfTable": {
			reason: "A table changes from one key to another.",
			request: request{action: "kms:ReEncryptFrom", resource: key, context: map[string]string{
				"kms:ViaService": "dynamodb.us-east-1.amazonaws.com",
			}},
			want: true,
		},
		"KeyForTable": {
			reason: "DynamoDB is lent the key by who makes the table.",
			request: request{action: "kms:CreateGrant", resource: key, context: map[string]string{
				"kms:ViaService":            "dynamodb.us-east-1.amazonaws.com",
				"kms:GrantIsForAWSResource": "true",
			}},
			want: true,
		},
		"KeyByItself": {
			reason:  "The provider itself decrypts nothing.",
			request: request{action: "kms:Decrypt", resource: key},
		},
		"LentKey": {
			reason:  "The key is lent to nobody but a service.",
			request: request{action: "kms:CreateGrant", resource: key},
		},
	}
	policies := providerPolicies(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := allowed(t, policies, tc.request); got != tc.want {
				t.Errorf("%s %s on %s is allowed: %v", tc.reason, tc.request.action, tc.request.resource, got)
			}
		})
	}
}

// providerRole is the ARN of the role that the providers act as.
func providerRole(t *testing.T) string {
	t.Helper()

	account := corev1.ServiceAccount{}
	into(t, one(t, installFile, "ServiceAccount"), &account)
	role := account.Annotations["eks.amazonaws.com/role-arn"]
	if role == "" {
		t.Fatalf("%s does not say which role the providers act as", installFile)
	}
	return role
}
