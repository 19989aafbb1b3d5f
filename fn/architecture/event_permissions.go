package architecture

import (
	"slices"
	"strings"
)

// sourceStatements let Lambda read the sources in the name of the functions' role, and tell of what it gives up. AWS's own
// policies for that are for all queues and streams there are.
// See https://docs.aws.amazon.com/lambda/latest/dg/permissions-managed-policies.html.
func (p Pipeline) sourceStatements() []statement {
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
	statements := []statement{
		allow("ReadQueues", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage").on(queues...),
		allow("ReadStreams", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards").on(streams...),
		allow("ReadTableStreams", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator").on(tables...),
		allow("TellQueues", "sqs:SendMessage").on(only(":sqs:", told)...),
		allow("TellTopics", "sns:Publish").on(only(":sns:", told)...),
	}
	// Lambda asks for lists of streams too, for which IAM knows no resource.
	if len(streams) > 0 {
		statements = append(statements, allow("ListStreams", "kinesis:ListStreams").on("*"))
	}
	if len(tables) > 0 {
		statements = append(statements, allow("ListTableStreams", "dynamodb:ListStreams").on("*"))
	}
	return slices.DeleteFunc(statements, func(s statement) bool { return len(s.Resource) == 0 })
}

// only the ARNs of a service, each once: sources may have the same.
func only(service string, arns []string) []string {
	of := slices.DeleteFunc(slices.Clone(arns), func(arn string) bool { return !strings.Contains(arn, service) })
	slices.Sort(of)
	return slices.Compact(of)
}
