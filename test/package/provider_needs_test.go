package package_test

// A need is what the provider must be allowed to do for a managed resource.
type need struct {
	// On this resource. {name} is the managed resource's external name, {key} the value of forProvider.key, or the
	// external name of what forProvider.keyRef refers to.
	on      string
	actions []string
}

// needs are what the provider calls to create, read, update and delete each kind, as found in its code.
var needs = map[string][]need{
	"Alias.lambda": {{
		on:      "arn:aws:lambda:us-east-1:111122223333:function:{functionName}",
		actions: []string{"lambda:CreateAlias", "lambda:GetAlias", "lambda:DeleteAlias"},
	}},
	"App.deploy": {{
		on: "arn:aws:codedeploy:us-east-1:111122223333:application:{name}",
		actions: []string{
			"codedeploy:CreateApplication", "codedeploy:GetApplication", "codedeploy:DeleteApplication",
			"codedeploy:ListTagsForResource", "codedeploy:TagResource", "codedeploy:UntagResource",
		},
	}},
	"Bucket.s3": {{
		on: "arn:aws:s3:::{name}",
		actions: []string{
			"s3:CreateBucket", "s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteBucket",
			"s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging",
			"s3:GetBucketObjectLockConfiguration", "s3:GetBucketPolicy", "s3:GetBucketRequestPayment",
			"s3:GetBucketVersioning", "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration",
			"s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration",
			"s3:ListTagsForResource", "s3:TagResource", "s3:UntagResource",
		},
	}, {
		on:      "arn:aws:s3:::{name}/source_output/anything",
		actions: []string{"s3:DeleteObject", "s3:DeleteObjectVersion"},
	}},
	"BucketLifecycleConfiguration.s3": {{
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:PutLifecycleConfiguration", "s3:GetLifecycleConfiguration"},
	}},
	"BucketOwnershipControls.s3": {{
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:PutBucketOwnershipControls", "s3:GetBucketOwnershipControls"},
	}},
	"BucketPolicy.s3": {{
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:PutBucketPolicy", "s3:GetBucketPolicy", "s3:DeleteBucketPolicy"},
	}},
	"BucketPublicAccessBlock.s3": {{
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:PutBucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock"},
	}},
	"BucketServerSideEncryptionConfiguration.s3": {{
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:PutEncryptionConfiguration", "s3:GetEncryptionConfiguration"},
	}},
	"BucketVersioning.s3": {{
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:PutBucketVersioning", "s3:GetBucketVersioning"},
	}},
	"Codepipeline.codepipeline": {{
		on: "arn:aws:codepipeline:us-east-1:111122223333:{name}",
		actions: []string{
			"codepipeline:CreatePipeline", "codepipeline:GetPipeline", "codepipeline:UpdatePipeline", "codepipeline:DeletePipeline",
			"codepipeline:ListTagsForResource", "codepipeline:TagResource", "codepipeline:UntagResource",
		},
	}},
	"Connection.codestarconnections": {{
		on:      "*",
		actions: []string{"codestar-connections:CreateConnection"},
	}, {
		on: "arn:aws:codestar-connections:us-east-1:111122223333:connection/00000000-1111-2222-3333-444444444444",
		actions: []string{
			"codestar-connections:GetConnection", "codestar-connections:DeleteConnection",
			"codestar-connections:ListTagsForResource", "codestar-connections:TagResource", "codestar-connections:UntagResource",
		},
	}},
	"DeploymentConfig.deploy": {{
		on: "arn:aws:codedeploy:us-east-1:111122223333:deploymentconfig:{name}",
		actions: []string{
			"codedeploy:CreateDeploymentConfig", "codedeploy:GetDeploymentConfig", "codedeploy:DeleteDeploymentConfig",
		},
	}},
	"DeploymentGroup.deploy": {{
		on: "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:{appName}/{name}",
		actions: []string{
			"codedeploy:CreateDeploymentGroup", "codedeploy:GetDeploymentGroup", "codedeploy:UpdateDeploymentGroup",
			"codedeploy:DeleteDeploymentGroup",
			"codedeploy:ListTagsForResource", "codedeploy:TagResource", "codedeploy:UntagResource",
		},
	}},
	"Function.lambda": {{
		on: "arn:aws:lambda:us-east-1:111122223333:function:{name}",
		actions: []string{
			"lambda:CreateFunction", "lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:GetFunctionCodeSigningConfig",
			"lambda:PutFunctionConcurrency", "lambda:DeleteFunctionConcurrency",
			"lambda:ListVersionsByFunction", "lambda:UpdateFunctionConfiguration", "lambda:PublishVersion", "lambda:DeleteFunction",
			"lambda:ListTags", "lambda:TagResource", "lambda:UntagResource",
		},
	}, {
		// Lambda reads layers in the provider's name.
		on:      "arn:aws:lambda:us-east-1:111122223333:layer:payments-observability:3",
		actions: []string{"lambda:GetLayerVersion"},
	}, {
		// Lambda looks at a function's VPC in the provider's name.
		on:      "*",
		actions: []string{"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"},
	}},
	"FunctionEventInvokeConfig.lambda": {{
		on: "arn:aws:lambda:us-east-1:111122223333:function:{functionName}",
		actions: []string{
			"lambda:PutFunctionEventInvokeConfig", "lambda:GetFunctionEventInvokeConfig", "lambda:DeleteFunctionEventInvokeConfig",
		},
	}},
	"EventSourceMapping.lambda": {{
		on:      "*",
		actions: []string{"lambda:CreateEventSourceMapping", "lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping"},
	}, {
		on: "arn:aws:lambda:us-east-1:111122223333:event-source-mapping:00000000-1111-2222-3333-444444444444",
		actions: []string{
			"lambda:GetEventSourceMapping", "lambda:ListTags", "lambda:TagResource", "lambda:UntagResource",
		},
	}},
	"FunctionURL.lambda": {{
		on: "arn:aws:lambda:us-east-1:111122223333:function:{functionName}",
		actions: []string{
			"lambda:CreateFunctionUrlConfig", "lambda:GetFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig", "lambda:DeleteFunctionUrlConfig",
		},
	}},
	"Group.cloudwatchlogs": {{
		on: "arn:aws:logs:us-east-1:111122223333:log-group:{name}",
		actions: []string{
			"logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy", "logs:DeleteLogGroup",
			"logs:AssociateKmsKey", "logs:DisassociateKmsKey",
			"logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource",
		},
	}, {
		on:      "*",
		actions: []string{"logs:DescribeLogGroups"},
	}},
	"Dashboard.cloudwatch": {{
		on:      "arn:aws:cloudwatch::111122223333:dashboard/{name}",
		actions: []string{"cloudwatch:PutDashboard", "cloudwatch:GetDashboard", "cloudwatch:DeleteDashboards"},
	}},
	"MetricAlarm.cloudwatch": {{
		on: "arn:aws:cloudwatch:us-east-1:111122223333:alarm:{name}",
		actions: []string{
			"cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms",
			"cloudwatch:ListTagsForResource", "cloudwatch:TagResource", "cloudwatch:UntagResource",
		},
	}},
	"Object.s3": {{
		// Lambda reads the object in the provider's name when it makes a function of it.
		on: "arn:aws:s3:::{bucket}/{key}",
		actions: []string{
			"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "s3:GetObject", "s3:GetObjectTagging",
			"s3:DeleteObjectTagging", "s3:DeleteObject", "s3:DeleteObjectVersion",
		},
	}, {
		on:      "arn:aws:s3:::{bucket}",
		actions: []string{"s3:ListBucket", "s3:ListBucketVersions"},
	}},
	"Permission.lambda": {{
		on:      "arn:aws:lambda:us-east-1:111122223333:function:{functionName}",
		actions: []string{"lambda:AddPermission", "lambda:GetPolicy", "lambda:RemovePermission"},
	}},
	"Policy.iam": {{
		on: "arn:aws:iam::111122223333:policy/{name}",
		actions: []string{
			"iam:CreatePolicy", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:CreatePolicyVersion",
			"iam:DeletePolicyVersion", "iam:DeletePolicy", "iam:TagPolicy", "iam:UntagPolicy",
		},
	}},
	"Project.codebuild": {{
		on: "arn:aws:codebuild:us-east-1:111122223333:project/{name}",
		actions: []string{
			"codebuild:CreateProject", "codebuild:BatchGetProjects", "codebuild:UpdateProject", "codebuild:DeleteProject",
		},
	}},
	"ProvisionedConcurrencyConfig.lambda": {{
		on: "arn:aws:lambda:us-east-1:111122223333:function:{functionName}:{qualifier}",
		actions: []string{
			"lambda:PutProvisionedConcurrencyConfig", "lambda:GetProvisionedConcurrencyConfig", "lambda:DeleteProvisionedConcurrencyConfig",
		},
	}},
	"Policy.appautoscaling": {{
		// AWS chooses the end of a target's ARN.
		on:      "arn:aws:application-autoscaling:us-east-1:111122223333:scalable-target/0ec5a1b2c3d4e5f60718293a4b5c6d7e8f90",
		actions: []string{"application-autoscaling:PutScalingPolicy", "application-autoscaling:DeleteScalingPolicy"},
	}, {
		on:      "*",
		actions: []string{"application-autoscaling:DescribeScalingPolicies"},
	}, {
		// AWS wants who makes a policy to be allowed to make its alarms.
		on:      "arn:aws:cloudwatch:us-east-1:111122223333:alarm:TargetTracking-function:payment-processor-blue-prod:live-AlarmHigh-00000000-1111-2222-3333-444444444444",
		actions: []string{"cloudwatch:PutMetricAlarm", "cloudwatch:DescribeAlarms", "cloudwatch:DeleteAlarms"},
	}},
	"Role.iam": {{
		on: "arn:aws:iam::111122223333:role/{name}",
		actions: []string{
			"iam:CreateRole", "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
			"iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary",
			"iam:ListInstanceProfilesForRole", "iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole",
			"iam:UpdateRole", "iam:UpdateRoleDescription", "iam:TagRole", "iam:UntagRole",
		},
	}},
	"RolePolicyAttachment.iam": {{
		on:      "arn:aws:iam::111122223333:role/{role}",
		actions: []string{"iam:AttachRolePolicy", "iam:ListAttachedRolePolicies", "iam:DetachRolePolicy"},
	}},
	"Rule.cloudwatchevents": {{
		on: "arn:aws:events:us-east-1:111122223333:rule/{name}",
		actions: []string{
			"events:PutRule", "events:DescribeRule", "events:DeleteRule",
			"events:ListTagsForResource", "events:TagResource", "events:UntagResource",
		},
	}},
	"StateMachine.sfn": {{
		on: "arn:aws:states:us-east-1:111122223333:stateMachine:{name}",
		actions: []string{
			"states:CreateStateMachine", "states:DescribeStateMachine", "states:ListStateMachineVersions",
			"states:UpdateStateMachine", "states:DeleteStateMachine",
			"states:ListTagsForResource", "states:TagResource", "states:UntagResource",
		},
	}, {
		on:      "*",
		actions: []string{"states:ValidateStateMachineDefinition"},
	}},
	"Table.dynamodb": {{
		on: "arn:aws:dynamodb:us-east-1:111122223333:table/{name}",
		actions: []string{
			"dynamodb:CreateTable", "dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive",
			"dynamodb:UpdateTable", "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTimeToLive", "dynamodb:DeleteTable",
			"dynamodb:ListTagsOfResource", "dynamodb:TagResource", "dynamodb:UntagResource",
		},
	}},
	"Target.cloudwatchevents": {{
		on:      "arn:aws:events:us-east-1:111122223333:rule/{rule}",
		actions: []string{"events:PutTargets", "events:ListTargetsByRule", "events:RemoveTargets"},
	}},
	"Target.appautoscaling": {{
		on: "arn:aws:application-autoscaling:us-east-1:111122223333:scalable-target/0ec5a1b2c3d4e5f60718293a4b5c6d7e8f90",
		actions: []string{
			"application-autoscaling:RegisterScalableTarget", "application-autoscaling:DeregisterScalableTarget",
			"application-autoscaling:ListTagsForResource", "application-autoscaling:TagResource", "application-autoscaling:UntagResource",
		},
	}, {
		on:      "*",
		actions: []string{"application-autoscaling:DescribeScalableTargets"},
	}, {
		// AWS makes the role that it scales as in the provider's name, if the account does not have it yet.
		on: "arn:aws:iam::111122223333:role/aws-service-role/lambda.application-autoscaling.amazonaws.com/" +
			"AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency",
		actions: []string{"iam:CreateServiceLinkedRole"},
	}},
	"Topic.sns": {{
		on: "arn:aws:sns:us-east-1:111122223333:{name}",
		actions: []string{
			"sns:CreateTopic", "sns:GetTopicAttributes", "sns:SetTopicAttributes", "sns:DeleteTopic",
			"sns:ListTagsForResource", "sns:TagResource", "sns:UntagResource",
		},
	}},
	"TopicPolicy.sns": {{
		on:      "arn:aws:sns:us-east-1:111122223333:{arn}",
		actions: []string{"sns:SetTopicAttributes", "sns:GetTopicAttributes"},
	}},
	"TopicSubscription.sns": {{
		on:      "arn:aws:sns:us-east-1:111122223333:{topicArn}",
		actions: []string{"sns:Subscribe"},
	}, {
		on:      "*",
		actions: []string{"sns:GetSubscriptionAttributes", "sns:Unsubscribe"},
	}},
}
