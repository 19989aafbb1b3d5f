package awsmodel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRequests checks what AWS is asked for to make the resources of every golden case.
func TestRequests(t *testing.T) {
	for name, resources := range rendered(t) {
		t.Run(name, func(t *testing.T) {
			for _, m := range resources {
				for _, finding := range CheckRequests(m, resources) {
					t.Errorf("%s %s: %s", m.Kind(), m.Metadata.Name, finding)
				}
			}
		})
	}
}

// a managed resource of a golden case with every field.
func a(t *testing.T, kind string) (Managed, []Managed) {
	t.Helper()
	all, err := readCase("../render/17-full")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if m.Kind() == kind {
			return m, all
		}
	}
	t.Fatalf("the golden case has no %s", kind)
	return Managed{}, nil
}

// TestCheckRequests changes one thing of a resource that is fine.
func TestCheckRequests(t *testing.T) {
	cases := map[string]struct {
		reason string
		kind   string
		name   string
		path   string
		value  any
		want   []string
	}{
		"Fine": {
			reason: "What is rendered is fine.",
			kind:   "lambda/Function",
		},
		"NameTooLong": {
			reason: "A name is a character too long.",
			kind:   "iam/Role",
			name:   strings.Repeat("a", 65),
			want:   []string{"CreateRole.RoleName: 65 characters, want at most 64"},
		},
		"NameTooLongForEveryCall": {
			reason: "A name is a parameter of each call that is made, and of no other.",
			kind:   "cloudwatchlogs/Group",
			name:   strings.Repeat("a", 513),
			want: []string{
				"CreateLogGroup.logGroupName: 513 characters, want at most 512",
				"PutRetentionPolicy.logGroupName: 513 characters, want at most 512",
			},
		},
		"FunctionNameTooLong": {
			reason: "A function's name is shorter than its ARN, which it may be replaced by.",
			kind:   "lambda/Function",
			name:   strings.Repeat("a", 65),
			want: []string{
				`CreateFunction.FunctionName: "` + strings.Repeat("a", 65) + `" does not match ` +
					`^([a-zA-Z0-9_-]{1,64}|arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]{1,64})$`,
				`PutFunctionConcurrency.FunctionName: "` + strings.Repeat("a", 65) + `" does not match ` +
					`^([a-zA-Z0-9_-]{1,64}|arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]{1,64})$`,
			},
		},
		"BucketName": {
			reason: "Nor has a bucket's any character.",
			kind:   "s3/Bucket",
			name:   "Pipeline",
			want: []string{
				`CreateBucket.Bucket: "Pipeline" does not match ^([a-z0-9][a-z0-9.-]*[a-z0-9])?$`,
				`PutBucketTagging.Bucket: "Pipeline" does not match ^([a-z0-9][a-z0-9.-]*[a-z0-9])?$`,
			},
		},
		"Retention": {
			reason: "Logs are not kept for any number of days.",
			kind:   "cloudwatchlogs/Group",
			path:   "retentionInDays",
			value:  8.0,
			want:   []string{"PutRetentionPolicy.retentionInDays: 8 is none of [1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653]"},
		},
		"RetentionForEver": {
			reason: "But for ever, which nobody has to say.",
			kind:   "cloudwatchlogs/Group",
			path:   "retentionInDays",
			value:  0.0,
		},
		"Enum": {
			reason: "A value is none that AWS knows.",
			kind:   "deploy/App",
			path:   "computePlatform",
			value:  "lambda",
			want:   []string{`CreateApplication.computePlatform: lambda is none of [Server Lambda ECS]`},
		},
		"EnumInList": {
			reason: "Values in lists are checked.",
			kind:   "codepipeline/Codepipeline",
			path:   "stage[0].action[0].category",
			value:  "Sauce",
			want:   []string{`CreatePipeline.pipeline.stages[0].actions[0].actionTypeId.category: Sauce is none of [Source Build Deploy Test Invoke Approval Compute]`},
		},
		"Range": {
			reason: "A number is outside of AWS's range.",
			kind:   "lambda/Function",
			path:   "timeout",
			value:  0.0,
			want:   []string{"CreateFunction.Timeout: 0, want at least 1"},
		},
		"Pattern": {
			reason: "An environment variable's name is not one.",
			kind:   "lambda/Function",
			path:   "environment[0].variables.A-B",
			value:  "",
			want:   []string{`CreateFunction.Environment.Variables.A-B (key): "A-B" does not match [a-zA-Z]([a-zA-Z0-9_])+`},
		},
		"TagTooLong": {
			reason: "Tags are maps here and lists of pairs in AWS.",
			kind:   "dynamodb/Table",
			path:   "tags.team",
			value:  strings.Repeat("a", 257),
			want:   []string{"CreateTable.Tags[1].Value: 257 characters, want at most 256"},
		},
		"Type": {
			reason: "A number is not text.",
			kind:   "cloudwatch/MetricAlarm",
			path:   "threshold",
			value:  "5",
			want:   []string{"PutMetricAlarm.Threshold: want double, got string"},
		},
		"ReferenceToNothing": {
			reason: "A reference leads to a resource of the case.",
			kind:   "lambda/Function",
			path:   "roleRef.name",
			value:  "prod.no-role.default",
			want: []string{
				`roleRef.name: refers to "prod.no-role.default", which has no AWS name here`,
				"CreateFunction.Role: is required",
			},
		},
		"OneObject": {
			reason: "What AWS wants one of must be one.",
			kind:   "codepipeline/Codepipeline",
			path:   "artifactStore[1].type",
			value:  "S3",
			want:   []string{"artifactStore[].type: CreatePipeline.pipeline.artifactStore.type is one, and not a list"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, all := a(t, tc.kind)
			if tc.name != "" {
				m.Metadata.Annotations["crossplane.io/external-name"] = tc.name
			}
			if tc.path != "" {
				put(m.Spec.ForProvider, steps(tc.path), tc.value)
			}
			if diff := cmp.Diff(tc.want, CheckRequests(m, all)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestNewRequests checks the requests themselves, which no finding tells of.
func TestNewRequests(t *testing.T) {
	type object = map[string]any
	cases := map[string]struct {
		reason string
		kind   string
		want   Requests
	}{
		"Table": {
			reason: "Three calls make a table.",
			kind:   "dynamodb/Table",
			want: Requests{
				"CreateTable": object{
					"TableName":                 "deployment-history-prod",
					"AttributeDefinitions":      []any{object{"AttributeName": "deploymentId", "AttributeType": "S"}},
					"KeySchema":                 []any{object{"AttributeName": "deploymentId", "KeyType": "HASH"}},
					"BillingMode":               "PAY_PER_REQUEST",
					"DeletionProtectionEnabled": true,
					"SSESpecification":          object{"Enabled": true},
					"Tags":                      []any{object{"Key": "data-classification", "Value": "confidential"}, object{"Key": "team", "Value": "payments"}},
				},
				"UpdateContinuousBackups": object{
					"TableName":                        "deployment-history-prod",
					"PointInTimeRecoverySpecification": object{"PointInTimeRecoveryEnabled": true},
				},
				"UpdateTimeToLive": object{
					"TableName":               "deployment-history-prod",
					"TimeToLiveSpecification": object{"AttributeName": "expiresAt", "Enabled": true},
				},
			},
		},
		"TopicPolicy": {
			reason: "A reference becomes the ARN of what it refers to.",
			kind:   "sns/TopicPolicy",
			want: Requests{"SetTopicAttributes": object{
				"TopicArn":       "arn:aws:sns:us-east-1:111122223333:deployment-alarms-prod",
				"AttributeName":  "Policy",
				"AttributeValue": "{}",
			}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, all := a(t, tc.kind)
			if _, ok := m.Spec.ForProvider["policy"]; ok {
				m.Spec.ForProvider["policy"] = "{}"
			}
			got, findings, unknown := NewRequests(Kinds()[tc.kind], m, all)
			if diff := cmp.Diff(tc.want, got); diff != "" || len(findings)+len(unknown) > 0 {
				t.Errorf("%s\n-want, +got:\n%s%v%v", tc.reason, diff, findings, unknown)
			}
		})
	}
}
