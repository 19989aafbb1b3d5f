package architecture

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	testStream      = "arn:aws:kinesis:us-east-1:111122223333:stream/ledger"
	testTableStream = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2026-01-31T09:30:00.000"
	testToldTopic   = "arn:aws:sns:us-east-1:111122223333:failed"
	testAlias       = "arn:aws:lambda:us-east-1:111122223333:function:payment-processor-blue-pr-123:live"
)

// calledByItself is a service with one source of each kind, and a URL that others may call.
func calledByItself(p *Pipeline) {
	p.Spec.Service.EventSources = []v1alpha1.EventSource{
		{Name: "queue", SQS: &v1alpha1.QueueSource{QueueARN: testQueue, BatchSize: 10, MaximumConcurrency: 1000, Reporting: v1alpha1.Reporting{ReportBatchItemFailures: true}}},
		{Name: "stream", Kinesis: &v1alpha1.KinesisSource{StreamARN: testStream, StreamReading: reading(v1alpha1.StartingPositionTrimHorizon, testQueue)}},
		{Name: "table", DynamoDB: &v1alpha1.DynamoDBSource{StreamARN: testTableStream, StreamReading: reading(v1alpha1.StartingPositionTrimHorizon, testToldTopic)}},
		{Name: "rule", Rule: &v1alpha1.RuleSource{EventBusName: "bus", EventPattern: jsonOf(`{"source": ["b<>&"], "detail": {"a": [1]}}`)}},
		{Name: "schedule", Schedule: &v1alpha1.ScheduleSource{Expression: "rate(1 hour)"}},
	}
	p.Spec.Service.Invokers = append(p.Spec.Service.Invokers, v1alpha1.Invoker{Name: "ledger", Principal: "444455556666"})
	p.Spec.Service.FunctionURL = &v1alpha1.FunctionURL{InvokeMode: v1alpha1.InvokeModeResponseStream, CORS: &v1alpha1.CORS{AllowOrigins: []string{"*"}}}
}

func reading(from v1alpha1.StartingPosition, onFailure string) v1alpha1.StreamReading {
	return v1alpha1.StreamReading{
		StartingPosition: from, BatchSize: 100, ParallelizationFactor: 1, MaximumRetryAttempts: -1, MaximumRecordAgeSeconds: -1, OnFailureARN: onFailure,
	}
}

func jsonOf(text string) extv1.JSON {
	return extv1.JSON{Raw: json.RawMessage(text)}
}

// withSources is the smallest pipeline with these sources.
func withSources(t *testing.T, sources ...v1alpha1.EventSource) Pipeline {
	t.Helper()
	return newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.EventSources = sources })
}

