package command

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud/cloudtest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// where is the pipeline of the tests, and one of another team.
const (
	ours   = "payments-prod"
	theirs = "orders-prod"
)

// person of examples/install/people.
func person(t *testing.T, name string) access.Policies {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "install", "people", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	d := iam.Document{}
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return access.Policies{Identity: []iam.Document{d}}
}

// arnOf something in the account of the tests.
func arnOf(service, resource string) string {
	return "arn:aws:" + service + ":us-east-1:111122223333:" + resource
}

// request is what AWS asks IAM when a verb makes a call about the pipeline with a suffix: see
// https://docs.aws.amazon.com/service-authorization/latest/reference/. Nothing is asked for sts:GetCallerIdentity.
func request(t *testing.T, c cloudtest.Call, suffix string) (access.Request, bool) {
	t.Helper()
	pipeline := arnOf("codepipeline", "payment-processor-pipeline-"+suffix)
	switch in := c.Input.(type) {
	case *codepipeline.PutApprovalResultInput:
		return access.Request{Action: "codepipeline:PutApprovalResult", Resource: pipeline + "/" + aws.ToString(in.StageName) + "/" + aws.ToString(in.ActionName)}, true
	case *codepipeline.RetryStageExecutionInput:
		return access.Request{Action: "codepipeline:RetryStageExecution", Resource: pipeline + "/" + aws.ToString(in.StageName)}, true
	case *codedeploy.GetDeploymentConfigInput:
		return access.Request{Action: "codedeploy:GetDeploymentConfig", Resource: arnOf("codedeploy", "deploymentconfig:"+aws.ToString(in.DeploymentConfigName))}, true
	}
	group := arnOf("codedeploy", "deploymentgroup:payment-processor-app-"+suffix+"/payment-processor-dg-"+suffix)
	known := map[string]access.Request{
		"CodePipeline.ListPipelineExecutions": {Action: "codepipeline:ListPipelineExecutions", Resource: pipeline},
		"CodePipeline.GetPipelineState":       {Action: "codepipeline:GetPipelineState", Resource: pipeline},
		"Lambda.GetAlias":                     {Action: "lambda:GetAlias", Resource: arnOf("lambda", "function:payment-processor-blue-"+suffix)},
		"CodeDeploy.ListDeployments":          {Action: "codedeploy:ListDeployments", Resource: group},
		"CodeDeploy.GetDeployment":            {Action: "codedeploy:GetDeployment", Resource: group},
		"CloudWatch.DescribeAlarms":           {Action: "cloudwatch:DescribeAlarms", Resource: arnOf("cloudwatch", "alarm:lambda-errors-"+suffix)},
		"CloudWatch.GetMetricData":            {Action: "cloudwatch:GetMetricData", Resource: "*"},
		"SFN.StartExecution":                  {Action: "states:StartExecution", Resource: arnOf("states", "stateMachine:payment-processor-rollback-"+suffix)},
		"SFN.DescribeExecution":               {Action: "states:DescribeExecution", Resource: arnOf("states", "execution:payment-processor-rollback-"+suffix+":1")},
		"DynamoDB.Scan":                       {Action: "dynamodb:Scan", Resource: arnOf("dynamodb", "table/deployment-history-"+suffix)},
		"CloudWatch Logs.FilterLogEvents":     {Action: "logs:FilterLogEvents", Resource: arnOf("logs", "log-group:/aws/lambda/payment-processor-blue-"+suffix+":*")},
		"CloudWatch Logs.GetLogEvents":        {Action: "logs:GetLogEvents", Resource: arnOf("logs", "log-group:/aws/codebuild/payment-processor-build-"+suffix+":log-stream:1")},
		"CodeBuild.BatchGetBuilds":            {Action: "codebuild:BatchGetBuilds", Resource: arnOf("codebuild", "project/payment-processor-build-"+suffix)},
		"STS.GetCallerIdentity":               {},
	}
	r, ok := known[c.Operation]
	if !ok {
		t.Fatalf("which permission does %s need? Add it to this test, and to examples/install/people", c.Operation)
	}
	return r, r.Action != ""
}

