package claim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// What EventBridge takes, in characters: PutRule, PutTargets.
const (
	maxEventPattern = 4096
	maxTargetInput  = 8192
	maxRuleName     = 64
)

// checkEventSources reports what AWS refuses of sources: queues and streams of another region, which Lambda does not read, the same
// one twice, and what EventBridge does not take.
func checkEventSources(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var refused refusal.List
	read := map[string]bool{}
	for i, s := range spec.Service.EventSources {
		at := field.NewPath("spec", "service", "eventSources").Index(i)
		refused = append(refused, checkRuleName(at.Child("name"), s, spec.EnvironmentSuffix)...)
		switch {
		case s.SQS != nil:
			refused = append(refused, checkSourceARN(at.Child("sqs", "queueArn"), s.SQS.QueueARN, spec.Region, read)...)
		case s.Kinesis != nil:
			refused = append(refused, checkStream(at.Child("kinesis"), s.Kinesis.StreamARN, s.Kinesis.StreamReading, spec.Region, read)...)
		case s.DynamoDB != nil:
			refused = append(refused, checkStream(at.Child("dynamodb"), s.DynamoDB.StreamARN, s.DynamoDB.StreamReading, spec.Region, read)...)
		case s.Rule != nil:
			refused = append(refused, checkPattern(at.Child("rule", "eventPattern"), s.Rule.EventPattern)...)
		case s.Schedule != nil && s.Schedule.Event != nil:
			refused = append(refused, checkJSON(at.Child("schedule", "event"), *s.Schedule.Event, maxTargetInput)...)
		}
	}
	return refused
}

// EventRuleName is the name in AWS of the rule of a source. A dot is in neither of its parts, so no two sources of an account come
// to the same.
func EventRuleName(s v1alpha1.EventSource, suffix string) string {
	return "payment-event-" + s.Name + "." + suffix
}

// checkRuleName reports a source whose rule has too long a name: that has the source's and the suffix in it.
func checkRuleName(at *field.Path, s v1alpha1.EventSource, suffix string) refusal.List {
	tooLong := len(EventRuleName(s, suffix)) - maxRuleName
	if s.Rule == nil && s.Schedule == nil || tooLong <= 0 {
		return nil
	}
	return refusal.List{byAWS(at, s.Name, fmt.Sprintf(
		"with this environmentSuffix it may be at most %d characters: EventBridge takes rules' names of %d",
		len(s.Name)-tooLong, maxRuleName))}
}

func checkStream(at *field.Path, arn string, r v1alpha1.StreamReading, region string, read map[string]bool) refusal.List {
	refused := checkSourceARN(at.Child("streamArn"), arn, region, read)
	if here := "arn:" + partition(region) + ":"; r.OnFailureARN != "" && !strings.HasPrefix(r.OnFailureARN, here) {
		refused = append(refused, elsewhere(at.Child("onFailureArn"), r.OnFailureARN, "partition "+partition(region)))
	}
	return refused
}

// checkSourceARN of a queue or a stream. Those that are read already are remembered: Lambda reads each once for an alias.
func checkSourceARN(at *field.Path, arn, region string, read map[string]bool) refusal.List {
	if !isIn(arn, region) {
		return refusal.List{elsewhere(at, arn, "region "+region)}
	}
	if read[arn] {
		return refusal.List{{Field: at.String(), Problem: field.ErrorTypeDuplicate, Value: refusal.Show(arn), Rule: refusal.AWS}}
	}
	read[arn] = true
	return nil
}

// checkJSON reports what EventBridge would not take, or not get as it is.
func checkJSON(at *field.Path, j extv1.JSON, most int) refusal.List {
	var value any
	if err := json.Unmarshal(j.Raw, &value); err != nil {
		return refusal.List{internal(at, err)}
	}
	if refused := checkNumbers(at, value); refused != nil {
		return refused
	}
	if n := utf8.RuneCountInString(CompactJSON(j)); n > most {
		return refusal.List{byAWS(at, n, fmt.Sprintf("EventBridge takes at most %d characters", most))}
	}
	return nil
}

// checkPattern reports what EventBridge's own compiler refuses of most patterns that are wrong: whatever is matched is in a list. It looks for
// that only in a pattern that is short enough: of another, each leaf would have a path as long as the pattern.
// See parseObject in https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/JsonRuleCompiler.java.
func checkPattern(at *field.Path, j extv1.JSON) refusal.List {
	if refused := checkJSON(at, j, maxEventPattern); refused != nil {
		return refused
	}
	var value map[string]any
	if err := json.Unmarshal(j.Raw, &value); err != nil {
		return refusal.List{internal(at, err)}
	}
	return unmatchable(at, value)
}

func unmatchable(at *field.Path, pattern map[string]any) refusal.List {
	if len(pattern) == 0 {
		return refusal.List{byAWS(at, pattern, "EventBridge takes no pattern that says nothing")}
	}
	var refused refusal.List
	for _, name := range slices.Sorted(maps.Keys(pattern)) {
		switch v := pattern[name].(type) {
		case map[string]any:
			refused = append(refused, unmatchable(at.Child(name), v)...)
		case []any:
			if len(v) == 0 {
				refused = append(refused, byAWS(at.Child(name), v, "EventBridge takes no empty lists in a pattern"))
			}
		default:
			r := byAWS(at.Child(name), v, "EventBridge takes a list of what may be there")
			r.Next = "write [" + refusal.Show(v) + "]"
			refused = append(refused, r)
		}
	}
	return refused
}

// CompactJSON is a JSON value with sorted keys and without space between its parts, which is how the provider compares event
// patterns.
func CompactJSON(j extv1.JSON) string {
	var value any
	var b strings.Builder
	e := json.NewEncoder(&b)
	// The provider has these characters as they are.
	e.SetEscapeHTML(false)
	if err := json.Unmarshal(j.Raw, &value); err != nil {
		return string(j.Raw)
	}
	if err := e.Encode(value); err != nil {
		return string(j.Raw)
	}
	return strings.TrimSpace(b.String())
}

// arnsOf a source are those that the functions' policy has of it.
func arnsOf(s v1alpha1.EventSource) []string {
	switch {
	case s.SQS != nil:
		return []string{s.SQS.QueueARN}
	case s.Kinesis != nil:
		return []string{s.Kinesis.StreamARN, s.Kinesis.OnFailureARN}
	case s.DynamoDB != nil:
		return []string{s.DynamoDB.StreamARN, s.DynamoDB.OnFailureARN}
	default:
		return nil
	}
}
