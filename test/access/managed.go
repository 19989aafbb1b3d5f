package access

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"

// awsPolicyPrefix begins the ARNs of the policies that AWS manages.
const awsPolicyPrefix = "arn:aws:iam::aws:policy/"

// managedByAWS are the policies that AWS manages and roles of pipelines have, by their ARNs, as
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html had them on 2026-11-30.
var managedByAWS = map[string][]iam.Statement{
	awsPolicyPrefix + "service-role/AWSLambdaBasicExecutionRole": {
		iam.Allow("", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents").On("*"),
	},
	awsPolicyPrefix + "service-role/AWSLambdaVPCAccessExecutionRole": {
		iam.Allow("",
			"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
			"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
			"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
		).On("*"),
	},
	awsPolicyPrefix + "AWSXRayDaemonWriteAccess": {
		iam.Allow("",
			"xray:PutTraceSegments", "xray:PutTelemetryRecords",
			"xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:GetSamplingStatisticSummaries",
		).On("*"),
	},
	awsPolicyPrefix + "service-role/AWSCodeDeployRoleForLambda": {
		iam.Allow("", "cloudwatch:DescribeAlarms", "lambda:UpdateAlias", "lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "sns:Publish").On("*"),
		iam.Allow("", "s3:GetObject", "s3:GetObjectVersion").On("arn:aws:s3:::*/CodeDeploy/*"),
		iam.Allow("", "s3:GetObject", "s3:GetObjectVersion").On("*").If(iam.StringEquals, "s3:ExistingObjectTag/UseWithCodeDeploy", "true"),
		iam.Allow("", "lambda:InvokeFunction").On("arn:aws:lambda:*:*:function:CodeDeployHook_*"),
	},
}
