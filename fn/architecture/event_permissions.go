package architecture

import (
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// sourceStatements let Lambda read the sources in the name of the functions' role, and tell of what it gives up. AWS's own
// policies for that are for all queues and streams there are.
// See https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html.
func (p Pipeline) sourceStatements() []iam.Statement {
	var queues, streams, tables, told []string
	for _, s := range p.Spec.Service.EventSources {
		switch {
		case s.SQS != nil:
			queues = append(queues, s.SQS.QueueARN)
		case s.Kinesis != nil:
			streams, told = append(streams, s.Kinesis.StreamARN), append(told, s.Kinesis.OnFailureARN)
		case s.DynamoDB != nil:
			tables, told = append(tables, s.DynamoDB.StreamARN), append(told, s.DynamoDB.OnFailureARN)
		}
	}
	statements := []iam.Statement{
		iam.Allow("ReadQueues", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage").On(queues...),
		iam.Allow("ReadStreams", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards").On(streams...),
		iam.Allow("ReadTableStreams", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator").On(tables...),
		iam.Allow("TellQueues", "sqs:SendMessage").On(only(":sqs:", told)...),
		iam.Allow("TellTopics", "sns:Publish").On(only(":sns:", told)...),
	}
	// Lambda asks for lists of streams too, for which IAM knows no resource.
	if len(streams) > 0 {
		statements = append(statements, iam.Allow("ListStreams", "kinesis:ListStreams").On("*"))
	}
	if len(tables) > 0 {
		statements = append(statements, iam.Allow("ListTableStreams", "dynamodb:ListStreams").On("*"))
	}
	return slices.DeleteFunc(statements, func(s iam.Statement) bool { return len(s.Resource) == 0 })
}

// only the ARNs of a service, each once: sources may have the same.
func only(service string, arns []string) []string {
	of := slices.DeleteFunc(slices.Clone(arns), func(arn string) bool { return !strings.Contains(arn, service) })
	slices.Sort(of)
	return slices.Compact(of)
}
