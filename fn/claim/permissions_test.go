package claim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestPermissionRules checks which statements and policies a claim may have.
func TestPermissionRules(t *testing.T) {
	const (
		queue     = "arn:aws:sqs:us-east-1:111122223333:a"
		actions   = "spec.service.permissions.statements[0].actions: Invalid value: "
		oneAction = ": each is one action of a service, such as sqs:SendMessage; with a wildcard it would be also those that AWS adds later"
		resources = "spec.service.permissions.statements[0].resources: Invalid value: "
		oneARN    = ": each is the ARN of something, which may have wildcards after the beginning of its name; * would be all that the account has"
		policies  = "spec.service.permissions.policyArns: Invalid value: "
		others    = ": the pipeline attaches its own policies itself; name others"
	)
	statement := func(action, resource string) string {
		return fmt.Sprintf("{statements: [{actions: ['%s'], resources: ['%s']}]}", action, resource)
	}
	policy := func(arn string) string { return "{policyArns: ['" + arn + "']}" }
	cases := map[string]struct {
		reason, fields string
		want           []string
	}{
		"Statement":      {reason: "One action on one thing.", fields: statement("sqs:SendMessage", queue)},
		"BeginningOf":    {reason: "Things whose names begin alike.", fields: statement("s3:GetObject", "arn:aws:s3:::receipts/*")},
		"OfNoAccount":    {reason: "API Gateway's ARNs have neither account nor a letter at the beginning.", fields: statement("apigateway:GET", "arn:aws:apigateway:us-east-1::/apis/a")},
		"AllActions":     {reason: "Least privilege.", fields: statement("*", queue), want: []string{`spec.service.permissions.statements[0].actions[0]: Invalid value: "*": must be one action of a service, such as sqs:SendMessage; a wildcard would allow also those that AWS adds later`}},
		"AllOfAService":  {reason: "Least privilege.", fields: statement("sqs:*", queue), want: []string{`spec.service.permissions.statements[0].actions[0]: Invalid value: "sqs:*": must be one action of a service, such as sqs:SendMessage; a wildcard would allow also those that AWS adds later`}},
		"SomeOfAService": {reason: "AWS adds actions.", fields: statement("sqs:Get*", queue), want: []string{`spec.service.permissions.statements[0].actions[0]: Invalid value: "sqs:Get*": must be one action of a service, such as sqs:SendMessage; a wildcard would allow also those that AWS adds later`}},
		"Everything":     {reason: "Least privilege.", fields: statement("sqs:SendMessage", "*"), want: []string{`spec.service.permissions.statements[0].resources[0]: Invalid value: "*": must be an ARN, which may have wildcards after the beginning of a name, such as arn:aws:s3:::payments-receipts/*`}},
		"AllQueues":      {reason: "Least privilege.", fields: statement("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:*"), want: []string{`spec.service.permissions.statements[0].resources[0]: Invalid value: "arn:aws:sqs:us-east-1:111122223333:*": must be an ARN, which may have wildcards after the beginning of a name, such as arn:aws:s3:::payments-receipts/*`}},
		"AllAccounts":    {reason: "An account is not a wildcard's to choose.", fields: statement("sqs:SendMessage", "arn:aws:sqs:us-east-1:*:a"), want: []string{`spec.service.permissions.statements[0].resources[0]: Invalid value: "arn:aws:sqs:us-east-1:*:a": must be an ARN, which may have wildcards after the beginning of a name, such as arn:aws:s3:::payments-receipts/*`}},
		"NoActions": {
			reason: "A statement is about something.", fields: "{statements: [{actions: [], resources: ['" + queue + "']}]}",
			want: []string{"spec.service.permissions.statements[0].actions: Invalid value: []: should have at least 1 items"},
		},
		"Policy":      {reason: "One of AWS's.", fields: policy("arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess")},
		"NoPolicy":    {reason: "It is named by its ARN.", fields: policy("AWSXRayDaemonWriteAccess"), want: []string{`spec.service.permissions.policyArns[0]: Invalid value: "AWSXRayDaemonWriteAccess": must be the ARN of a managed policy, such as arn:aws:iam::111122223333:policy/payment-service-audit`}},
		"ThePipeline": {reason: "To take it out of the claim would take it from the functions.", fields: policy("arn:aws:iam::111122223333:policy/lambda-dynamodb-policy-a"), want: []string{`spec.service.permissions.policyArns[0]: Invalid value: "arn:aws:iam::111122223333:policy/lambda-dynamodb-policy-a": must not be a policy of a pipeline, which attaches its own itself; name others`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: {permissions: "+tc.fields+"}"))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\n-want errors, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckPermissions(t *testing.T) {
	const (
		policy0 = "spec.service.permissions.policyArns[0]"
	)
	statement := func(resource string) v1alpha1.Permissions {
		return v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{{Actions: []string{"s3:GetObject"}, Resources: []string{resource}}}}
	}
	policy := func(arn string) v1alpha1.Permissions { return v1alpha1.Permissions{PolicyARNs: []string{arn}} }
	texts := func(n int) v1alpha1.Permissions {
		const action = "s3:GetObject"
		return v1alpha1.Permissions{Statements: []v1alpha1.PermissionStatement{{
			Actions: []string{action}, Resources: []string{"arn:aws:s3:::" + strings.Repeat("*a", (n-len(action)-13)/2)},
		}}}
	}
	long := func(n int) string { return "arn:aws:s3:::" + strings.Repeat("a", n) }
	cases := map[string]struct {
		reason      string
		account     string
		permissions v1alpha1.Permissions
		want        []string
	}{
		"Here":           {reason: "What is in the partition may be in any account.", account: fntest.Account, permissions: statement("arn:aws:sqs:eu-west-1:444455556666:a")},
		"OtherPartition": {reason: "Partitions share nothing.", permissions: statement("arn:aws-cn:s3:::a"), want: []string{notHere("spec.service.permissions.statements[0].resources[0]", "arn:aws-cn:s3:::a", "partition aws")}},
		"OurPolicy":      {reason: "A policy of the account.", account: fntest.Account, permissions: policy("arn:aws:iam::111122223333:policy/a")},
		"PolicyOfAWS":    {reason: "All accounts have AWS's.", account: fntest.Account, permissions: policy("arn:aws:iam::aws:policy/a")},
		"UnknownAccount": {reason: "Any may be it.", permissions: policy("arn:aws:iam::444455556666:policy/a")},
		"OtherAccount":   {reason: "IAM attaches none of another's.", account: fntest.Account, permissions: policy("arn:aws:iam::444455556666:policy/a"), want: []string{notHere(policy0, "arn:aws:iam::444455556666:policy/a", "account 111122223333")}},
		"PolicyOfOthers": {reason: "Nor of another partition's.", permissions: policy("arn:aws-us-gov:iam::aws:policy/a"), want: []string{notHere(policy0, "arn:aws-us-gov:iam::aws:policy/a", "partition aws")}},
		"Longest":        {reason: "A policy has room for that.", permissions: statement(long(3000 - 64 - 15 - 16))},
		"NoPolicy": {
			reason: "No pipeline has more than IAM takes, so nothing else is asked of it.", permissions: texts(6146),
			want: []string{`spec.service.permissions.statements: Invalid value: 6145 characters: IAM takes a policy of 6144 characters; name fewer resources`},
		},
		"TooLong": {
			reason: "One more.", permissions: statement(long(3000 - 64 - 15 - 15)),
			want: []string{ofAWS("spec.service", "3001", "secrets, eventSources and permissions.statements make a policy of IAM's too long, which takes 3000 characters of them")},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Service.Permissions = tc.permissions
			if diff := cmp.Diff(tc.want, messages(checkPermissions(spec, tc.account))); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