// TestPeople checks which verbs each person of examples/install/people may use, by all the calls that a verb makes, and that nobody may make
// those of them that are about another team's pipeline.
func TestPeople(t *testing.T) {
	build := failedRun("Build", failing("Build_TypeScript", "no"))
	shift := failedRun("Switch-Traffic", failing("Shift_Traffic", "OutsideChangeWindow"))
	verbs := map[string]struct {
		account map[string]any
		args    []string
		may     []string
	}{
		"Status":        {shifting(), []string{"status", ours}, []string{"developer", "approver", "on-call", "auditor"}},
		"History":       {nil, []string{"history", ours}, []string{"developer", "approver", "on-call", "auditor"}},
		"Why":           {build, []string{"why", ours}, []string{"developer", "on-call"}},
		"Logs":          {nil, []string{"logs", ours}, []string{"developer", "on-call"}},
		"Wait":          {nil, []string{"wait", ours, "--for=released"}, []string{"developer", "approver", "on-call", "auditor"}},
		"Approve":       {awaiting(), []string{"approve", ours, "--yes", "--comment", "reviewed"}, []string{"approver"}},
		"Reject":        {awaiting(), []string{"reject", ours, "--yes", "--comment", "no"}, []string{"approver"}},
		"Rollback":      {nil, []string{"rollback", ours, "--yes", "--reason", "charged twice"}, []string{"on-call"}},
		"RetryBuild":    {build, []string{"retry", ours}, []string{"developer"}},
		"RetryTheShift": {shift, []string{"retry", ours}, []string{"approver"}},
	}
	for name, tc := range verbs {
		t.Run(name, func(t *testing.T) {
			a := account(tc.account)
			if shown, code := (session{claims: []string{ready}, account: a, args: tc.args}).run(t); code != exitOK {
				t.Fatalf("want exit code 0, got %d: %s", code, shown)
			}
			for _, who := range []string{"developer", "approver", "on-call", "auditor"} {
				denied, foreign := denials(t, person(t, who), a.Calls())
				if may := slices.Contains(tc.may, who); may != (len(denied) == 0) {
					t.Errorf("%s: want allowed %t, got denied %v", who, may, denied)
				}
				for _, r := range foreign {
					t.Errorf("%s may make a call about another team's pipeline: %s", who, r)
				}
			}
		})
	}
}

// denials are the requests of a verb that a person may not make, and those that they may make about another team's pipeline. Metrics and
// configurations of deployments belong to no pipeline.
func denials(t *testing.T, p access.Policies, calls []cloudtest.Call) (denied, foreign []string) {
	t.Helper()
	common := []string{"cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "codedeploy:GetDeploymentConfig"}
	for _, c := range calls {
		r, asked := request(t, c, ours)
		if !asked {
			continue
		}
		if !decide(t, p, r) {
			denied = append(denied, r.String())
		}
		if other, _ := request(t, c, theirs); !slices.Contains(common, r.Action) && decide(t, p, other) {
			foreign = append(foreign, other.String())
		}
	}
	return denied, foreign
}

func decide(t *testing.T, p access.Policies, r access.Request) bool {
	t.Helper()
	d, err := p.Decide(r)
	if err != nil {
		t.Fatal(err)
	}
	return d == access.Allowed
}

// TestNobodyShiftsTraffic checks that no person may move traffic forwards, or act in the name of a machine, and that only those may approve
// whose part it is.
func TestNobodyShiftsTraffic(t *testing.T) {
	forbidden := []access.Request{
		{Action: "states:StartExecution", Resource: arnOf("states", "stateMachine:payment-processor-release-"+ours)},
		{Action: "states:StopExecution", Resource: arnOf("states", "execution:payment-processor-release-"+ours+":1")},
		{Action: "states:RedriveExecution", Resource: arnOf("states", "execution:payment-processor-release-"+ours+":1")},
		{Action: "states:GetExecutionHistory", Resource: arnOf("states", "execution:payment-processor-release-"+ours+":1")},
		{Action: "lambda:UpdateAlias", Resource: arnOf("lambda", "function:payment-processor-blue-"+ours)},
		{Action: "lambda:UpdateFunctionCode", Resource: arnOf("lambda", "function:payment-processor-blue-"+ours)},
		{Action: "lambda:GetFunctionConfiguration", Resource: arnOf("lambda", "function:payment-processor-blue-"+ours)},
		{Action: "codedeploy:CreateDeployment", Resource: arnOf("codedeploy", "deploymentgroup:payment-processor-app-"+ours+"/payment-processor-dg-"+ours)},
		{Action: "codepipeline:UpdatePipeline", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours)},
		{Action: "codepipeline:OverrideStageCondition", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours+"/Switch-Traffic")},
		{Action: "codepipeline:RollbackStage", Resource: arnOf("codepipeline", "payment-processor-pipeline-"+ours+"/Switch-Traffic")},
		{Action: "dynamodb:PutItem", Resource: arnOf("dynamodb", "table/deployment-history-"+ours)},
		{Action: "iam:PassRole", Resource: "arn:aws:iam::111122223333:role/release-service-role-" + ours},
	}
	for _, who := range []string{"developer", "approver", "on-call", "auditor"} {
		for _, r := range forbidden {
			if decide(t, person(t, who), r) {
				t.Errorf("%s may %s", who, fmt.Sprint(r))
			}
		}
	}
}
