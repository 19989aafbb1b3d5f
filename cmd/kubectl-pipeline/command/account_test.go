package command

import (
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	buildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	deploytypes "github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud/cloudtest"
)

const (
	runID  = "7f3a6c1e-0000-4000-8000-000000000001"
	commit = "3f2a9c1d5e6f80917263544a5b6c7d8e9f019c2e"
)

// ago is a time before the tests run.
func ago(d time.Duration) *time.Time { return aws.Time(noon.Add(-d)) }

// account answers, where others do not say otherwise, as if version 7 were live, and its run over.
func account(others ...map[string]any) *cloudtest.Account {
	answers := map[string]any{
		"CodePipeline.ListPipelineExecutions": runs(types.PipelineExecutionStatusSucceeded),
		"CodePipeline.GetPipelineState":       stages(types.StageExecutionStatusSucceeded, done("Approve_Traffic_Shift"), done("Shift_Traffic")),
		"CodePipeline.PutApprovalResult":      &codepipeline.PutApprovalResultOutput{},
		"CodePipeline.RetryStageExecution":    &codepipeline.RetryStageExecutionOutput{},
		"Lambda.GetAlias":                     &lambda.GetAliasOutput{FunctionVersion: aws.String("7")},
		"CodeDeploy.ListDeployments":          &codedeploy.ListDeploymentsOutput{},
		"CloudWatch.DescribeAlarms":           alarm(cloudwatchtypes.StateValueOk, ""),
		"STS.GetCallerIdentity":               &sts.GetCallerIdentityOutput{Account: aws.String("111122223333"), Arn: aws.String("arn:aws:sts::111122223333:assumed-role/on-call/ada")},
		"SFN.StartExecution":                  &sfn.StartExecutionOutput{ExecutionArn: aws.String("arn:aws:states:us-east-1:111122223333:execution:payment-processor-rollback-payments-prod:1")},
		"SFN.DescribeExecution":               &sfn.DescribeExecutionOutput{Status: sfntypes.ExecutionStatusSucceeded},
		"DynamoDB.Scan":                       history(),
		"CloudWatch Logs.FilterLogEvents":     functionLog(),
		"CloudWatch Logs.GetLogEvents":        buildLog(),
		"CodeBuild.BatchGetBuilds":            &codebuild.BatchGetBuildsOutput{Builds: []buildtypes.Build{{Logs: &buildtypes.LogsLocation{GroupName: aws.String("/aws/codebuild/payment-processor-build-payments-prod"), StreamName: aws.String("1")}}}},
		"CodeDeploy.GetDeployment":            deployment(),
		"CodeDeploy.GetDeploymentConfig":      linear(),
		"CloudWatch.GetMetricData":            figures(),
	}
	for _, o := range others {
		maps.Copy(answers, o)
	}
	return &cloudtest.Account{Answers: answers}
}

func runs(status types.PipelineExecutionStatus) *codepipeline.ListPipelineExecutionsOutput {
	return &codepipeline.ListPipelineExecutionsOutput{PipelineExecutionSummaries: []types.PipelineExecutionSummary{{
		PipelineExecutionId: aws.String(runID),
		Status:              status,
		StartTime:           ago(41 * time.Minute),
		LastUpdateTime:      ago(2 * time.Minute),
		SourceRevisions:     []types.SourceRevision{{RevisionId: aws.String(commit), RevisionSummary: aws.String(`{"ProviderType":"GitHub","CommitMessage":"Charge once\n\nNot twice."}`)}},
	}}}
}

// stages of a run that has come to the last one, with the actions of that.
func stages(status types.StageExecutionStatus, actions ...types.ActionState) *codepipeline.GetPipelineStateOutput {
	out := &codepipeline.GetPipelineStateOutput{}
	for _, name := range []string{"Source", "Build", "Deploy-Green", "Deploy-Blue"} {
		out.StageStates = append(out.StageStates, stage(name, types.StageExecutionStatusSucceeded, done(name)))
	}
	out.StageStates = append(out.StageStates, stage("Switch-Traffic", status, actions...))
	return out
}

func stage(name string, status types.StageExecutionStatus, actions ...types.ActionState) types.StageState {
	return types.StageState{
		StageName:       aws.String(name),
		LatestExecution: &types.StageExecution{PipelineExecutionId: aws.String(runID), Status: status},
		ActionStates:    actions,
	}
}