// TestEventSourceMappings checks what Lambda is told of what it reads: all that it would have otherwise too, as the provider would
// write that into the spec, and nothing that is written there can be taken back.
func TestEventSourceMappings(t *testing.T) {
	cases := map[string]struct {
		reason string
		source v1alpha1.EventSource
		want   lambdav1beta2.EventSourceMappingParameters
	}{
		"Queue": {
			reason: "A batch of a queue is done as a whole, unless the service tells otherwise.",
			source: v1alpha1.EventSource{Name: "x", SQS: &v1alpha1.QueueSource{QueueARN: testQueue, BatchSize: 10, MaximumConcurrency: 1000}},
			want: lambdav1beta2.EventSourceMappingParameters{
				EventSourceArn: new(testQueue), BatchSize: new(10.0), MaximumBatchingWindowInSeconds: new(0.0),
				ScalingConfig: &lambdav1beta2.ScalingConfigParameters{MaximumConcurrency: new(1000.0)},
			},
		},
		"ReportingQueue": {
			reason: "A service may tell what it has not done.",
			source: v1alpha1.EventSource{Name: "x", SQS: &v1alpha1.QueueSource{
				QueueARN: testQueue, BatchSize: 200, MaximumBatchingWindowSeconds: 5, MaximumConcurrency: 2, Reporting: v1alpha1.Reporting{ReportBatchItemFailures: true},
			}},
			want: lambdav1beta2.EventSourceMappingParameters{
				EventSourceArn: new(testQueue), BatchSize: new(200.0), MaximumBatchingWindowInSeconds: new(5.0),
				ScalingConfig:         &lambdav1beta2.ScalingConfigParameters{MaximumConcurrency: new(2.0)},
				FunctionResponseTypes: []*string{new("ReportBatchItemFailures")},
			},
		},
		"DataStream": {
			reason: "A stream is read from a place, and who is told of what is given up may be a queue.",
			source: v1alpha1.EventSource{Name: "x", Kinesis: &v1alpha1.KinesisSource{StreamARN: testStream, StreamReading: v1alpha1.StreamReading{
				StartingPosition: v1alpha1.StartingPositionLatest, BatchSize: 200, MaximumBatchingWindowSeconds: 3, ParallelizationFactor: 4,
				BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0, MaximumRecordAgeSeconds: 60, OnFailureARN: testQueue,
				Reporting: v1alpha1.Reporting{ReportBatchItemFailures: true},
			}}},
			want: lambdav1beta2.EventSourceMappingParameters{
				EventSourceArn: new(testStream), StartingPosition: new("LATEST"), BatchSize: new(200.0), MaximumBatchingWindowInSeconds: new(3.0),
				ParallelizationFactor: new(4.0), BisectBatchOnFunctionError: new(true), MaximumRetryAttempts: new(0.0), MaximumRecordAgeInSeconds: new(60.0),
				DestinationConfig:     &lambdav1beta2.DestinationConfigParameters{OnFailure: &lambdav1beta2.OnFailureParameters{DestinationArn: new(testQueue)}},
				FunctionResponseTypes: []*string{new("ReportBatchItemFailures")},
			},
		},
		"TableStream": {
			reason: "The stream of a table is read as a data stream is.",
			source: v1alpha1.EventSource{Name: "x", DynamoDB: &v1alpha1.DynamoDBSource{StreamARN: testTableStream, StreamReading: reading(v1alpha1.StartingPositionTrimHorizon, "")}},
			want: lambdav1beta2.EventSourceMappingParameters{
				EventSourceArn: new(testTableStream), StartingPosition: new("TRIM_HORIZON"), BatchSize: new(100.0), MaximumBatchingWindowInSeconds: new(0.0),
				ParallelizationFactor: new(1.0), BisectBatchOnFunctionError: new(false), MaximumRetryAttempts: new(-1.0), MaximumRecordAgeInSeconds: new(-1.0),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := buildOne[*lambdav1beta2.EventSourceMapping](t, withSources(t, tc.source), "event-source-x")
			tc.want.Region, tc.want.FunctionName, tc.want.Enabled = new("us-east-1"), new(testAlias), new(true)
			if diff := cmp.Diff(tc.want, got.Spec.ForProvider); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if !slices.Contains(got.Spec.ManagementPolicies, xpv2.ManagementActionLateInitialize) {
				t.Errorf("AWS chooses its name, which is kept with LateInitialize only, got %v", got.Spec.ManagementPolicies)
			}
		})
	}
}

