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
)

// What EventBridge takes, in characters: PutRule, PutTargets.
const (
	maxEventPattern = 4096
	maxTargetInput  = 8192
	maxRuleName     = 64
)

// checkEventSources reports what AWS refuses of sources: queues and streams of another region, which Lambda does not read, the same
// one twice, and what EventBridge does not take.
func checkEventSources(spec v1alpha1.PaymentDeliveryPipelineSpec) field.ErrorList {
	var errs field.ErrorList
	read := map[string]bool{}
	for i, s := range spec.Service.EventSources {
		at := field.NewPath("spec", "service", "eventSources").Index(i)
		errs = append(errs, checkRuleName(at.Child("name"), s, spec.EnvironmentSuffix)...)
		switch {
		case s.SQS != nil:
			errs = append(errs, checkSourceARN(at.Child("sqs", "queueArn"), s.SQS.QueueARN, spec.Region, read)...)
		case s.Kinesis != nil:
			errs = append(errs, checkStream(at.Child("kinesis"), s.Kinesis.StreamARN, s.Kinesis.StreamReading, spec.Region, read)...)
		case s.DynamoDB != nil:
			errs = append(errs, checkStream(at.Child("dynamodb"), s.DynamoDB.StreamARN, s.DynamoDB.StreamReading, spec.Region, read)...)
		case s.Rule != nil:
			errs = append(errs, checkJSON(at.Child("rule", "eventPattern"), s.Rule.EventPattern, maxEventPattern)...)
			errs = append(errs, checkPattern(at.Child("rule", "eventPattern"), s.Rule.EventPattern)...)
		case s.Schedule != nil && s.Schedule.Event != nil:
			errs = append(errs, checkJSON(at.Child("schedule", "event"), *s.Schedule.Event, maxTargetInput)...)
		}
	}
	return errs
}

// EventRuleName is the name in AWS of the rule of a source. A dot is in neither of its parts, so no two sources of an account come
// to the same.
func EventRuleName(s v1alpha1.EventSource, suffix string) string {
	return "payment-event-" + s.Name + "." + suffix
}

// checkRuleName reports a source whose rule has too long a name: that has the source's and the suffix in it.
func checkRuleName(at *field.Path, s v1alpha1.EventSource, suffix string) field.ErrorList {
	tooLong := len(EventRuleName(s, suffix)) - maxRuleName
	if s.Rule == nil && s.Schedule == nil || tooLong <= 0 {
		return nil
	}
	return field.ErrorList{field.Forbidden(at, fmt.Sprintf(
		"with this environmentSuffix it may be at most %d characters, not %q: EventBridge takes rules' names of %d",
		len(s.Name)-tooLong, s.Name, maxRuleName))}
}

func checkStream(at *field.Path, arn string, r v1alpha1.StreamReading, region string, read map[string]bool) field.ErrorList {
	errs := checkSourceARN(at.Child("streamArn"), arn, region, read)
	if here := "arn:" + partition(region) + ":"; r.OnFailureARN != "" && !strings.HasPrefix(r.OnFailureARN, here) {
		errs = append(errs, elsewhereAt(at.Child("onFailureArn"), r.OnFailureARN, "partition "+partition(region)))
	}
	return errs
}

// checkSourceARN of a queue or a stream. Those that are read already are remembered: Lambda reads each once for an alias.
func checkSourceARN(at *field.Path, arn, region string, read map[string]bool) field.ErrorList {
	if !isIn(arn, region) {
		return field.ErrorList{elsewhereAt(at, arn, "region "+region)}
	}
	if read[arn] {
		return field.ErrorList{field.Duplicate(at, arn)}
	}
	read[arn] = true
	return nil
}

// checkJSON reports what EventBridge would not take, or not get as it is.
func checkJSON(at *field.Path, j extv1.JSON, most int) field.ErrorList {
	var value any
	if err := json.Unmarshal(j.Raw, &value); err != nil {
		return field.ErrorList{field.InternalError(at, err)}
	}
	if n, found := inexact(value); found {
		return field.ErrorList{field.Forbidden(at, fmt.Sprintf("numbers beyond %d lose digits on the way, so it takes them as text, not %v", maxWhole, n))}
	}
	if n := utf8.RuneCountInString(CompactJSON(j)); n > most {
		return field.ErrorList{field.Forbidden(at, fmt.Sprintf("EventBridge takes %d characters, not %d", most, n))}
	}
	return nil
}

// checkPattern reports what EventBridge's own compiler refuses of most patterns that are wrong: whatever is matched is in a list.
// See parseObject in https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/JsonRuleCompiler.java.
func checkPattern(at *field.Path, j extv1.JSON) field.ErrorList {
	var value map[string]any
	if err := json.Unmarshal(j.Raw, &value); err != nil {
		return field.ErrorList{field.InternalError(at, err)}
	}
	return unmatchable(at, value)
}

func unmatchable(at *field.Path, pattern map[string]any) field.ErrorList {
	if len(pattern) == 0 {
		return field.ErrorList{field.Forbidden(at, "EventBridge takes no pattern that says nothing")}
	}
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(pattern)) {
		switch v := pattern[name].(type) {
		case map[string]any:
			errs = append(errs, unmatchable(at.Child(name), v)...)
		case []any:
			if len(v) == 0 {
				errs = append(errs, field.Forbidden(at.Child(name), "EventBridge takes no empty lists in a pattern"))
			}
		default:
			errs = append(errs, field.Forbidden(at.Child(name), fmt.Sprintf("EventBridge takes a list of what may be there, not %v", v)))
		}
	}
	return errs
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