func action(name string, e types.ActionExecution) types.ActionState {
	return types.ActionState{ActionName: aws.String(name), LatestExecution: &e}
}

func done(name string) types.ActionState {
	return action(name, types.ActionExecution{Status: types.ActionExecutionStatusSucceeded, LastStatusChange: ago(5 * time.Minute)})
}

func running(name string) types.ActionState {
	return action(name, types.ActionExecution{Status: types.ActionExecutionStatusInProgress, LastStatusChange: ago(5 * time.Minute)})
}

func failing(name, message string) types.ActionState {
	return action(name, types.ActionExecution{
		Status:               types.ActionExecutionStatusFailed,
		LastStatusChange:     ago(5 * time.Minute),
		ErrorDetails:         &types.ErrorDetails{Message: aws.String(message)},
		ExternalExecutionId:  aws.String("payment-processor-build-payments-prod:1"),
		ExternalExecutionUrl: aws.String("https://console.aws.amazon.com/an/action"),
	})
}

// approval that is waited for.
func approval() types.ActionState {
	return action("Approve_Traffic_Shift", types.ActionExecution{Status: types.ActionExecutionStatusInProgress, LastStatusChange: ago(90 * time.Minute), Token: aws.String("token")})
}

// awaiting answers while a run waits for its approval.
func awaiting() map[string]any {
	return map[string]any{
		"CodePipeline.ListPipelineExecutions": runs(types.PipelineExecutionStatusInProgress),
		"CodePipeline.GetPipelineState":       stages(types.StageExecutionStatusInProgress, approval(), action("Shift_Traffic", types.ActionExecution{})),
	}
}

// overlapping answers while a run waits for its approval and a newer one builds.
func overlapping() map[string]any {
	const newer = "7f3a6c1e-0000-4000-8000-000000000002"
	list := runs(types.PipelineExecutionStatusInProgress)
	list.PipelineExecutionSummaries = append([]types.PipelineExecutionSummary{{
		PipelineExecutionId: aws.String(newer),
		Status:              types.PipelineExecutionStatusInProgress,
		StartTime:           ago(3 * time.Minute),
		SourceRevisions:     []types.SourceRevision{{RevisionId: aws.String("9c2e4f7a1b3d5e6f80917263544a5b6c7d8e9f01")}},
	}}, list.PipelineExecutionSummaries...)
	state := stages(types.StageExecutionStatusInProgress, approval())
	for i, building := range []types.StageState{stage("Source", types.StageExecutionStatusSucceeded), stage("Build", types.StageExecutionStatusInProgress, running("Build_TypeScript"))} {
		building.LatestExecution.PipelineExecutionId = aws.String(newer)
		state.StageStates[i] = building
	}
	return map[string]any{"CodePipeline.ListPipelineExecutions": list, "CodePipeline.GetPipelineState": state}
}

// failedRun answers after an action of a stage has failed.
func failedRun(name string, actions ...types.ActionState) map[string]any {
	state := &codepipeline.GetPipelineStateOutput{StageStates: []types.StageState{
		stage("Source", types.StageExecutionStatusSucceeded, done("GitHub_Source")),
		stage(name, types.StageExecutionStatusFailed, actions...),
	}}
	return map[string]any{
		"CodePipeline.ListPipelineExecutions": runs(types.PipelineExecutionStatusFailed),
		"CodePipeline.GetPipelineState":       state,
	}
}

// shifting answers while 30 % of the traffic have moved to version 8.
func shifting() map[string]any {
	return map[string]any{
		"CodePipeline.ListPipelineExecutions": runs(types.PipelineExecutionStatusInProgress),
		"CodePipeline.GetPipelineState":       stages(types.StageExecutionStatusInProgress, done("Approve_Traffic_Shift"), running("Shift_Traffic")),
		"Lambda.GetAlias": &lambda.GetAliasOutput{
			FunctionVersion: aws.String("7"),
			RoutingConfig:   &lambdatypes.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"8": 0.3}},
		},
		"CodeDeploy.ListDeployments": &codedeploy.ListDeploymentsOutput{Deployments: []string{"d-ABCDEF123"}},
	}
}

