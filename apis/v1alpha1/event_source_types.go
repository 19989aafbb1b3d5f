package v1alpha1

import (
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// An EventSource is what calls the live alias by itself: a queue, a stream, a rule of an event bus, or a schedule. It has one of
// these, and keeps it.
// +kubebuilder:validation:XValidation:rule="[has(self.sqs), has(self.kinesis), has(self.dynamodb), has(self.rule), has(self.schedule)].filter(x, x).size() == 1",message="a source is one of sqs, kinesis, dynamodb, rule and schedule",messageExpression=`'"%s" has %s, and a source has exactly one of sqs, kinesis, dynamodb, rule and schedule; give each a source of its own'.format([self.name, [has(self.sqs) ? 'sqs' : "", has(self.kinesis) ? 'kinesis' : "", has(self.dynamodb) ? 'dynamodb' : "", has(self.rule) ? 'rule' : "", has(self.schedule) ? 'schedule' : ""].filter(k, k != "")])`
// +kubebuilder:validation:XValidation:rule="has(self.sqs) == has(oldSelf.sqs) && has(self.kinesis) == has(oldSelf.kinesis) && has(self.dynamodb) == has(oldSelf.dynamodb) && has(self.rule) == has(oldSelf.rule) && has(self.schedule) == has(oldSelf.schedule)",message="a source stays of its kind: take this one out, and add the other under another name",messageExpression=`'"%s" becomes %s, and a source stays of its kind; take this one out, and add the other under another name'.format([self.name, [has(self.sqs) ? 'sqs' : "", has(self.kinesis) ? 'kinesis' : "", has(self.dynamodb) ? 'dynamodb' : "", has(self.rule) ? 'rule' : "", has(self.schedule) ? 'schedule' : ""].filter(k, k != "")])`
type EventSource struct {
	// Name of the source, one of its own in the claim.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')`,message="must be lower-case letters, digits and hyphens, and begin and end with a letter or a digit: to-book"
	Name string `json:"name"`

	// SQS is a queue, whose messages Lambda hands over in batches.
	SQS *QueueSource `json:"sqs,omitempty"`

	// Kinesis is a data stream, whose records Lambda hands over in batches, in order in each shard.
	Kinesis *KinesisSource `json:"kinesis,omitempty"`

	// DynamoDB is the stream of a table, whose changes Lambda hands over in batches, in order for each key.
	DynamoDB *DynamoDBSource `json:"dynamodb,omitempty"`

	// Rule of an EventBridge bus, which hands over each event that it matches.
	Rule *RuleSource `json:"rule,omitempty"`

	// Schedule by which EventBridge calls.
	Schedule *ScheduleSource `json:"schedule,omitempty"`
}

// A QueueSource is an SQS queue that Lambda reads. Its visibility timeout is not shorter than service.timeoutSeconds, or AWS
// refuses it; six times as long is what AWS recommends.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html.
// +kubebuilder:validation:XValidation:rule="!self.queueArn.endsWith('.fifo') || self.batchSize <= 10 && self.maximumBatchingWindowSeconds == 0",message="Lambda takes at most 10 messages at once from a FIFO queue, and does not wait for more: leave maximumBatchingWindowSeconds at 0",messageExpression=`'%d with maximumBatchingWindowSeconds %d is not allowed: Lambda takes at most 10 messages at once from a FIFO queue, and does not wait for more; write at most 10, and 0'.format([self.batchSize, self.maximumBatchingWindowSeconds])`,fieldPath=".batchSize"
// +kubebuilder:validation:XValidation:rule="self.batchSize <= 10 || self.maximumBatchingWindowSeconds >= 1",message="for more than 10 messages at once maximumBatchingWindowSeconds is 1 at least",messageExpression=`'%d messages at once need maximumBatchingWindowSeconds of at least 1; set it, or write at most 10'.format([self.batchSize])`,fieldPath=".batchSize"
type QueueSource struct {
	Reporting `json:",inline"`

	// QueueARN of the queue, in the pipeline's region. Immutable: another queue is another source.
	// +kubebuilder:validation:MaxLength=140
	// +kubebuilder:validation:XValidation:rule=`self.matches('^arn:aws[a-z-]*:sqs:[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:[A-Za-z0-9_-]+([.]fifo)?$')`,message="must be the ARN of an SQS queue, not its URL or name, such as arn:aws:sqs:us-east-1:111122223333:payments"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a source keeps its queue: add the other queue under another name"
	QueueARN string `json:"queueArn"`

	// BatchSize is how many messages a call has at most.
	// +kubebuilder:default=10
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10000
	BatchSize int32 `json:"batchSize,omitempty"`

	// MaximumBatchingWindowSeconds is how long Lambda waits for a batch to become full, in seconds.
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=300
	// +optional
	MaximumBatchingWindowSeconds int32 `json:"maximumBatchingWindowSeconds"`

	// MaximumConcurrency is how many calls this queue has under way at most.
	// +kubebuilder:default=1000
	// +kubebuilder:validation:Minimum=2
	// +kubebuilder:validation:Maximum=1000
	MaximumConcurrency int32 `json:"maximumConcurrency,omitempty"`
}

// Reporting is how the service tells what of a batch it has not done.
type Reporting struct {
	// ReportBatchItemFailures lets the service name the items of a batch that have failed. Only these come again. A service that names
	// none has done all. It is not turned off again.
	// +kubebuilder:default=false
	// +kubebuilder:validation:XValidation:rule="self || !oldSelf",message="this is not turned off again: take the source out, and add it under another name"
	// +optional
	ReportBatchItemFailures bool `json:"reportBatchItemFailures"`
}

// A KinesisSource is a data stream that Lambda reads.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html.
type KinesisSource struct {
	StreamReading `json:",inline"`

	// StreamARN of the data stream, in the pipeline's region. Immutable: another stream is another source.
	// +kubebuilder:validation:MaxLength=200
	// +kubebuilder:validation:XValidation:rule=`self.matches('^arn:aws[a-z-]*:kinesis:[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:stream/[A-Za-z0-9_.-]+$')`,message="must be the ARN of a Kinesis data stream, such as arn:aws:kinesis:us-east-1:111122223333:stream/payments"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a source keeps its stream: add the other stream under another name"
	StreamARN string `json:"streamArn"`
}

// A DynamoDBSource is the stream of a table that Lambda reads.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html.
type DynamoDBSource struct {
	StreamReading `json:",inline"`

	// StreamARN of the table's stream, in the pipeline's region: the table's LatestStreamArn. Immutable: another stream is another
	// source.
	// +kubebuilder:validation:MaxLength=360
	// +kubebuilder:validation:XValidation:rule=`self.matches('^arn:aws[a-z-]*:dynamodb:[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:table/[A-Za-z0-9_.-]+/stream/[0-9T:.-]+$')`,message="must be the ARN of a table's stream, which is the table's LatestStreamArn, such as arn:aws:dynamodb:us-east-1:111122223333:table/payments/stream/2026-01-01T00:00:00.000"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a source keeps its stream: add the other stream under another name"
	StreamARN string `json:"streamArn"`
}

// A StreamReading is how Lambda reads a stream.
// +kubebuilder:validation:XValidation:rule="has(self.onFailureArn) && size(self.onFailureArn) > 0 || !has(oldSelf.onFailureArn) || size(oldSelf.onFailureArn) == 0",message="it may be another one, and is not taken away again",messageExpression=`'"' + oldSelf.onFailureArn + '" may become another one, and is not taken away again; name a queue or topic'`,fieldPath=".onFailureArn"
type StreamReading struct {
	Reporting `json:",inline"`

	// StartingPosition of the first read: Latest is what comes from then on, TrimHorizon all that the stream still has. Immutable:
	// Lambda keeps its place in the stream.
	// +kubebuilder:validation:Enum=Latest;TrimHorizon
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a source keeps its place in the stream: to read it from elsewhere, add it under another name once this one is gone"
	StartingPosition StartingPosition `json:"startingPosition"`

	// BatchSize is how many records a call has at most.
	// +kubebuilder:default=100
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10000
	BatchSize int32 `json:"batchSize,omitempty"`

	// MaximumBatchingWindowSeconds is how long Lambda waits for a batch to become full, in seconds.
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=300
	// +optional
	MaximumBatchingWindowSeconds int32 `json:"maximumBatchingWindowSeconds"`

	// ParallelizationFactor is how many batches of a shard are under way at once.
	// +kubebuilder:default=1
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10
	ParallelizationFactor int32 `json:"parallelizationFactor,omitempty"`

	// BisectBatchOnFunctionError splits a batch that has failed, and tries both halves.
	// +kubebuilder:default=false
	// +optional
	BisectBatchOnFunctionError bool `json:"bisectBatchOnFunctionError"`

	// MaximumRetryAttempts is how often a batch that has failed is tried again. Meanwhile its shard stands still. -1: until its
	// records expire.
	// +kubebuilder:default=-1
	// +kubebuilder:validation:Minimum=-1
	// +kubebuilder:validation:Maximum=10000
	// +optional
	MaximumRetryAttempts int32 `json:"maximumRetryAttempts"`

	// MaximumRecordAgeSeconds is how old a record may become until it is given up, in seconds: 60 at least. -1: until it expires.
	// +kubebuilder:default=-1
	// +kubebuilder:validation:Minimum=-1
	// +kubebuilder:validation:Maximum=604800
	// +kubebuilder:validation:XValidation:rule="self == -1 || self >= 60",message="it is -1, or 60 at least"
	// +optional
	MaximumRecordAgeSeconds int32 `json:"maximumRecordAgeSeconds"`

	// OnFailureARN is a standard queue or topic that is told of each batch that is given up: where its records are in the stream,
	// not what is in them. It may be another one later, and is not taken away again. Empty: nobody is told.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=320
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:(sqs|sns):[a-z]{2}(-gov)?-[a-z]+-[0-9]:[0-9]{12}:[A-Za-z0-9_-]+)?$')`,message="must be the ARN of a standard queue or topic, such as arn:aws:sqs:us-east-1:111122223333:payments-failed"
	OnFailureARN string `json:"onFailureArn,omitempty"`
}

