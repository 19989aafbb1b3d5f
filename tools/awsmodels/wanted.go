package main

// operations that the provider calls to make what we render, by the name of botocore's model. A kind that is new in the
// table of test/awsmodel needs its calls here.
var operations = map[string][]string{
	"application-autoscaling": {"PutScalingPolicy", "RegisterScalableTarget"},
	"cloudwatch":              {"PutDashboard", "PutMetricAlarm"},
	"codebuild":               {"CreateProject"},
	"codedeploy":              {"CreateApplication", "CreateDeploymentConfig", "CreateDeploymentGroup"},
	"codepipeline":            {"CreatePipeline"},
	"codestar-connections":    {"CreateConnection"},
	"dynamodb":                {"CreateTable", "UpdateContinuousBackups", "UpdateTimeToLive"},
	"events":                  {"PutRule", "PutTargets"},
	"iam":                     {"AttachRolePolicy", "CreatePolicy", "CreateRole"},
	"lambda": {
		"AddPermission", "CreateAlias", "CreateEventSourceMapping", "CreateFunction", "CreateFunctionUrlConfig", "PutFunctionConcurrency", "PutFunctionEventInvokeConfig", "PutProvisionedConcurrencyConfig",
	},
	"logs": {"CreateLogGroup", "PutRetentionPolicy"},
	"s3": {
		"CreateBucket", "PutBucketEncryption", "PutBucketLifecycleConfiguration", "PutBucketOwnershipControls",
		"PutBucketPolicy", "PutBucketTagging", "PutBucketVersioning", "PutObject", "PutPublicAccessBlock",
	},
	"sns":           {"CreateTopic", "SetTopicAttributes", "Subscribe"},
	"stepfunctions": {"CreateStateMachine"},
}

// commands that documents tell people to type: the command line's name of a service, and botocore's of an operation. A test of
// test/docs asks for each.
var commands = []string{
	"cloudtrail LookupEvents",
	"cloudwatch DescribeAlarmHistory",
	"cloudwatch DescribeAlarms",
	"cloudwatch ListMetrics",
	"codepipeline GetPipelineState",
	"codepipeline ListActionExecutions",
	"codepipeline ListPipelineExecutions",
	"codepipeline PutApprovalResult",
	"codepipeline RetryStageExecution",
	"codepipeline StartPipelineExecution",
	"codepipeline StopPipelineExecution",
	"deploy CreateApplication",
	"deploy CreateDeployment",
	"deploy CreateDeploymentGroup",
	"deploy DeleteApplication",
	"deploy GetDeployment",
	"deploy ListDeployments",
	"deploy StopDeployment",
	"dynamodb GetItem",
	"dynamodb Scan",
	"eks CreatePodIdentityAssociation",
	"eks DescribeCluster",
	"iam AttachRolePolicy",
	"iam CreatePolicy",
	"iam CreatePolicyVersion",
	"iam CreateRole",
	"iam DeleteRole",
	"iam DeleteRolePolicy",
	"iam DetachRolePolicy",
	"iam ListOpenIDConnectProviders",
	"iam PutRolePolicy",
	"lambda CreateAlias",
	"lambda CreateFunction",
	"lambda DeleteFunction",
	"lambda GetAlias",
	"lambda GetFunctionConfiguration",
	"lambda Invoke",
	"lambda PublishVersion",
	"lambda UpdateAlias",
	"lambda UpdateFunctionConfiguration",
	"resourcegroupstaggingapi GetResources",
	"s3api CopyObject",
	"s3api GetBucketLifecycleConfiguration",
	"s3api HeadObject",
	"s3api ListObjectVersions",
	"secretsmanager DescribeSecret",
	"stepfunctions DescribeExecution",
	"stepfunctions ListExecutions",
	"stepfunctions StartExecution",
	"sts AssumeRole",
	"sts GetCallerIdentity",
}

// commandLine has other names for some services than botocore.
var commandLine = map[string]string{"deploy": "codedeploy", "s3api": "s3"}