// TestEventRules checks that a rule of each kind calls the alias, that it and no other may, and with what.
func TestEventRules(t *testing.T) {
	cases := map[string]struct {
		reason    string
		source    v1alpha1.EventSource
		rule      cloudwatcheventsv1beta1.RuleParameters
		input     *string
		sourceARN string
	}{
		"Pattern": {
			reason:    "The pattern is written as the provider compares it, and the service gets the event as it is.",
			source:    v1alpha1.EventSource{Name: "x", Rule: &v1alpha1.RuleSource{EventBusName: "default", EventPattern: jsonOf(` {"source": ["a<b>&"],` + "\n" + `"detail": {"n": [{"numeric": [">=", 1.0]}]}}`)}},
			rule:      cloudwatcheventsv1beta1.RuleParameters{EventBusName: new("default"), EventPattern: new(`{"detail":{"n":[{"numeric":[">=",1]}]},"source":["a<b>&"]}`)},
			sourceARN: "arn:aws:events:us-east-1:111122223333:rule/payment-event-x.pr-123",
		},
		"OtherBus": {
			reason:    "The ARN of a rule on another bus has the bus in it.",
			source:    v1alpha1.EventSource{Name: "x", Rule: &v1alpha1.RuleSource{EventBusName: "orders", EventPattern: jsonOf(`{"source":["a"]}`)}},
			rule:      cloudwatcheventsv1beta1.RuleParameters{EventBusName: new("orders"), EventPattern: new(`{"source":["a"]}`)},
			sourceARN: "arn:aws:events:us-east-1:111122223333:rule/orders/payment-event-x.pr-123",
		},
		"Schedule": {
			reason:    "A schedule calls with EventBridge's own event.",
			source:    v1alpha1.EventSource{Name: "x", Schedule: &v1alpha1.ScheduleSource{Expression: "rate(1 day)"}},
			rule:      cloudwatcheventsv1beta1.RuleParameters{EventBusName: new("default"), ScheduleExpression: new("rate(1 day)")},
			sourceARN: "arn:aws:events:us-east-1:111122223333:rule/payment-event-x.pr-123",
		},
		"ScheduleWithEvent": {
			reason:    "A schedule calls with the event that the claim has for it.",
			source:    v1alpha1.EventSource{Name: "x", Schedule: &v1alpha1.ScheduleSource{Expression: "rate(1 day)", Event: new(jsonOf(`{"task": "settle"}`))}},
			rule:      cloudwatcheventsv1beta1.RuleParameters{EventBusName: new("default"), ScheduleExpression: new("rate(1 day)")},
			input:     new(`{"task":"settle"}`),
			sourceARN: "arn:aws:events:us-east-1:111122223333:rule/payment-event-x.pr-123",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := withSources(t, tc.source)
			rule := buildOne[*cloudwatcheventsv1beta1.Rule](t, p, "event-rule-x")
			tc.rule.Region, tc.rule.IsEnabled = new("us-east-1"), new(true)
			tc.rule.Description = new("Calls payment-processor-blue-pr-123:live.")
			if diff := cmp.Diff(tc.rule, rule.Spec.ForProvider); diff != "" {
				t.Errorf("%s\nrule: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff("payment-event-x.pr-123", rule.GetAnnotations()[annotationExternalName]); diff != "" {
				t.Errorf("%s\nname in AWS: -want, +got:\n%s", tc.reason, diff)
			}
			target := cloudwatcheventsv1beta2.TargetParameters{
				Region: new("us-east-1"), EventBusName: tc.rule.EventBusName, RuleRef: &xpv2.Reference{Name: "pr-123.event-rule-x.default"},
				TargetID: new("live"), Arn: new(testAlias), Input: tc.input,
			}
			if diff := cmp.Diff(target, buildOne[*cloudwatcheventsv1beta2.Target](t, p, "event-target-x").Spec.ForProvider); diff != "" {
				t.Errorf("%s\ntarget: -want, +got:\n%s", tc.reason, diff)
			}
			permission := lambdav1beta1.PermissionParameters{
				Region: new("us-east-1"), Action: new("lambda:InvokeFunction"), Principal: new("events.amazonaws.com"), StatementID: new("event_x"),
				FunctionNameRef: &xpv2.Reference{Name: "pr-123.blue-function.default"}, QualifierRef: &xpv2.Reference{Name: "pr-123.live-alias.default"},
				SourceArn: new(tc.sourceARN),
			}
			if diff := cmp.Diff(permission, buildOne[*lambdav1beta1.Permission](t, p, "event-permission-x").Spec.ForProvider); diff != "" {
				t.Errorf("%s\npermission: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestSourcesKeepTheirNames checks that nothing that a source may change makes another resource of it: a stream would be read anew.
func TestSourcesKeepTheirNames(t *testing.T) {
	source := v1alpha1.EventSource{Name: "x", Kinesis: &v1alpha1.KinesisSource{StreamARN: testStream, StreamReading: reading(v1alpha1.StartingPositionTrimHorizon, "")}}
	before := slices.Sorted(maps.Keys(buildAll(withSources(t, source).Resources())))
	source.Kinesis.StreamReading = v1alpha1.StreamReading{
		StartingPosition: v1alpha1.StartingPositionTrimHorizon, BatchSize: 7, MaximumBatchingWindowSeconds: 7, ParallelizationFactor: 7, BisectBatchOnFunctionError: true,
		MaximumRetryAttempts: 7, MaximumRecordAgeSeconds: 77, OnFailureARN: testToldTopic, Reporting: v1alpha1.Reporting{ReportBatchItemFailures: true},
	}
	if diff := cmp.Diff(before, slices.Sorted(maps.Keys(buildAll(withSources(t, source).Resources())))); diff != "" {
		t.Errorf("-before, +after:\n%s", diff)
	}
}

// TestSourcesOfTwoPipelines checks that EventBridge takes the names of rules, and that no two of an account are the same, however names
// and suffixes go together.
func TestSourcesOfTwoPipelines(t *testing.T) {
	named := func(name, suffix string) string {
		p := newTestPipeline(t, func(p *Pipeline) {
			p.Spec.EnvironmentSuffix = suffix
			p.Spec.Service.EventSources = []v1alpha1.EventSource{{Name: name, Schedule: &v1alpha1.ScheduleSource{Expression: "rate(1 day)"}}}
		})
		return buildOne[*cloudwatcheventsv1beta1.Rule](t, p, resource.Name("event-rule-"+name)).GetAnnotations()[annotationExternalName]
	}
	if longest := named(strings.Repeat("x", 32), strings.Repeat("y", 14)); len(longest) > 64 {
		t.Errorf("EventBridge takes 64 characters, %s has %d", longest, len(longest))
	}
	if one, other := named("nightly", "eu-prod"), named("nightly-eu", "prod"); one == other {
		t.Errorf("both are called %s", one)
	}
}

// TestSourceStatements checks that the functions' role may read what the claim names, and nothing else.
func TestSourceStatements(t *testing.T) {
	p := newTestPipeline(t, calledByItself, func(p *Pipeline) {
		// The same queue is told of both.
		p.Spec.Service.EventSources[2].DynamoDB.OnFailureARN = testQueue
	})
	got := statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
	want := map[string]iam.Statement{
		"ReadQueues":       iam.Allow("ReadQueues", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage").On(testQueue),
		"ReadStreams":      iam.Allow("ReadStreams", "kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards").On(testStream),
		"ReadTableStreams": iam.Allow("ReadTableStreams", "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator").On(testTableStream),
		"TellQueues":       iam.Allow("TellQueues", "sqs:SendMessage").On(testQueue),
		"ListStreams":      iam.Allow("ListStreams", "kinesis:ListStreams").On("*"),
		"ListTableStreams": iam.Allow("ListTableStreams", "dynamodb:ListStreams").On("*"),
	}
	none := statementsOf(t, buildOne[*iamv1beta1.Policy](t, newTestPipeline(t), functionPolicy).Spec.ForProvider.Policy)
	maps.DeleteFunc(got, func(sid string, _ iam.Statement) bool { return none[sid].Sid != "" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}

	p.Spec.Service.EventSources[2].DynamoDB.OnFailureARN = testToldTopic
	got = statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, functionPolicy).Spec.ForProvider.Policy)
	if diff := cmp.Diff(iam.Allow("TellTopics", "sns:Publish").On(testToldTopic), got["TellTopics"]); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