// A StartingPosition is where Lambda begins to read a stream.
type StartingPosition string

// Where Lambda begins to read a stream.
const (
	StartingPositionLatest      StartingPosition = "Latest"
	StartingPositionTrimHorizon StartingPosition = "TrimHorizon"
)

// A RuleSource is a rule of an event bus.
// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html.
type RuleSource struct {
	// EventBusName is the bus, in the pipeline's account and region. Immutable: a rule of another bus is another source.
	// +kubebuilder:default=default
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[/._A-Za-z0-9-]+$')`,message="must be the name of an event bus, not its ARN, such as default"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a rule stays on its bus: add one of the other bus under another name"
	EventBusName string `json:"eventBusName,omitempty"`

	// EventPattern that events must match, as EventBridge has it. EventBridge takes 2048 characters of it as JSON, and 4096 if AWS
	// has been asked for more.
	// +kubebuilder:pruning:PreserveUnknownFields
	// +kubebuilder:validation:Schemaless
	// +kubebuilder:validation:Type=object
	EventPattern extv1.JSON `json:"eventPattern"`
}

// A ScheduleSource is a schedule of EventBridge's.
// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html.
type ScheduleSource struct {
	// Expression is rate(5 minutes), or cron(0 3 * * ? *) in UTC.
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(rate[(](1 (minute|hour|day)|([2-9]|[1-9][0-9]+) (minutes|hours|days))[)]|cron[(][0-9A-Z*?,/#-]+( [0-9A-Z*?,/#-]+){5}[)])$')`,message="must be a rate, such as rate(1 minute) or rate(5 minutes), or a cron expression with six fields in UTC, such as cron(0 3 * * ? *)"
	// +kubebuilder:validation:XValidation:rule=`!self.matches('^cron[(]([^ ]+ ){5}[^ ]+[)]$') || self.contains('?') || self == oldSelf.orValue("")`,message="must have ? for the day of the month or for the day of the week, as EventBridge takes one of them, such as cron(0 3 * * ? *)",optionalOldSelf=true
	Expression string `json:"expression"`

	// Event that the service gets. Nothing: EventBridge's own, which says when it was due.
	// +kubebuilder:pruning:PreserveUnknownFields
	// +kubebuilder:validation:Schemaless
	// +kubebuilder:validation:Type=object
	Event *extv1.JSON `json:"event,omitempty"`
}
