package release

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventbridgetypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// must fails the test if a call of AWS has failed, and returns its answer.
func must[T any](t *testing.T) func(answer T, err error) T {
	t.Helper()
	return func(answer T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

// deploy what a release needs of the pipeline, as it is rendered.
func deploy(t *testing.T, r rendered) {
	t.Helper()
	deployTable(t, r.get("history-table"))
	must[*s3.CreateBucketOutput](t)(aws.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: new(r.awsName("artifact-bucket"))}))
	deployFunction(t, r, r.get("blue-function"), r.get("blue-bootstrap-code"))
	deployFunction(t, r, r.get("green-function"), r.get("green-bootstrap-code"))
	live := r.get("live-alias")
	must[*lambda.CreateAliasOutput](t)(aws.Lambda.CreateAlias(t.Context(), &lambda.CreateAliasInput{
		FunctionName: new(r.awsName("blue-function")),
		Name:         new(live.awsName()),
		// What was rendered may be of a later time.
		FunctionVersion: new("1"),
	}))
	for _, machine := range machineNames {
		deployMachine(t, r, r.get(machine+"-state-machine"))
	}
	deployRule(t, r, r.get("watch-deployments-rule"), r.get("watch-deployments-target"))
	deployTopic(t, r)
}

func deployTable(t *testing.T, table resource) {
	t.Helper()
	p := table.Spec.ForProvider
	in := &dynamodb.CreateTableInput{
		TableName:   new(table.awsName()),
		BillingMode: dynamodbtypes.BillingMode(p.BillingMode),
		KeySchema:   []dynamodbtypes.KeySchemaElement{{AttributeName: new(p.HashKey), KeyType: dynamodbtypes.KeyTypeHash}},
	}
	for _, a := range p.Attribute {
		in.AttributeDefinitions = append(in.AttributeDefinitions, dynamodbtypes.AttributeDefinition{
			AttributeName: new(a.Name),
			AttributeType: dynamodbtypes.ScalarAttributeType(a.Type),
		})
	}
	must[*dynamodb.CreateTableOutput](t)(aws.DynamoDB.CreateTable(t.Context(), in))
}

// deployFunction with the code that it starts with.
func deployFunction(t *testing.T, r rendered, function, code resource) {
	t.Helper()
	p, object := function.Spec.ForProvider, code.Spec.ForProvider
	bucket := r.awsName("artifact-bucket")
	must[*s3.PutObjectOutput](t)(aws.S3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: &bucket,
		Key:    &object.Key,
		Body:   bytes.NewReader(object.ContentBase64),
	}))
	must[*lambda.CreateFunctionOutput](t)(aws.Lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: new(function.awsName()),
		Role:         new(r.roleARN(p)),
		Handler:      &p.Handler,
		Runtime:      lambdatypes.Runtime(p.Runtime),
		MemorySize:   &p.MemorySize,
		Timeout:      &p.Timeout,
		Publish:      p.Publish,
		Environment:  &lambdatypes.Environment{Variables: environmentOf(t, p)},
		Code:         &lambdatypes.FunctionCode{S3Bucket: &bucket, S3Key: &function.Spec.InitProvider.S3Key},
	}))
	waitActive(t, function.awsName(), "1")
}

// waitActive until Lambda can run a version, or the next execution would wait for that.
func waitActive(t *testing.T, function, version string) {
	t.Helper()
	waiter := lambda.NewPublishedVersionActiveWaiter(aws.Lambda, func(o *lambda.PublishedVersionActiveWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, 200*time.Millisecond
	})
	asked := &lambda.GetFunctionConfigurationInput{FunctionName: &function, Qualifier: &version}
	if err := waiter.Wait(t.Context(), asked, time.Minute); err != nil {
		t.Fatalf("version %s of %s does not become active: %v", version, function, err)
	}
}

// environmentOf a function. Other kinds have a field of this name that looks otherwise.
func environmentOf(t *testing.T, p parameters) map[string]string {
	t.Helper()
	var environment []struct {
		Variables map[string]string `json:"variables"`
	}
	if err := json.Unmarshal(p.Environment, &environment); err != nil {
		t.Fatalf("cannot parse a function's environment: %v", err)
	}
	return environment[0].Variables
}

// publish new code of a function, as the pipeline does, and return its version.
func publish(t *testing.T, function, code string) string {
	t.Helper()
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	file, err := z.Create("index.js")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte(code)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	version := *must[*lambda.UpdateFunctionCodeOutput](t)(aws.Lambda.UpdateFunctionCode(t.Context(), &lambda.UpdateFunctionCodeInput{
		FunctionName: &function,
		ZipFile:      archive.Bytes(),
		Publish:      true,
	})).Version
	waitActive(t, function, version)
	return version
}

func deployMachine(t *testing.T, r rendered, machine resource) {
	t.Helper()
	p := machine.Spec.ForProvider
	checked := must[*sfn.ValidateStateMachineDefinitionOutput](t)(aws.StepFunctions.ValidateStateMachineDefinition(t.Context(), &sfn.ValidateStateMachineDefinitionInput{
		Definition: &p.Definition,
		Type:       sfntypes.StateMachineType(p.Type),
	}))
	for _, d := range checked.Diagnostics {
		t.Errorf("the definition of %s has a problem at %s: %s", machine.awsName(), *d.Location, *d.Message)
	}
	must[*sfn.CreateStateMachineOutput](t)(aws.StepFunctions.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name:       new(machine.awsName()),
		Type:       sfntypes.StateMachineType(p.Type),
		RoleArn:    new(r.roleARN(p)),
		Definition: &p.Definition,
	}))
}

// deployRule makes a rule and what it starts.
func deployRule(t *testing.T, r rendered, rule, target resource) {
	t.Helper()
	must[*eventbridge.PutRuleOutput](t)(aws.EventBridge.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name:         new(rule.awsName()),
		EventPattern: &rule.Spec.ForProvider.EventPattern,
	}))
	must[*eventbridge.PutTargetsOutput](t)(aws.EventBridge.PutTargets(t.Context(), &eventbridge.PutTargetsInput{
		Rule: new(rule.awsName()),
		Targets: []eventbridgetypes.Target{{
			Id:      &target.Spec.ForProvider.TargetID,
			Arn:     &target.Spec.ForProvider.ARN,
			RoleArn: new(r.roleARN(target.Spec.ForProvider)),
		}},
	}))
}

// invoke a function, or one version or alias of it, with the empty event, and return its answer. The bootstrap code answers no other.
func invoke(ctx context.Context, function, qualifier string) (string, error) {
	out, err := aws.Lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &function, Qualifier: &qualifier, Payload: []byte("{}")})
	if err != nil {
		return "", err
	}
	return string(out.Payload), nil
}
