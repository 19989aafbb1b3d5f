package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/codestarconnections"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// Delete a thing that Holdings has named, as a person does in the console: with what AWS wants to be deleted before it.
func (a *Account) Delete(ctx context.Context, thing string) error {
	kind, name, _ := strings.Cut(thing, " ")
	deletion, ok := deletions[kind]
	if !ok {
		return errors.Errorf("cannot delete a %s", kind)
	}
	return deletion(ctx, a, name)
}

var deletions = map[string]func(ctx context.Context, a *Account, name string) error{
	"Alarm": func(ctx context.Context, a *Account, name string) error {
		_, err := a.CloudWatch.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{name}})
		return err
	},
	"Alias": func(ctx context.Context, a *Account, name string) error {
		function, alias, _ := strings.Cut(name, ":")
		_, err := a.Lambda.DeleteAlias(ctx, &lambda.DeleteAliasInput{FunctionName: &function, Name: &alias})
		return err
	},
	"Application": func(ctx context.Context, a *Account, name string) error {
		_, err := a.CodeDeploy.DeleteApplication(ctx, &codedeploy.DeleteApplicationInput{ApplicationName: &name})
		return err
	},
	"Bucket":     deleteBucket,
	"Connection": deleteConnection,
	"Dashboard": func(ctx context.Context, a *Account, name string) error {
		_, err := a.CloudWatch.DeleteDashboards(ctx, &cloudwatch.DeleteDashboardsInput{DashboardNames: []string{name}})
		return err
	},
	"DeploymentGroup": func(ctx context.Context, a *Account, name string) error {
		app := strings.Replace(name, "-dg-", "-app-", 1)
		_, err := a.CodeDeploy.DeleteDeploymentGroup(ctx, &codedeploy.DeleteDeploymentGroupInput{ApplicationName: &app, DeploymentGroupName: &name})
		return err
	},
	"Function": func(ctx context.Context, a *Account, name string) error {
		_, err := a.Lambda.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: &name})
		return err
	},
	"LogGroup": func(ctx context.Context, a *Account, name string) error {
		_, err := a.Logs.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &name})
		return err
	},
	"Object": func(ctx context.Context, a *Account, name string) error {
		bucket, key, _ := strings.Cut(name, "/")
		_, err := a.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
		return err
	},
	"Pipeline": func(ctx context.Context, a *Account, name string) error {
		_, err := a.CodePipeline.DeletePipeline(ctx, &codepipeline.DeletePipelineInput{Name: &name})
		return err
	},
	"Policy": deletePolicy,
	"Project": func(ctx context.Context, a *Account, name string) error {
		_, err := a.CodeBuild.DeleteProject(ctx, &codebuild.DeleteProjectInput{Name: &name})
		return err
	},
	"Role": deleteRole,
	"Rule": deleteRule,
	"StateMachine": func(ctx context.Context, a *Account, name string) error {
		machines, err := a.StepFunctions.ListStateMachines(ctx, &sfn.ListStateMachinesInput{})
		if err != nil {
			return err
		}
		for _, m := range machines.StateMachines {
			if *m.Name == name {
				_, err = a.StepFunctions.DeleteStateMachine(ctx, &sfn.DeleteStateMachineInput{StateMachineArn: m.StateMachineArn})
			}
		}
		return err
	},
	"Table": func(ctx context.Context, a *Account, name string) error {
		_, err := a.DynamoDB.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &name})
		return err
	},
	"Topic": func(ctx context.Context, a *Account, name string) error {
		topics, err := a.SNS.ListTopics(ctx, &sns.ListTopicsInput{})
		if err != nil {
			return err
		}
		for _, t := range topics.Topics {
			if strings.HasSuffix(*t.TopicArn, ":"+name) {
				_, err = a.SNS.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: t.TopicArn})
			}
		}
		return err
	},
}

func deleteBucket(ctx context.Context, a *Account, name string) error {
	versions, err := a.S3.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &name})
	if err != nil {
		return err
	}
	for _, v := range versions.Versions {
		if _, err := a.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &name, Key: v.Key, VersionId: v.VersionId}); err != nil {
			return err
		}
	}
	for _, m := range versions.DeleteMarkers {
		if _, err := a.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &name, Key: m.Key, VersionId: m.VersionId}); err != nil {
			return err
		}
	}
	_, err = a.S3.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &name})
	return err
}

func deleteConnection(ctx context.Context, a *Account, name string) error {
	connections, err := a.Connections.ListConnections(ctx, &codestarconnections.ListConnectionsInput{})
	if err != nil {
		return err
	}
	for _, c := range connections.Connections {
		if *c.ConnectionName == name {
			_, err = a.Connections.DeleteConnection(ctx, &codestarconnections.DeleteConnectionInput{ConnectionArn: c.ConnectionArn})
		}
	}
	return err
}

func deleteRole(ctx context.Context, a *Account, name string) error {
	attached, err := a.IAM.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &name})
	if err != nil {
		return err
	}
	for _, p := range attached.AttachedPolicies {
		if _, err := a.IAM.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &name, PolicyArn: p.PolicyArn}); err != nil {
			return err
		}
	}
	_, err = a.IAM.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &name})
	return err
}

func deletePolicy(ctx context.Context, a *Account, name string) error {
	policies, err := a.IAM.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})
	if err != nil {
		return err
	}
	for _, p := range policies.Policies {
		if *p.PolicyName == name {
			_, err = a.IAM.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: p.Arn})
		}
	}
	return err
}

func deleteRule(ctx context.Context, a *Account, name string) error {
	targets, err := a.EventBridge.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: aws.String(name)})
	if err != nil {
		return err
	}
	ids := []string{}
	for _, t := range targets.Targets {
		ids = append(ids, *t.Id)
	}
	if _, err := a.EventBridge.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: &name, Ids: ids}); err != nil {
		return err
	}
	_, err = a.EventBridge.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: &name})
	return err
}