// integrations are the operations that state machines call as the AWS SDK for Java does, by the names of its packages. One that is new
// in test/release/sdk needs to be here.
var integrations = []string{
	"cloudwatch:GetMetricData", "cloudwatch:PutMetricData",
	"codedeploy:BatchGetDeployments", "codedeploy:BatchGetDeploymentTargets", "codedeploy:CreateDeployment", "codedeploy:GetDeployment",
	"codedeploy:GetDeploymentGroup",
	"codedeploy:ListDeployments", "codedeploy:ListDeploymentTargets", "codedeploy:StopDeployment",
	"codepipeline:GetPipelineState", "codepipeline:ListActionExecutions", "codepipeline:ListPipelineExecutions",
	"codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution",
	"dynamodb:BatchGetItem",
	"lambda:DeleteFunction", "lambda:GetAlias", "lambda:GetFunctionConfiguration", "lambda:ListVersionsByFunction", "lambda:UpdateAlias",
	"s3:CopyObject", "s3:HeadObject", "s3:ListObjectVersions", "s3:PutObject",
}

// moreOperations are the other calls of ours, of which only the prose is kept: by which the provider changes what we render, and
// which state machines, pipelines, their actions, rules and builds make.
var moreOperations = []string{
	"cloudwatch GetMetricData",
	"cloudwatch PutMetricData",
	"codeartifact GetAuthorizationToken",
	"codeartifact GetRepositoryEndpoint",
	"codebuild BatchGetBuilds",
	"codebuild StartBuild",
	"codebuild UpdateProject",
	"codedeploy BatchGetDeploymentTargets",
	"codedeploy BatchGetDeployments",
	"codedeploy CreateDeployment",
	"codedeploy GetDeployment",
	"codedeploy GetDeploymentGroup",
	"codedeploy ListDeploymentTargets",
	"codedeploy ListDeployments",
	"codedeploy StopDeployment",
	"codedeploy UpdateDeploymentGroup",
	"codepipeline GetPipelineState",
	"codepipeline ListActionExecutions",
	"codepipeline ListPipelineExecutions",
	"codepipeline StartPipelineExecution",
	"codepipeline StopPipelineExecution",
	"codepipeline UpdatePipeline",
	"dynamodb BatchGetItem",
	"dynamodb GetItem",
	"dynamodb UpdateItem",
	"dynamodb UpdateTable",
	"iam CreatePolicyVersion",
	"iam PutRolePermissionsBoundary",
	"iam UpdateAssumeRolePolicy",
	"lambda DeleteFunction",
	"lambda GetAlias",
	"lambda GetFunctionConfiguration",
	"lambda Invoke",
	"lambda ListVersionsByFunction",
	"lambda PublishVersion",
	"lambda UpdateAlias",
	"lambda UpdateEventSourceMapping",
	"lambda UpdateFunctionCode",
	"lambda UpdateFunctionConfiguration",
	"lambda UpdateFunctionUrlConfig",
	"s3 CopyObject",
	"s3 GetObject",
	"s3 HeadObject",
	"s3 ListObjectVersions",
	"sns Publish",
	"stepfunctions DescribeExecution",
	"stepfunctions DescribeStateMachine",
	"stepfunctions StartExecution",
	"stepfunctions UpdateStateMachine",
}

// prefixes of the actions that our policies name, those of our example claims, and those that any claim may name. A policy that names
// another service needs it here.
var prefixes = []string{
	"appconfig", "application-autoscaling", "cloudwatch", "codeartifact", "codebuild", "codeconnections", "codedeploy", "codepipeline", "codestar-connections", "dynamodb", "ec2", "ecr", "events", "execute-api", "firehose", "iam", "kinesis", "kms", "lambda", "logs", "organizations", "payment-cryptography", "rds-data", "rds-db", "s3", "secretsmanager", "sns", "sqs", "ssm", "states", "sts", "xray",
}

// schemas of AWS's documents, by cfn-lint's paths.
var schemas = map[string]string{
	"policy.json":   "iam/policy.json",
	"identity.json": "iam/policy_identity.json",
	"resource.json": "iam/policy_resource.json",
	"trust.json":    "iam/policy_trust.json",
	"states.json":   "step_functions/statemachine.json",
}
