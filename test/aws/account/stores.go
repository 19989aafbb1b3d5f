package account

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

func findBuckets(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	buckets, err := a.S3.ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		return err
	}
	for _, b := range buckets.Buckets {
		if of.owns(*b.Name) {
			if err := findBucket(ctx, a, b.Name, found); err != nil {
				return err
			}
		}
	}
	return nil
}

// findBucket and what belongs to it. One that is not made yet is an error of AWS's, and reads as nothing.
func findBucket(ctx context.Context, a *Account, name *string, found Holdings) error {
	says := map[string]any{}
	if v, err := a.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: name}); err == nil {
		says["Versioning"] = v
	}
	if v, err := a.S3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: name}); err == nil {
		says["Encryption"] = v
	}
	if v, err := a.S3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: name}); err == nil {
		says["PublicAccessBlock"] = v
	}
	if v, err := a.S3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: name}); err == nil {
		says["OwnershipControls"] = v
	}
	if v, err := a.S3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: name}); err == nil {
		says["Lifecycle"] = v
	}
	if v, err := a.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: name}); err == nil {
		says["Policy"] = v
	}
	if v, err := a.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: name}); err == nil {
		says["Tagging"] = v
	}
	if err := found.add("Bucket", *name, says); err != nil {
		return err
	}
	objects, err := a.S3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: name})
	if err != nil {
		return err
	}
	for _, o := range objects.Contents {
		if err := found.add("Object", *name+"/"+*o.Key, o); err != nil {
			return err
		}
	}
	return nil
}

func findTables(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	tables, err := a.DynamoDB.ListTables(ctx, &dynamodb.ListTablesInput{})
	if err != nil {
		return err
	}
	for _, name := range tables.TableNames {
		if !of.owns(name) {
			continue
		}
		table, err := a.DynamoDB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		if err != nil {
			return err
		}
		backups, err := a.DynamoDB.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
		if err != nil {
			return err
		}
		ttl, err := a.DynamoDB.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
		if err != nil {
			return err
		}
		// Where expiry is off, AWS does not tell of which attribute it was. The emulator does.
		if ttl.TimeToLiveDescription.TimeToLiveStatus == types.TimeToLiveStatusDisabled {
			ttl.TimeToLiveDescription.AttributeName = nil
		}
		tags, err := a.DynamoDB.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: table.Table.TableArn})
		if err != nil {
			return err
		}
		if err := found.add("Table", name, map[string]any{
			"Table": table.Table, "Backups": backups.ContinuousBackupsDescription, "TTL": ttl.TimeToLiveDescription, "Tags": tags.Tags,
		}); err != nil {
			return err
		}
	}
	return nil
}

func findTopics(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	topics, err := a.SNS.ListTopics(ctx, &sns.ListTopicsInput{})
	if err != nil {
		return err
	}
	for _, t := range topics.Topics {
		name := (*t.TopicArn)[strings.LastIndex(*t.TopicArn, ":")+1:]
		if !of.owns(name) {
			continue
		}
		attributes, err := a.SNS.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: t.TopicArn})
		if err != nil {
			return err
		}
		subscriptions, err := a.SNS.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: t.TopicArn})
		if err != nil {
			return err
		}
		endpoints := []string{}
		for _, s := range subscriptions.Subscriptions {
			endpoints = append(endpoints, *s.Endpoint)
		}
		if err := found.add("Topic", name, map[string]any{"Attributes": attributes.Attributes, "Endpoints": endpoints}); err != nil {
			return err
		}
	}
	return nil
}

func findLogGroups(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	groups := cloudwatchlogs.NewDescribeLogGroupsPaginator(a.Logs, &cloudwatchlogs.DescribeLogGroupsInput{})
	for groups.HasMorePages() {
		page, err := groups.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, g := range page.LogGroups {
			if of.owns(*g.LogGroupName) {
				if err := found.add("LogGroup", *g.LogGroupName, g); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func findAlarms(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	alarms, err := a.CloudWatch.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
	if err != nil {
		return err
	}
	for _, alarm := range alarms.MetricAlarms {
		if of.owns(*alarm.AlarmName) {
			if err := found.add("Alarm", *alarm.AlarmName, alarm); err != nil {
				return err
			}
		}
	}
	return nil
}

func findDashboards(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	dashboards, err := a.CloudWatch.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{})
	if err != nil {
		return err
	}
	for _, d := range dashboards.DashboardEntries {
		if !of.owns(*d.DashboardName) {
			continue
		}
		says, err := a.CloudWatch.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: d.DashboardName})
		if err != nil {
			return err
		}
		if err := found.add("Dashboard", *d.DashboardName, says); err != nil {
			return err
		}
	}
	return nil
}
