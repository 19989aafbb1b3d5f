package apis

import (
	"fmt"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// TestEventSourcesKeepWhatTheyRead changes what a claim has of event sources, by the API server's own code: what AWS or the provider
// never changes stays, and all else may change.
func TestEventSourcesKeepWhatTheyRead(t *testing.T) {
	props := parse(t, Definition).Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"].Properties["service"].Properties["eventSources"]
	internal := &apiextensions.JSONSchemaProps{}
	if err := extv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&props, internal, nil); err != nil {
		t.Fatal(err)
	}
	structural, err := schema.NewStructural(internal)
	if err != nil {
		t.Fatal(err)
	}
	rules := cel.NewValidator(structural, false, celconfig.PerCallLimit)

	with := func(source map[string]any, changes map[string]any) map[string]any {
		changed := maps.Clone(source)
		maps.Copy(changed, changes)
		return changed
	}
	source := func(kind string, s map[string]any) map[string]any { return map[string]any{"name": "a", kind: s} }
	const queueA, queueB = "arn:aws:sqs:us-east-1:111122223333:a", "arn:aws:sqs:us-east-1:111122223333:b"
	const streamA, streamB = "arn:aws:kinesis:us-east-1:111122223333:stream/a", "arn:aws:kinesis:us-east-1:111122223333:stream/b"
	const table = "arn:aws:dynamodb:us-east-1:111122223333:table/%s/stream/2026-01-01T00:00:00.000"
	queue := map[string]any{"queueArn": queueA, "batchSize": int64(10), "maximumBatchingWindowSeconds": int64(0), "maximumConcurrency": int64(1000), "reportBatchItemFailures": false}
	stream := map[string]any{
		"streamArn": streamA, "startingPosition": "Latest", "batchSize": int64(10), "maximumBatchingWindowSeconds": int64(0), "parallelizationFactor": int64(1), "maximumRetryAttempts": int64(-1),
		"maximumRecordAgeSeconds": int64(-1), "onFailureArn": "", "bisectBatchOnFunctionError": false, "reportBatchItemFailures": false,
	}
	changes := with(stream, map[string]any{"streamArn": fmt.Sprintf(table, "a")})
	told, reporting := with(stream, map[string]any{"onFailureArn": queueA}), map[string]any{"reportBatchItemFailures": true}
	rule := map[string]any{"eventBusName": "a", "eventPattern": map[string]any{"source": []any{"a"}}}
	schedule := map[string]any{"expression": "rate(1 day)"}

	const at = "eventSources[0]"
	cases := map[string]struct {
		reason        string
		before, after map[string]any
		want          []string
	}{
		"QueueSettings":    {"How it is read may change.", source("sqs", queue), source("sqs", with(queue, map[string]any{"batchSize": int64(7), "maximumConcurrency": int64(2), "reportBatchItemFailures": true})), nil},
		"OtherQueue":       {"AWS keeps a mapping's queue.", source("sqs", queue), source("sqs", with(queue, map[string]any{"queueArn": queueB})), []string{at + ".sqs.queueArn"}},
		"ReportingNoMore":  {"Late-initialisation would turn it on again.", source("sqs", with(queue, reporting)), source("sqs", queue), []string{at + ".sqs.reportBatchItemFailures"}},
		"StreamSettings":   {"How it is read may change.", source("kinesis", stream), source("kinesis", with(told, map[string]any{"batchSize": int64(7), "maximumRetryAttempts": int64(3)})), nil},
		"OtherStream":      {"AWS keeps a mapping's stream.", source("kinesis", stream), source("kinesis", with(stream, map[string]any{"streamArn": streamB})), []string{at + ".kinesis.streamArn"}},
		"OtherTable":       {"AWS keeps a mapping's stream.", source("dynamodb", changes), source("dynamodb", with(changes, map[string]any{"streamArn": fmt.Sprintf(table, "b")})), []string{at + ".dynamodb.streamArn"}},
		"OtherPlace":       {"Lambda has its place already.", source("kinesis", stream), source("kinesis", with(stream, map[string]any{"startingPosition": "TrimHorizon"})), []string{at + ".kinesis.startingPosition"}},
		"ToldElsewhere":    {"Another queue may be told.", source("kinesis", told), source("kinesis", with(told, map[string]any{"onFailureArn": queueB})), nil},
		"NotToldAnyMore":   {"The provider would leave it.", source("dynamodb", with(changes, map[string]any{"onFailureArn": queueA})), source("dynamodb", changes), []string{at + ".dynamodb.onFailureArn"}},
		"OtherPattern":     {"A rule may match something else.", source("rule", rule), source("rule", with(rule, map[string]any{"eventPattern": map[string]any{"source": []any{"b"}}})), nil},
		"OtherBus":         {"A rule stays on its bus.", source("rule", rule), source("rule", with(rule, map[string]any{"eventBusName": "b"})), []string{at + ".rule.eventBusName"}},
		"OtherTime":        {"A schedule may change.", source("schedule", schedule), source("schedule", map[string]any{"expression": "rate(2 days)"}), nil},
		"RuleOfASchedule":  {"A source stays of its kind.", source("schedule", schedule), source("rule", rule), []string{at}},
		"StreamOfAQueue":   {"A source stays of its kind.", source("sqs", queue), source("kinesis", stream), []string{at}},
		"TableOfAStream":   {"A source stays of its kind.", source("kinesis", stream), source("dynamodb", changes), []string{at}},
		"UnderAnotherName": {"Another name is another source.", source("sqs", queue), with(source("sqs", with(queue, map[string]any{"queueArn": queueB})), map[string]any{"name": "b"}), nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			errs, _ := rules.Validate(t.Context(), field.NewPath("eventSources"), structural, []any{tc.after}, []any{tc.before}, celconfig.RuntimeCELCostBudget)
			var got []string
			for _, err := range errs {
				got = append(got, err.Field)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: %v\n-want, +got:\n%s", tc.reason, errs.ToAggregate(), diff)
			}
		})
	}
}
