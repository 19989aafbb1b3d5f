package aws

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	codebuildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	codedeploytypes "github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	codepipelinetypes "github.com/aws/aws-sdk-go-v2/service/codepipeline/types"
	"github.com/aws/aws-sdk-go-v2/service/codestarconnections"
	connectiontypes "github.com/aws/aws-sdk-go-v2/service/codestarconnections/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// An original is a stack of the Pulumi program of the original design, with what people have added to it by hand: an inline policy,
// a reservation, another tag. The first error ends its making.
type original struct {
	ctx    context.Context //nolint:containedctx // It lives as long as the making.
	suffix string
	err    error

	connectionARN string
}

// reserved for the blue function, by hand.
const reserved = 5

// tagKey and tagValue are on all that the program makes.
const tagKey, tagValue = "project", "tap"

func (o *original) name(base string) *string {
	return aws.String(base + "-" + o.suffix)
}

func (o *original) arn(service, resource string) *string {
	return aws.String("arn:aws:" + service + ":" + region + ":" + accountID + ":" + resource + "-" + o.suffix)
}

func (o *original) roleARN(base string) *string {
	return aws.String("arn:aws:iam::" + accountID + ":role/" + *o.name(base))
}

// do one step, unless an earlier one has failed.
func (o *original) do(step func() error) {
	if o.err == nil {
		o.err = step()
	}
}