func deployment() *codedeploy.GetDeploymentOutput {
	return &codedeploy.GetDeploymentOutput{DeploymentInfo: &deploytypes.DeploymentInfo{
		DeploymentId:         aws.String("d-ABCDEF123"),
		Status:               deploytypes.DeploymentStatusInProgress,
		CreateTime:           ago(25 * time.Minute),
		DeploymentConfigName: aws.String("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes"),
	}}
}

func linear() *codedeploy.GetDeploymentConfigOutput {
	return &codedeploy.GetDeploymentConfigOutput{DeploymentConfigInfo: &deploytypes.DeploymentConfigInfo{
		TrafficRoutingConfig: &deploytypes.TrafficRoutingConfig{TimeBasedLinear: &deploytypes.TimeBasedLinear{LinearPercentage: 10, LinearInterval: 10}},
	}}
}

func figures() *cloudwatch.GetMetricDataOutput {
	result := func(id string, values ...float64) cloudwatchtypes.MetricDataResult {
		return cloudwatchtypes.MetricDataResult{Id: aws.String(id), Values: values}
	}
	return &cloudwatch.GetMetricDataOutput{MetricDataResults: []cloudwatchtypes.MetricDataResult{
		result("invocations0", 100, 20), result("errors0", 1), result("invocations1", 300), result("errors1"),
	}}
}

func alarm(state cloudwatchtypes.StateValue, reason string) *cloudwatch.DescribeAlarmsOutput {
	return &cloudwatch.DescribeAlarmsOutput{MetricAlarms: []cloudwatchtypes.MetricAlarm{{
		AlarmName: aws.String("lambda-errors-payments-prod"), StateValue: state, StateReason: aws.String(reason), StateUpdatedTimestamp: ago(time.Hour),
	}}}
}

func item(attributes map[string]string) map[string]dynamotypes.AttributeValue {
	values := map[string]dynamotypes.AttributeValue{}
	for name, value := range attributes {
		values[name] = &dynamotypes.AttributeValueMemberS{Value: value}
	}
	return values
}

func history() *dynamodb.ScanOutput {
	return &dynamodb.ScanOutput{Items: []map[string]dynamotypes.AttributeValue{
		item(map[string]string{"deploymentId": "d-OLD", "status": "Succeeded", "fromVersion": "6", "toVersion": "7", "commitId": commit, "startedAt": "2026-11-28T09:00:00Z", "approvedBy": "arn:aws:sts::111122223333:assumed-role/approvers/grace", "approvalComment": "reviewed"}),
		item(map[string]string{"deploymentId": "d-NEW", "status": "Stopped", "fromVersion": "7", "toVersion": "8", "commitId": "9c2e4f7a1b3d5e6f80917263544a5b6c7d8e9f01", "startedAt": "2026-11-29T09:00:00Z", "approvedBy": "arn:aws:sts::111122223333:assumed-role/approvers/grace", "error": "ALARM_ACTIVE: One or more alarms have been activated"}),
		item(map[string]string{"deploymentId": "live", "toVersion": "7"}),
		item(map[string]string{"deploymentId": "service/forged", "status": "Succeeded", "toVersion": "99"}),
	}}
}

func functionLog() *cloudwatchlogs.FilterLogEventsOutput {
	event := func(id, stream, text string) logstypes.FilteredLogEvent {
		return logstypes.FilteredLogEvent{EventId: aws.String(id), LogStreamName: aws.String(stream), Message: aws.String(text), Timestamp: aws.Int64(ago(time.Minute).UnixMilli())}
	}
	return &cloudwatchlogs.FilterLogEventsOutput{Events: []logstypes.FilteredLogEvent{
		event("1", "2026/11/30/[7]0123", "charged 4711\n"),
		event("2", "2026/11/30/[8]4567", "cannot charge 4712: timeout\n"),
	}}
}

func buildLog() *cloudwatchlogs.GetLogEventsOutput {
	return &cloudwatchlogs.GetLogEventsOutput{Events: []logstypes.OutputLogEvent{
		{Message: aws.String("npm error Missing script: \"build\"\n"), Timestamp: aws.Int64(ago(time.Minute).UnixMilli())},
		{Message: aws.String("The build stops: package.json has no script \"build\".\n"), Timestamp: aws.Int64(ago(time.Minute).UnixMilli())},
	}}
}
