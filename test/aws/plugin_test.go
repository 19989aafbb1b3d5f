package aws

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/emulator"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestPlugin runs kubectl pipeline about a pipeline that the provider has made, while a tenth of its traffic has a new version.
func TestPlugin(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "plugin")
	const blue = "payment-processor-blue-plugin"
	version := deploy(t, blue)
	_, err := cloud.Lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{
		FunctionName: aws.String(blue), Name: aws.String("live"),
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{version: 0.1}},
	})
	claims.Must(t, err)
	_, err = cloud.DynamoDB.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("deployment-history-plugin"), Item: map[string]dynamotypes.AttributeValue{
		"deploymentId": &dynamotypes.AttributeValueMemberS{Value: "d-PLUGIN"},
		"status":       &dynamotypes.AttributeValueMemberS{Value: "Stopped"},
		"toVersion":    &dynamotypes.AttributeValueMemberS{Value: version},
	}})
	claims.Must(t, err)

	type record struct {
		DeploymentID string `json:"deploymentId"`
		Status       string `json:"status"`
		ToVersion    string `json:"toVersion"`
	}
	history := []record{}
	claims.Must(t, json.Unmarshal([]byte(plugin(t, c, "history", "-o", "json")), &history))
	if diff := cmp.Diff([]record{{"d-PLUGIN", "Stopped", version}}, history); diff != "" {
		t.Errorf("history: -want, +got:\n%s", diff)
	}
	if out := plugin(t, c, "status"); !strings.Contains(out, "version 1: 90 %, version "+version+": 10 %") {
		t.Errorf("status does not tell how traffic is divided:\n%s", out)
	}

	plugin(t, c, "rollback", "--reason", "charged twice", "--yes", "--no-wait")
	machine := claims.Text(c.Live(t), "status", "arns", "rollbackStateMachine")
	executions, err := cloud.StepFunctions.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &machine})
	claims.Must(t, err)
	if len(executions.Executions) != 1 {
		t.Fatalf("want one execution of the rollback, got %d", len(executions.Executions))
	}
	started, err := cloud.StepFunctions.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: executions.Executions[0].ExecutionArn})
	claims.Must(t, err)
	input := map[string]string{}
	claims.Must(t, json.Unmarshal([]byte(*started.Input), &input))
	if input["reason"] != "charged twice" || !strings.HasPrefix(input["requestedBy"], "arn:aws:") {
		t.Errorf("want reason and person in the input of the rollback, got %v", input)
	}
}

// plugin runs a verb about the claim, as a person with all rights in the account. AWS's hosts are behind the router.
func plugin(t *testing.T, c claims.Claim, verb string, args ...string) string {
	t.Helper()
	ca, err := shared.CAFile()
	claims.Must(t, err)
	env := []string{
		"HTTPS_PROXY=" + routes.URL().String(), "NO_PROXY=127.0.0.1", "AWS_CA_BUNDLE=" + ca,
		"AWS_ACCESS_KEY_ID=" + emulator.RootKey, "AWS_SECRET_ACCESS_KEY=" + emulator.RootKey,
	}
	out, err := shared.Plugin(t.Context(), env, append([]string{verb, c.GetName(), "-n", c.GetNamespace()}, args...)...)
	if err != nil {
		t.Fatalf("kubectl pipeline %s: %v\n%s", verb, err, out)
	}
	return out
}