// createOriginal makes the stack in the order in which its parts need one another.
func createOriginal(ctx context.Context, suffix string) (original, error) {
	o := original{ctx: ctx, suffix: suffix}
	o.stores()
	o.role("lambda-execution-role", "lambda.amazonaws.com", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
	o.policy("lambda-dynamodb-policy", "lambda-execution-role", statement("dynamodb:PutItem", *o.arn("dynamodb", "table/deployment-history")))
	o.function("blue")
	o.function("green")
	o.alarm()
	o.role("codedeploy-service-role", "codedeploy.amazonaws.com", "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda")
	o.rollout()
	o.role("codebuild-service-role", "codebuild.amazonaws.com")
	o.policy("codebuild-policy", "codebuild-service-role", statement("logs:PutLogEvents", "*"))
	o.project()
	o.role("pipeline-service-role", "codepipeline.amazonaws.com")
	o.policy("pipeline-policy", "pipeline-service-role", statement("codebuild:StartBuild", "*"))
	o.pipeline()
	o.byHand()
	return o, o.err
}

func (o *original) stores() {
	o.do(func() error {
		_, err := cloud.S3.CreateBucket(o.ctx, &s3.CreateBucketInput{Bucket: o.name("pipeline-artifacts")})
		return err
	})
	o.do(func() error {
		_, err := cloud.S3.PutObject(o.ctx, &s3.PutObjectInput{Bucket: o.name("pipeline-artifacts"), Key: aws.String("old/artifact.zip"), Body: strings.NewReader("old")})
		return err
	})
	o.do(func() error {
		_, err := cloud.DynamoDB.CreateTable(o.ctx, &dynamodb.CreateTableInput{
			TableName: o.name("deployment-history"), BillingMode: dynamodbtypes.BillingModePayPerRequest,
			AttributeDefinitions: []dynamodbtypes.AttributeDefinition{{AttributeName: aws.String("deploymentId"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
			KeySchema:            []dynamodbtypes.KeySchemaElement{{AttributeName: aws.String("deploymentId"), KeyType: dynamodbtypes.KeyTypeHash}},
			Tags:                 []dynamodbtypes.Tag{{Key: aws.String(tagKey), Value: aws.String(tagValue)}},
		})
		return err
	})
	o.do(func() error {
		_, err := cloud.DynamoDB.UpdateContinuousBackups(o.ctx, &dynamodb.UpdateContinuousBackupsInput{
			TableName:                        o.name("deployment-history"),
			PointInTimeRecoverySpecification: &dynamodbtypes.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
		})
		return err
	})
	o.do(func() error {
		_, err := cloud.DynamoDB.PutItem(o.ctx, &dynamodb.PutItemInput{
			TableName: o.name("deployment-history"), Item: map[string]dynamodbtypes.AttributeValue{"deploymentId": &dynamodbtypes.AttributeValueMemberS{Value: "d-old"}},
		})
		return err
	})
	o.do(func() error {
		_, err := cloud.SNS.CreateTopic(o.ctx, &sns.CreateTopicInput{Name: o.name("deployment-alarms")})
		return err
	})
	o.do(func() error {
		_, err := cloud.SNS.Subscribe(o.ctx, &sns.SubscribeInput{TopicArn: o.arn("sns", "deployment-alarms"), Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com")})
		return err
	})
}

func (o *original) role(base, service string, policyARNs ...string) {
	o.do(func() error {
		trust := `{"Version":"2012-10-17","Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"` + service + `"}}]}`
		_, err := cloud.IAM.CreateRole(o.ctx, &iam.CreateRoleInput{RoleName: o.name(base), AssumeRolePolicyDocument: &trust})
		return err
	})
	for _, arn := range policyARNs {
		o.do(func() error {
			_, err := cloud.IAM.AttachRolePolicy(o.ctx, &iam.AttachRolePolicyInput{RoleName: o.name(base), PolicyArn: &arn})
			return err
		})
	}
}

// statement of a policy that allows one action.
func statement(action, resource string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["` + action + `"],"Resource":"` + resource + `"}]}`
}

func (o *original) policy(base, role, document string) {
	o.do(func() error {
		created, err := cloud.IAM.CreatePolicy(o.ctx, &iam.CreatePolicyInput{PolicyName: o.name(base), PolicyDocument: &document})
		if err != nil {
			return err
		}
		_, err = cloud.IAM.AttachRolePolicy(o.ctx, &iam.AttachRolePolicyInput{RoleName: o.name(role), PolicyArn: created.Policy.Arn})
		return err
	})
}

// function with two versions. The alias of blue is on the first.
func (o *original) function(color string) {
	base := "payment-processor-" + color
	o.do(func() error {
		_, err := cloud.Logs.CreateLogGroup(o.ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: o.name("/aws/lambda/" + base)})
		return err
	})
	o.do(func() error {
		_, err := cloud.Logs.PutRetentionPolicy(o.ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: o.name("/aws/lambda/" + base), RetentionInDays: aws.Int32(7)})
		return err
	})
	o.do(func() error {
		code, err := zipped("exports.handler = async () => ({ statusCode: 200, body: '" + color + "' });\n")
		if err != nil {
			return err
		}
		_, err = cloud.Lambda.CreateFunction(o.ctx, &lambda.CreateFunctionInput{
			FunctionName: o.name(base), Runtime: lambdatypes.RuntimeNodejs18x, Handler: aws.String("index.handler"), MemorySize: aws.Int32(512),
			Role: o.roleARN("lambda-execution-role"), Code: &lambdatypes.FunctionCode{ZipFile: code}, Publish: true,
			Environment: &lambdatypes.Environment{Variables: map[string]string{"DEPLOYMENT_TABLE": *o.name("deployment-history"), "VERSION": color}},
			Tags:        map[string]string{tagKey: tagValue},
		})
		return err
	})
	o.do(func() error {
		code, err := zipped("exports.handler = async () => ({ statusCode: 200, body: 'second " + color + "' });\n")
		if err != nil {
			return err
		}
		_, err = cloud.Lambda.UpdateFunctionCode(o.ctx, &lambda.UpdateFunctionCodeInput{FunctionName: o.name(base), ZipFile: code, Publish: true})
		return err
	})
	if color == "blue" {
		o.do(func() error {
			_, err := cloud.Lambda.CreateAlias(o.ctx, &lambda.CreateAliasInput{FunctionName: o.name(base), Name: aws.String("live"), FunctionVersion: aws.String("1")})
			return err
		})
	}
}

func (o *original) alarm() {
	o.do(func() error {
		metric := func(id, name string) cloudwatchtypes.MetricDataQuery {
			return cloudwatchtypes.MetricDataQuery{Id: &id, ReturnData: aws.Bool(false), MetricStat: &cloudwatchtypes.MetricStat{
				Period: aws.Int32(300), Stat: aws.String("Sum"), Metric: &cloudwatchtypes.Metric{
					MetricName: &name, Namespace: aws.String("AWS/Lambda"),
					Dimensions: []cloudwatchtypes.Dimension{{Name: aws.String("FunctionName"), Value: o.name("payment-processor-blue")}},
				},
			}}
		}
		_, err := cloud.CloudWatch.PutMetricAlarm(o.ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: o.name("lambda-errors"), ComparisonOperator: cloudwatchtypes.ComparisonOperatorGreaterThanThreshold,
			EvaluationPeriods: aws.Int32(2), Threshold: aws.Float64(5), AlarmActions: []string{*o.arn("sns", "deployment-alarms")},
			Metrics: []cloudwatchtypes.MetricDataQuery{
				{Id: aws.String("errorRate"), Expression: aws.String("errors / invocations * 100"), Label: aws.String("Error Rate (%)"), ReturnData: aws.Bool(true)},
				metric("errors", "Errors"), metric("invocations", "Invocations"),
			},
		})
		return err
	})
}

func (o *original) rollout() {
	o.do(func() error {
		_, err := cloud.CodeDeploy.CreateApplication(o.ctx, &codedeploy.CreateApplicationInput{
			ApplicationName: o.name("payment-processor-app"), ComputePlatform: codedeploytypes.ComputePlatformLambda,
		})
		return err
	})
	o.do(func() error {
		_, err := cloud.CodeDeploy.CreateDeploymentGroup(o.ctx, &codedeploy.CreateDeploymentGroupInput{
			ApplicationName: o.name("payment-processor-app"), DeploymentGroupName: o.name("payment-processor-dg"), ServiceRoleArn: o.roleARN("codedeploy-service-role"),
			DeploymentConfigName: aws.String("CodeDeployDefault.LambdaLinear10PercentEvery10Minutes"),
			DeploymentStyle: &codedeploytypes.DeploymentStyle{
				DeploymentOption: codedeploytypes.DeploymentOptionWithTrafficControl, DeploymentType: codedeploytypes.DeploymentTypeBlueGreen,
			},
			AutoRollbackConfiguration: &codedeploytypes.AutoRollbackConfiguration{
				Enabled: true, Events: []codedeploytypes.AutoRollbackEvent{codedeploytypes.AutoRollbackEventDeploymentFailure, codedeploytypes.AutoRollbackEventDeploymentStopOnAlarm},
			},
			AlarmConfiguration: &codedeploytypes.AlarmConfiguration{Enabled: true, Alarms: []codedeploytypes.Alarm{{Name: o.name("lambda-errors")}}},
		})
		return err
	})
}

func (o *original) project() {
	o.do(func() error {
		_, err := cloud.CodeBuild.CreateProject(o.ctx, &codebuild.CreateProjectInput{
			Name: o.name("payment-processor-build"), ServiceRole: o.roleARN("codebuild-service-role"),
			Artifacts: &codebuildtypes.ProjectArtifacts{Type: codebuildtypes.ArtifactsTypeCodepipeline},
			Environment: &codebuildtypes.ProjectEnvironment{
				ComputeType: codebuildtypes.ComputeTypeBuildGeneral1Small, Image: aws.String("aws/codebuild/standard:5.0"), Type: codebuildtypes.EnvironmentTypeLinuxContainer,
			},
			Source: &codebuildtypes.ProjectSource{Type: codebuildtypes.SourceTypeCodepipeline, Buildspec: aws.String("version: 0.2\n")},
		})
		return err
	})
}

func (o *original) pipeline() {
	o.do(func() error {
		created, err := cloud.Connections.CreateConnection(o.ctx, &codestarconnections.CreateConnectionInput{
			ConnectionName: o.name("github-connection"), ProviderType: connectiontypes.ProviderTypeGithub,
		})
		if err == nil {
			o.connectionARN = *created.ConnectionArn
		}
		return err
	})
	action := func(name string, category codepipelinetypes.ActionCategory, provider string, configuration map[string]string) codepipelinetypes.ActionDeclaration {
		return codepipelinetypes.ActionDeclaration{Name: &name, Configuration: configuration, ActionTypeId: &codepipelinetypes.ActionTypeId{
			Category: category, Owner: codepipelinetypes.ActionOwnerAws, Provider: &provider, Version: aws.String("1"),
		}}
	}
	o.do(func() error {
		source := action("GitHub_Source", codepipelinetypes.ActionCategorySource, "CodeStarSourceConnection", map[string]string{
			"ConnectionArn": o.connectionARN, "FullRepositoryId": "my-org/my-repo", "BranchName": "main", "OutputArtifactFormat": "CODE_ZIP",
		})
		source.OutputArtifacts = []codepipelinetypes.OutputArtifact{{Name: aws.String("source_output")}}
		build := action("Build_TypeScript", codepipelinetypes.ActionCategoryBuild, "CodeBuild", map[string]string{"ProjectName": *o.name("payment-processor-build")})
		build.InputArtifacts = []codepipelinetypes.InputArtifact{{Name: aws.String("source_output")}}
		build.OutputArtifacts = []codepipelinetypes.OutputArtifact{{Name: aws.String("build_output")}}
		deploy := action("Deploy_Blue_Lambda", codepipelinetypes.ActionCategoryDeploy, "CodeDeploy", map[string]string{
			"ApplicationName": *o.name("payment-processor-app"), "DeploymentGroupName": *o.name("payment-processor-dg"),
		})
		deploy.InputArtifacts = []codepipelinetypes.InputArtifact{{Name: aws.String("build_output")}}
		approve := action("Approve_Traffic_Shift", codepipelinetypes.ActionCategoryApproval, "Manual", map[string]string{"CustomData": "Approve"})
		stages := []codepipelinetypes.StageDeclaration{}
		for i, a := range []codepipelinetypes.ActionDeclaration{source, build, deploy, approve} {
			name := []string{"Source", "Build", "Deploy-Blue", "Switch-Traffic"}[i]
			stages = append(stages, codepipelinetypes.StageDeclaration{Name: &name, Actions: []codepipelinetypes.ActionDeclaration{a}})
		}
		_, err := cloud.CodePipeline.CreatePipeline(o.ctx, &codepipeline.CreatePipelineInput{Pipeline: &codepipelinetypes.PipelineDeclaration{
			Name: o.name("payment-processor-pipeline"), RoleArn: o.roleARN("pipeline-service-role"), Stages: stages,
			ArtifactStore: &codepipelinetypes.ArtifactStore{Location: o.name("pipeline-artifacts"), Type: codepipelinetypes.ArtifactStoreTypeS3},
		}})
		return err
	})
}

// byHand is what people add, and the program does not know.
func (o *original) byHand() {
	o.do(func() error {
		document := statement("sqs:SendMessage", "*")
		_, err := cloud.IAM.PutRolePolicy(o.ctx, &iam.PutRolePolicyInput{RoleName: o.name("lambda-execution-role"), PolicyName: aws.String("by-hand"), PolicyDocument: &document})
		return err
	})
	o.do(func() error {
		_, err := cloud.Lambda.PutFunctionConcurrency(o.ctx, &lambda.PutFunctionConcurrencyInput{
			FunctionName: o.name("payment-processor-blue"), ReservedConcurrentExecutions: aws.Int32(reserved),
		})
		return err
	})
}

// versions of a function, and the code of each, as JSON.
func versions(ctx context.Context, function string) (map[string]string, error) {
	says, err := cloud.Lambda.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: &function})
	if err != nil {
		return nil, err
	}
	code := map[string]string{}
	for _, v := range says.Versions {
		code[*v.Version] = *v.CodeSha256
	}
	return code, nil
}

// inlinePolicies of a role, as JSON.
func inlinePolicies(ctx context.Context, role string) (string, error) {
	says, err := cloud.IAM.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &role})
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(says.PolicyNames)
	return string(b), err
}
