package sdk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

const (
	plain     = "arn:aws:states:::aws-sdk:"
	optimised = "arn:aws:states:::"
)

func newCloud(t *testing.T) (*fakeaws.Cloud, *sdk.Runner) {
	t.Helper()
	cloud := fakeaws.New(t, clock.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), fakeaws.Setup{
		Region: "us-east-1", Account: "111122223333",
		Function: "blue", Alias: "live", Others: []string{"green"},
		Application: "app", Group: "group", Shift: fakeaws.Shift{Percentage: 100},
		Table: "history", Key: "id",
	})
	return cloud, sdk.New(cloud.Endpoint(), "us-east-1")
}

type object = map[string]any

func TestDo(t *testing.T) {
	appSpec := `{"version": 0, "Resources": [{"f": {"Type": "AWS::Lambda::Function", "Properties": {"Name": "blue", "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2"}}}]}`
	deployment := object{
		"ApplicationName": "app", "DeploymentGroupName": "group",
		"Revision": object{"RevisionType": "AppSpecContent", "AppSpecContent": object{"Content": appSpec}},
	}
	cases := map[string]struct {
		reason    string
		prepare   func(*fakeaws.Cloud)
		resource  string
		arguments any
		want      any
		err       error
		mistake   string
	}{
		"GetAlias": {
			reason:    "Members have the API's names, and those without a value are left out.",
			resource:  plain + "lambda:getAlias",
			arguments: object{"FunctionName": "blue", "Name": "live"},
			want: object{
				"AliasArn": "arn:aws:lambda:us-east-1:111122223333:function:blue:live", "Description": "", "FunctionVersion": "1",
				"Name": "live", "RevisionId": "00000000-0000-0000-0000-000000000000",
			},
		},
		"CreateDeployment": {
			reason:    "Members that begin with a small letter in the API begin with a capital here.",
			resource:  plain + "codedeploy:createDeployment",
			arguments: deployment,
			want:      object{"DeploymentId": "d-TEST00001"},
		},
		"NoDeployments": {
			reason:    "Times are given as text.",
			resource:  plain + "codedeploy:listDeployments",
			arguments: object{"ApplicationName": "app", "DeploymentGroupName": "group", "CreateTimeRange": object{"Start": "2026-01-02T03:04:05.000Z"}},
			want:      object{"Deployments": []any{}},
		},
		"Invoke": {
			reason:    "A function takes and gives JSON.",
			resource:  optimised + "lambda:invoke",
			arguments: object{"FunctionName": "green", "Qualifier": "7", "Payload": object{"a": 1.0}},
			want:      object{"ExecutedVersion": "7", "Payload": object{"statusCode": 200.0}, "StatusCode": 200.0},
		},
		"FunctionError": {
			reason: "A function's error has the function's name for it.",
			prepare: func(c *fakeaws.Cloud) {
				c.Lambda.Answers("green", fakeaws.Answer{Error: true, Payload: object{"errorType": "TypeError"}})
			},
			resource:  optimised + "lambda:invoke",
			arguments: object{"FunctionName": "green"},
			err:       &interpreter.Error{Name: "TypeError", Cause: `{"errorType":"TypeError"}`},
		},
		"ConditionFailed": {
			reason:   "A condition that does not hold has a name of its own.",
			resource: optimised + "dynamodb:updateItem",
			arguments: object{
				"TableName": "history", "Key": object{"id": object{"S": "x"}}, "UpdateExpression": "SET a = :a",
				"ConditionExpression": "attribute_exists(a)", "ExpressionAttributeValues": object{":a": object{"N": "1"}},
			},
			err: &interpreter.Error{Name: "DynamoDB.ConditionalCheckFailedException", Cause: "The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: 00000000-0000-0000-0000-000000000000; Proxy: null)"},
		},
		"Throttled": {
			reason: "An error of the API's model has its name.",
			prepare: func(c *fakeaws.Cloud) {
				c.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Status: 400, Code: "ThrottlingException", Message: "Rate exceeded"})
			},
			resource:  plain + "codedeploy:createDeployment",
			arguments: deployment,
			err:       &interpreter.Error{Name: "CodeDeploy.ThrottlingException", Cause: "Rate exceeded (Service: CodeDeploy, Status Code: 400, Request ID: 00000000-0000-0000-0000-000000000000)"},
		},
		"Unmodelled": {
			reason: "An error that the API's model does not have is the service's own.",
			prepare: func(c *fakeaws.Cloud) {
				c.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Status: 500, Code: "InternalFailure", Message: "Sorry"})
			},
			resource:  plain + "codedeploy:createDeployment",
			arguments: deployment,
			err:       &interpreter.Error{Name: "CodeDeploy.CodeDeployException", Cause: "Sorry (Service: CodeDeploy, Status Code: 500, Request ID: 00000000-0000-0000-0000-000000000000)"},
		},
		"Cut": {
			reason: "No answer at all is the client's error.",
			prepare: func(c *fakeaws.Cloud) {
				c.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Cut: true})
			},
			resource:  plain + "codedeploy:createDeployment",
			arguments: deployment,
			err:       &interpreter.Error{Name: "CodeDeploy.SdkClientException", Cause: "Unable to execute HTTP request"},
		},
		"UnknownMember": {
			reason:    "A member that the API does not have is a mistake.",
			resource:  plain + "codedeploy:getDeployment",
			arguments: object{"deploymentId": "d-1"},
			mistake:   `Arguments has no member "deploymentId"`,
		},
		"MistypedMember": {
			reason:    "A member of the wrong type is a mistake.",
			resource:  plain + "codedeploy:listDeployments",
			arguments: object{"CreateTimeRange": object{"Start": 1.0}},
			mistake:   "Arguments.CreateTimeRange.Start must be a timestamp",
		},
		"NestedMember": {
			reason:    "Members of members are checked too.",
			resource:  optimised + "dynamodb:updateItem",
			arguments: object{"TableName": "history", "Key": object{"id": object{"N": 1.0}}},
			mistake:   `Arguments.Key.id has an unknown or mistyped attribute value: "N"`,
		},
		"Enum": {
			reason:    "A value that the API does not list is a mistake.",
			resource:  plain + "codedeploy:createDeployment",
			arguments: object{"Revision": object{"RevisionType": "AppSpec"}},
			mistake:   "Arguments.Revision.RevisionType must be one of",
		},
		"Required": {
			reason:    "A member that must be there is a mistake if it is not.",
			resource:  plain + "codedeploy:getDeployment",
			arguments: object{},
			mistake:   "GetDeploymentInput.DeploymentId",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cloud, runner := newCloud(t)
			if tc.prepare != nil {
				tc.prepare(cloud)
			}
			got, err := runner.Do(t.Context(), tc.resource, tc.arguments)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if tc.mistake != "" {
				if named := (*interpreter.Error)(nil); errors.As(err, &named) || err == nil || !strings.Contains(err.Error(), tc.mistake) {
					t.Errorf("%s\nwant a mistake with %q, got %v", tc.reason, tc.mistake, err)
				}
				return
			}
			if diff := cmp.Diff(tc.err, err); diff != "" {
				t.Errorf("%s\n-want error, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAction(t *testing.T) {
	cases := map[string]string{
		plain + "codedeploy:getDeployment": "codedeploy:GetDeployment",
		optimised + "dynamodb:updateItem":  "dynamodb:UpdateItem",
		optimised + "lambda:invoke":        "lambda:InvokeFunction",
	}
	for resource, want := range cases {
		if got := sdk.Action(resource); got != want {
			t.Errorf("Action(%q): want %q, got %q", resource, want, got)
		}
	}
}
