package claim

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestEventSourceRules checks what the schema refuses of event sources and of the URL.
func TestEventSourceRules(t *testing.T) {
	const (
		queue  = `queueArn: "arn:aws:sqs:us-east-1:111122223333:a"`
		fifo   = `queueArn: "arn:aws:sqs:us-east-1:111122223333:a.fifo"`
		stream = `streamArn: "arn:aws:kinesis:us-east-1:111122223333:stream/a"`
	)
	cases := map[string]struct {
		reason  string
		service string
		want    []string
	}{
		"Smallest": {reason: "A queue needs nothing else.", service: `{eventSources: [{name: a, sqs: {` + queue + `}}]}`},
		"AtItsLimits": {
			reason:  "Batches of a queue may be large if Lambda may wait for them.",
			service: `{eventSources: [{name: a, sqs: {` + queue + `, batchSize: 10000, maximumBatchingWindowSeconds: 1}}, {name: b, sqs: {` + fifo + `, batchSize: 10}}]}`,
		},
		"Nothing": {
			reason:  "A source is something.",
			service: `{eventSources: [{name: a}]}`,
			want:    []string{`spec.service.eventSources[0]: Invalid value: "a" has [], and a source has exactly one of sqs, kinesis, dynamodb, rule and schedule; give each a source of its own`},
		},
		"Two": {
			reason:  "A source is one thing.",
			service: `{eventSources: [{name: a, rule: {eventPattern: {source: [a]}}, schedule: {expression: rate(1 day)}}]}`,
			want:    []string{`spec.service.eventSources[0]: Invalid value: "a" has ["rule", "schedule"], and a source has exactly one of sqs, kinesis, dynamodb, rule and schedule; give each a source of its own`},
		},
		"SameName": {
			reason:  "Resources are named after it.",
			service: `{eventSources: [{name: a, schedule: {expression: rate(1 day)}}, {name: a, schedule: {expression: rate(2 days)}}]}`,
			want:    []string{`spec.service.eventSources[1]: Duplicate value: {"name":"a","schedule":{"expression":"rate(2 days)"}}`},
		},
		"LargeBatchAtOnce": {
			reason:  "AWS wants a window for more than 10 messages.",
			service: `{eventSources: [{name: a, sqs: {` + queue + `, batchSize: 11}}]}`,
			want:    []string{"spec.service.eventSources[0].sqs.batchSize: Invalid value: 11 messages at once need maximumBatchingWindowSeconds of at least 1; set it, or write at most 10"},
		},
		"LargeBatchOfFIFO": {
			reason:  "FIFO queues have no window.",
			service: `{eventSources: [{name: a, sqs: {` + fifo + `, batchSize: 11, maximumBatchingWindowSeconds: 1}}]}`,
			want:    []string{"spec.service.eventSources[0].sqs.batchSize: Invalid value: 11 with maximumBatchingWindowSeconds 1 is not allowed: Lambda takes at most 10 messages at once from a FIFO queue, and does not wait for more; write at most 10, and 0"},
		},
		"NoPlaceInAStream": {
			reason:  "Nobody is to read a stream from a place by chance.",
			service: `{eventSources: [{name: a, kinesis: {` + stream + `}}]}`,
			want:    []string{`spec.service.eventSources[0].kinesis.startingPosition: Required value`},
		},
		"YoungRecords": {
			reason:  "Lambda gives records a minute at least.",
			service: `{eventSources: [{name: a, kinesis: {` + stream + `, startingPosition: Latest, maximumRecordAgeSeconds: 59}}]}`,
			want:    []string{`spec.service.eventSources[0].kinesis.maximumRecordAgeSeconds: Invalid value: 59: it is -1, or 60 at least`},
		},
		"OneMinutes": {
			reason:  "EventBridge knows one minute, and two minutes.",
			service: `{eventSources: [{name: a, schedule: {expression: rate(1 minutes)}}]}`,
			want:    []string{`spec.service.eventSources[0].schedule.expression: Invalid value: "rate(1 minutes)": must be a rate, such as rate(1 minute) or rate(5 minutes), or a cron expression with six fields in UTC, such as cron(0 3 * * ? *)`},
		},
		"PublicURL": {
			reason:  "Nobody calls unknown.",
			service: `{functionUrl: {authType: NONE}}`,
			want:    []string{`spec.service.functionUrl.authType: Invalid value: unknown field, known are: cors, invokeMode`},
		},
		"HeaderInCapitals": {
			reason:  "AWS keeps headers in lower case, and the provider would write them for ever.",
			service: `{functionUrl: {cors: {allowOrigins: ["*"], allowHeaders: [Content-Type]}}}`,
			want:    []string{`spec.service.functionUrl.cors.allowHeaders[0]: Invalid value: "Content-Type": must be the name of a header in lower case, such as content-type, or *`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, `{spec: {environmentSuffix: a, source: {owner: o, repository: r}, service: `+tc.service+`}}`))
			var got []string
			for _, err := range errs {
				got = append(got, err.Error())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestCheckEventSources checks what AWS refuses, of which no schema knows.
func TestCheckEventSources(t *testing.T) {
	queue := func(arn string) v1alpha1.EventSource {
		return v1alpha1.EventSource{SQS: &v1alpha1.QueueSource{QueueARN: arn}}
	}
	stream := func(arn, onFailure string) v1alpha1.EventSource {
		return v1alpha1.EventSource{Kinesis: &v1alpha1.KinesisSource{StreamARN: arn, StreamReading: v1alpha1.StreamReading{OnFailureARN: onFailure}}}
	}
	table := func(arn string) v1alpha1.EventSource {
		return v1alpha1.EventSource{DynamoDB: &v1alpha1.DynamoDBSource{StreamARN: arn}}
	}
	text := func(s string) extv1.JSON { return extv1.JSON{Raw: json.RawMessage(s)} }
	rule := func(pattern string) v1alpha1.EventSource {
		return v1alpha1.EventSource{Rule: &v1alpha1.RuleSource{EventPattern: text(pattern)}}
	}
	schedule := func(event string) v1alpha1.EventSource {
		return v1alpha1.EventSource{Schedule: &v1alpha1.ScheduleSource{Event: new(text(event))}}
	}
	long := func(n int) string { return `{"a":["` + strings.Repeat("é", n-len(`{"a":[""]}`)) + `"]}` }
	const at = "spec.service.eventSources[0]."
	cases := map[string]struct {
		reason  string
		suffix  string
		sources []v1alpha1.EventSource
		want    []string
	}{
		"Fine": {
			reason: "All of it is in the region, and nothing twice.",
			sources: []v1alpha1.EventSource{
				queue("arn:aws:sqs:us-east-1:111122223333:a"), queue("arn:aws:sqs:us-east-1:444455556666:a"),
				stream("arn:aws:kinesis:us-east-1:111122223333:stream/a", "arn:aws:sqs:us-east-1:111122223333:failed"),
				table("arn:aws:dynamodb:us-east-1:111122223333:table/a/stream/1"), rule(long(4096)), schedule(long(8192)),
				{Schedule: &v1alpha1.ScheduleSource{}},
			},
		},
		"OtherRegion": {
			reason: "Lambda reads what is in its region.",
			sources: []v1alpha1.EventSource{
				queue("arn:aws:sqs:us-east-2:111122223333:a"), stream("arn:aws:kinesis:eu-west-1:111122223333:stream/a", ""), table("arn:aws:dynamodb:us-west-2:111122223333:table/a/stream/1"),
			},
			want: []string{
				notHere(at+"sqs.queueArn", "arn:aws:sqs:us-east-2:111122223333:a", "region us-east-1"),
				notHere("spec.service.eventSources[1].kinesis.streamArn", "arn:aws:kinesis:eu-west-1:111122223333:stream/a", "region us-east-1"),
				notHere("spec.service.eventSources[2].dynamodb.streamArn", "arn:aws:dynamodb:us-west-2:111122223333:table/a/stream/1", "region us-east-1"),
			},
		},
		"OtherPartition": {
			reason:  "Nobody is told in another partition.",
			sources: []v1alpha1.EventSource{stream("arn:aws:kinesis:us-east-1:111122223333:stream/a", "arn:aws-cn:sqs:cn-north-1:111122223333:a")},
			want:    []string{notHere(at+"kinesis.onFailureArn", "arn:aws-cn:sqs:cn-north-1:111122223333:a", "partition aws")},
		},
		"Twice": {
			reason:  "Lambda reads a queue once for an alias.",
			sources: []v1alpha1.EventSource{queue("arn:aws:sqs:us-east-1:111122223333:a"), queue("arn:aws:sqs:us-east-1:111122223333:a")},
			want:    []string{`spec.service.eventSources[1].sqs.queueArn: Duplicate value: "arn:aws:sqs:us-east-1:111122223333:a" (rule of AWS)`},
		},
		"EmptyPattern": {
			reason:  "EventBridge does not take it.",
			sources: []v1alpha1.EventSource{rule(`{}`)},
			want:    []string{ofAWS(at+"rule.eventPattern", "{}", "EventBridge takes no pattern that says nothing")},
		},
		"TextForAList": {
			reason:  "The mistake that everybody makes once.",
			sources: []v1alpha1.EventSource{rule(`{"source": "a", "detail": {"b": 1, "c": []}}`)},
			want: []string{
				"spec.service.eventSources[0].rule.eventPattern.detail.b: Invalid value: 1: EventBridge takes a list of what may be there (rule of AWS); write [1]",
				"spec.service.eventSources[0].rule.eventPattern.detail.c: Invalid value: []: EventBridge takes no empty lists in a pattern (rule of AWS)",
				`spec.service.eventSources[0].rule.eventPattern.source: Invalid value: "a": EventBridge takes a list of what may be there (rule of AWS); write ["a"]`,
			},
		},
		"TooLong": {
			reason:  "EventBridge has limits.",
			sources: []v1alpha1.EventSource{rule(long(4097)), schedule(long(8193))},
			want: []string{
				ofAWS(at+"rule.eventPattern", "4097", "EventBridge takes at most 4096 characters"),
				ofAWS("spec.service.eventSources[1].schedule.event", "8193", "EventBridge takes at most 8192 characters"),
			},
		},
		"LongNames": {
			reason: "A name that is too long for a rule is not for a queue, which has none.",
			suffix: strings.Repeat("s", 24),
			sources: []v1alpha1.EventSource{
				{Name: strings.Repeat("n", 25), Schedule: &v1alpha1.ScheduleSource{}},
				{Name: strings.Repeat("n", 26), Schedule: &v1alpha1.ScheduleSource{}},
				{Name: strings.Repeat("n", 32), Rule: &v1alpha1.RuleSource{EventPattern: text(`{"a": [1]}`)}},
				{Name: strings.Repeat("n", 32), SQS: &v1alpha1.QueueSource{QueueARN: "arn:aws:sqs:us-east-1:111122223333:a"}},
			},
			want: []string{
				ofAWS("spec.service.eventSources[1].name", `"`+strings.Repeat("n", 26)+`"`, "with this environmentSuffix it may be at most 25 characters: EventBridge takes rules' names of 64"),
				ofAWS("spec.service.eventSources[2].name", `"`+strings.Repeat("n", 32)+`"`, "with this environmentSuffix it may be at most 25 characters: EventBridge takes rules' names of 64"),
			},
		},
		"Inexact": {
			reason:  "A number must arrive as it is.",
			sources: []v1alpha1.EventSource{schedule(`{"a": 9007199254740993}`)},
			want:    []string{ofAWS(at+"schedule.event", "9.007199254740992e+15", "numbers beyond 9007199254740991 lose digits on the way") + "; write it as text"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := fntest.MinimalSpec()
			spec.Service.EventSources = tc.sources
			if tc.suffix != "" {
				spec.EnvironmentSuffix = tc.suffix
			}
			var got []string
			for _, err := range checkEventSources(spec) {
				got = append(got, err.Error())
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestSourcesAreGrants checks that the ARNs of sources count in the functions' policy.
func TestSourcesAreGrants(t *testing.T) {
	none := grants(v1alpha1.Service{})
	with := grants(v1alpha1.Service{EventSources: []v1alpha1.EventSource{
		{SQS: &v1alpha1.QueueSource{QueueARN: "123456789"}},
		{Kinesis: &v1alpha1.KinesisSource{StreamARN: "123456789", StreamReading: v1alpha1.StreamReading{OnFailureARN: "123456789"}}},
		{DynamoDB: &v1alpha1.DynamoDBSource{StreamARN: "123456789", StreamReading: v1alpha1.StreamReading{OnFailureARN: "123456789"}}},
		{Schedule: &v1alpha1.ScheduleSource{}},
	}})
	if diff := cmp.Diff(5*(9+3), with-none); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
