package awsmodel

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPolicies checks the policies of every golden case.
func TestPolicies(t *testing.T) {
	check(t, CheckPolicies)
}

func TestCheckPolicy(t *testing.T) {
	const (
		bucket   = `"arn:aws:s3:::b"`
		objects  = `"arn:aws:s3:::b/*"`
		function = `"arn:aws:lambda:us-east-1:111122223333:function:f"`
		versions = `"arn:aws:lambda:us-east-1:111122223333:function:f:*"`
		topic    = `"arn:aws:sns:us-east-1:111122223333:t"`
		group    = `"arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:a/g"`
	)
	cases := map[string]struct {
		reason    string
		schema    string
		statement string
		want      []string
	}{
		"Fine": {
			reason:    "Actions fit different resources of their statement.",
			statement: `"Action":["s3:GetObject","s3:ListBucket"],"Resource":[` + bucket + `,` + objects + `]`,
		},
		"NoSuchAction": {
			reason:    "Actions must exist.",
			statement: `"Action":["s3:GetObjects"],"Resource":[` + objects + `]`,
			want:      []string{`there is no action s3:GetObjects`},
		},
		"NoSuchService": {
			reason:    "Of a service that is known.",
			statement: `"Action":["s4:GetObject"],"Resource":[` + objects + `]`,
			want:      []string{`no actions of service "s4" are known: see tools/awsmodels`},
		},
		"NoService": {
			reason:    "Of a service at all.",
			statement: `"Action":["*"],"Resource":[` + objects + `]`,
			want:      []string{`no actions of service "*" are known: see tools/awsmodels`},
		},
		"AnyCase": {
			reason:    "IAM does not mind capitals.",
			statement: `"Action":["s3:getobject"],"Resource":[` + objects + `]`,
		},
		"StarredAction": {
			reason:    "A star stands for all that it can.",
			statement: `"Action":["s3:Get*"],"Resource":[` + objects + `]`,
		},
		"StarredNothing": {
			reason:    "But for something.",
			statement: `"Action":["s3:Got*"],"Resource":[` + objects + `]`,
			want:      []string{`there is no action s3:Got*`},
		},
		"NotSuchAction": {
			reason:    "Actions that are left out must exist too.",
			statement: `"NotAction":["s3:Got*"],"Resource":[` + objects + `]`,
			want:      []string{`there is no action s3:Got*`},
		},
		"ObjectForBucket": {
			reason:    "A bucket is listed, and not its objects.",
			statement: `"Action":["s3:ListBucket"],"Resource":[` + objects + `]`,
			want: []string{
				`s3:ListBucket is allowed on none of its types of resources: accesspoint, bucket`,
				`resource arn:aws:s3:::b/* fits none of the actions`,
			},
		},
		"BucketForObject": {
			reason:    "Objects are read, and not their bucket.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + bucket + `]`,
			want: []string{
				`s3:GetObject is allowed on none of its types of resources: accesspointobject, object`,
				`resource arn:aws:s3:::b fits none of the actions`,
			},
		},
		"UselessResource": {
			reason:    "Each resource fits an action.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `,` + topic + `]`,
			want:      []string{`resource arn:aws:sns:us-east-1:111122223333:t fits none of the actions`},
		},
		"WrongRegion": {
			reason:    "An ARN has what its reference has, and nothing more.",
			statement: `"Action":["s3:GetObject"],"Resource":["arn:aws:s3:us-east-1::b/k"]`,
			want: []string{
				`s3:GetObject is allowed on none of its types of resources: accesspointobject, object`,
				`resource arn:aws:s3:us-east-1::b/k fits none of the actions`,
			},
		},
		"Everything": {
			reason:    "All resources are too many if the action knows one.",
			statement: `"Action":["codedeploy:GetDeployment"],"Resource":["*"]`,
			want: []string{
				`codedeploy:GetDeployment is allowed on none of its types of resources: deploymentgroup`,
				`resource * fits none of the actions`,
			},
		},
		"EverythingNeeded": {
			reason:    "All resources are right if the action knows none.",
			statement: `"Action":["codedeploy:ListDeploymentTargets"],"Resource":["*"]`,
		},
		"EverythingMissing": {
			reason:    "And then no other will do.",
			statement: `"Action":["codedeploy:ListDeploymentTargets"],"Resource":[` + group + `]`,
			want: []string{
				`codedeploy:ListDeploymentTargets is allowed on none of its types of resources: all resources (*) only`,
				`resource arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:a/g fits none of the actions`,
			},
		},
		"Qualified": {
			reason:    "The reference knows functions without versions, which are invoked with them.",
			statement: `"Action":["lambda:InvokeFunction"],"Resource":[` + versions + `]`,
		},
		"Unqualified": {
			reason:    "But what is a version's is not the function's.",
			statement: `"Action":["lambda:GetProvisionedConcurrencyConfig"],"Resource":[` + function + `]`,
			want: []string{
				`lambda:GetProvisionedConcurrencyConfig is allowed on none of its types of resources: function alias, function version`,
				`resource arn:aws:lambda:us-east-1:111122223333:function:f fits none of the actions`,
			},
		},
		"ActionsKey": {
			reason:    "Conditions compare keys of the action.",
			statement: `"Action":["s3:ListBucket"],"Resource":[` + bucket + `],"Condition":{"StringLike":{"s3:prefix":"a/*"}}`,
		},
		"OtherActionsKey": {
			reason:    "And not of others.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `],"Condition":{"StringLike":{"s3:prefix":"a/*"}}`,
			want:      []string{`s3:GetObject has no condition key s3:prefix`},
		},
		"GlobalKey": {
			reason:    "Some keys every action has, as any tag.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `],"Condition":{"StringEquals":{"aws:PrincipalTag/team":"payments"}}`,
		},
		"NoSuchKey": {
			reason:    "Others none has.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `],"Condition":{"Bool":{"aws:SecureTransit":"false"}}`,
			want:      []string{`s3:GetObject has no condition key aws:SecureTransit`},
		},
		"Operator": {
			reason:    "Keys are compared as what they are.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `],"Condition":{"ArnEquals":{"aws:SecureTransport":"false"}}`,
			want:      []string{`ArnEquals cannot compare aws:SecureTransport, which is of type Bool`},
		},
		"NoSuchOperator": {
			reason:    "By an operator that exists.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `],"Condition":{"Equals":{"aws:SecureTransport":"false"}}`,
			want:      []string{`/Statement/0/Condition: additional properties 'Equals' not allowed`},
		},
		"NotAnARN": {
			reason:    "Resources are ARNs.",
			statement: `"Action":["s3:GetObject"],"Resource":["b/*"]`,
			want:      []string{`/Statement/0/Resource/0: 'b/*' does not match pattern '^(arn:(aws[A-Za-z\\-]*?|\\*):[^:]+:[^:]*(:(?:\\d{12}|\\*|aws)?:.+|)|\\*)$'`},
		},
		"NoResource": {
			reason:    "A policy of an identity says on what.",
			statement: `"Action":["s3:GetObject"]`,
			want:      []string{`/Statement/0: want one of Resource, NotResource`},
		},
		"PrincipalOfIdentity": {
			reason:    "And does not say who.",
			statement: `"Action":["sns:Publish"],"Resource":[` + topic + `],"Principal":{"Service":"cloudwatch.amazonaws.com"}`,
			want:      []string{`/Statement/0: additional properties 'Principal' not allowed`},
		},
		"NoPrincipalOfResource": {
			reason:    "A policy of a resource does.",
			schema:    "resource",
			statement: `"Action":["sns:Publish"],"Resource":[` + topic + `]`,
			want:      []string{`/Statement/0: want one of Principal, NotPrincipal`},
		},
		"Trust": {
			reason:    "Trust is in someone, and names no resource.",
			schema:    "trust",
			statement: `"Action":["sts:AssumeRole"],"Principal":{"Service":"lambda.amazonaws.com"}`,
		},
		"TrustAction": {
			reason:    "Its action exists too.",
			schema:    "trust",
			statement: `"Action":["sts:AssumeRoles"],"Principal":{"Service":"lambda.amazonaws.com"}`,
			want:      []string{`there is no action sts:AssumeRoles`},
		},
		"TrustResource": {
			reason:    "A resource is one too many.",
			schema:    "trust",
			statement: `"Action":["sts:AssumeRole"],"Resource":["*"],"Principal":{"Service":"lambda.amazonaws.com"}`,
			want:      []string{`/Statement/0: additional properties 'Resource' not allowed`},
		},
		"DenyEverything": {
			reason:    "What is denied may be everything.",
			statement: `"Effect":"Deny","Action":["*"],"Resource":[` + objects + `,` + topic + `]`,
		},
		"DenyNothing": {
			reason:    "But not on what is none of the service's resources.",
			statement: `"Effect":"Deny","Action":["*"],"Resource":["arn:aws:codebuild:*:*:projects/a"]`,
			want:      []string{`* is allowed on none of its types of resources: fleet, project, report-group, sandbox`, `resource arn:aws:codebuild:*:*:projects/a fits none of the actions`},
		},
		"AllowEverything": {
			reason:    "No policy allows everything.",
			statement: `"Action":["*"],"Resource":[` + topic + `]`,
			want:      []string{`no actions of service "*" are known: see tools/awsmodels`},
		},
		"SameSid": {
			reason:    "Statements have different names.",
			statement: `"Action":["s3:GetObject"],"Resource":[` + objects + `]},{"Sid":"S","Effect":"Deny","Action":["s3:GetObject"],"Resource":[` + objects + `]`,
			want:      []string{`/Statement: want another Sid for each`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if tc.schema == "" {
				tc.schema = "identity"
			}
			var want []string
			for _, finding := range tc.want {
				if finding[0] != '/' {
					finding = `statement "S": ` + finding
				}
				want = append(want, finding)
			}
			text := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow",%s}]}`, tc.statement)
			if diff := cmp.Diff(want, CheckPolicy(tc.schema, text)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPolicySize checks that a policy may have what IAM takes, without white space, and no character more.
func TestPolicySize(t *testing.T) {
	begin, end := `{"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::b/`, `"]}]}`
	longest := begin + strings.Repeat("k", 6144-len(begin+end)) + end
	for text, want := range map[string][]string{
		strings.ReplaceAll(longest, `,"`, ",\n  \""): nil,
		strings.Replace(longest, "kkk", "kkkk", 1):   {"6145 characters, want at most 6144"},
	} {
		if diff := cmp.Diff(want, CheckPolicy("identity", text)); diff != "" {
			t.Errorf("-want, +got:\n%s", diff)
		}
	}
}
