package main

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// A flood is a value of a claim that is wrong in very many places, each with a long path. All teams share the function.

const (
	// maxMessage is how many bytes a condition or a result may have: what is told of refusals, and what is around it.
	maxMessage = 20 << 10

	// maxRefusal is how many bytes an answer that refuses may have: its condition, its result, and what is around them.
	maxRefusal = 64 << 10

	// maxFlood is how many bytes the function may allocate for a claim of 10,000 values, all in all. Most is what the API server's own
	// libraries take to validate them.
	maxFlood = 256 << 20
)

// TestFloods files claims that took gigabytes, and answers of megabytes. It runs alone, as it measures what is allocated.
func TestFloods(t *testing.T) {
	cases := map[string]struct {
		at    string
		value any
		want  string
	}{
		"LongPattern": {
			at: "service.eventSources", value: patternSources(1, nest(flood(1000, 0, 1.0), 300, 900)),
			want: `: spec\.service\.eventSources\[0\]\.rule\.eventPattern: Invalid value: \d+: EventBridge takes at most 4096 characters \(rule of AWS\)$`,
		},
		"DeepPattern": {
			at: "service.eventSources", value: patternSources(1, nest(flood(1, 0, 1.0), 900, 1)),
			want: `EventBridge takes at most 4096 characters \(rule of AWS\)$`,
		},
		"ShortPatterns": {
			at: "service.eventSources", value: patternSources(10, nest(flood(200, 0, 1.0), 300, 1)),
			want: `EventBridge takes a list of what may be there .*, and 19\d\d more\]$`,
		},
		"UnknownFields": {at: "service", value: flood(9000, 100, 1.0), want: `unknown field, known are: .*, and 89\d\d more\]$`},
		"LongField":     {at: "service", value: flood(1, 1<<20, 1.0), want: `unknown field, known are: `},
		"Tags":          {at: "tags", value: flood(9000, 100, 1.0), want: `Too many: 9000: .*, and 89\d\d more\]$`},
		"Layers":        {at: "service.layers", value: slices.Repeat([]any{strings.Repeat("x", 100)}, 9000), want: `Too many: 9000: .*, and 89\d\d more\]$`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			in := wire(t, newRequest(set(minimalSpecMap(), tc.at, tc.value), nil))
			rsp, bytes := measured(t, in)
			if got := whyRefused(rsp); !regexp.MustCompile(tc.want).MatchString(got) {
				t.Errorf("want %q in what is told, got %.300q", tc.want, got)
			}
			checkAnswer(t, rsp)
			if bytes > maxFlood {
				t.Errorf("the function allocates %d MiB for a claim of %d KiB, want at most %d", bytes>>20, len(in)>>10, maxFlood>>20)
			}
		})
	}
}

// TestGuardrailsAreTold files a claim that breaks a long list of the platform team's in every place that it can.
func TestGuardrailsAreTold(t *testing.T) {
	t.Parallel()
	var allowed []any
	for i := range 100 {
		allowed = append(allowed, fmt.Sprintf("arn:aws:sqs:*:*:${namespace}/%d-%s", i, strings.Repeat("x", 100)))
	}
	var statements []any
	for i := range 10 {
		var resources []any
		for j := range 20 {
			resources = append(resources, fmt.Sprintf("arn:aws:sqs:us-east-1:%s:%d-%d", fntest.Account, i, j))
		}
		statements = append(statements, map[string]any{"actions": []any{"sqs:SendMessage"}, "resources": resources})
	}
	req := newRequest(set(minimalSpecMap(), "service.permissions.statements", statements), nil)
	req.RequiredResources = settingsObjects(map[string]any{"all": map[string]any{"allowedResourceArns": allowed}})
	rsp := runAny(t, req)
	want := regexp.MustCompile(`supported values: "arn:aws:sqs.*, and 9\d more \(platform setting allowedResourceArns of EnvironmentConfig all\), .*, and 1\d\d more\]$`)
	if got := whyRefused(rsp); !want.MatchString(got) {
		t.Errorf("want %q in what is told, got %.2000q", want, got)
	}
	checkAnswer(t, rsp)
}

// TestFloodedAnswersStayShort draws floods anywhere in a claim, of a pipeline that exists or not. What is told of it must stay short.
func TestFloodedAnswersStayShort(t *testing.T) {
	t.Parallel()
	ready := makeReady(t, newRequest(minimalSpecMap(), nil))
	paths := slices.Sorted(maps.Keys(maps.Collect(fntest.Fields(reflect.TypeFor[v1alpha1.PaymentDeliveryPipelineSpec]()))))
	rapid.Check(t, func(t *rapid.T) {
		path := strings.Split(rapid.SampledFrom(paths).Draw(t, "field"), ".")
		path = path[:rapid.IntRange(1, len(path)).Draw(t, "depth of the field")]
		spec := set(minimalSpecMap(), strings.Join(path, "."), drawFlood(t))
		req := newRequest(spec, nil)
		if rapid.Bool().Draw(t, "exists") {
			req = proto.CloneOf(ready)
			req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = structpb.NewStructValue(mustStruct(spec))
		}
		checkAnswer(t, runAny(t, req))
	})
}

// checkAnswer to a flood.
func checkAnswer(t rapid.TB, rsp *fnv1.RunFunctionResponse) {
	t.Helper()
	for _, c := range rsp.GetConditions() {
		if n := len(c.GetMessage()); n > maxMessage {
			t.Errorf("condition %s has a message of %d bytes, want at most %d", c.GetType(), n, maxMessage)
		}
	}
	for _, r := range rsp.GetResults() {
		if n := len(r.GetMessage()); n > maxMessage {
			t.Errorf("a result has %d bytes, want at most %d", n, maxMessage)
		}
	}
	// What exists is in the answer too, and is no answer to the flood.
	if n := proto.Size(rsp) - proto.Size(&fnv1.State{Resources: rsp.GetDesired().GetResources()}); whyRefused(rsp) != "" && n > maxRefusal {
		t.Errorf("the answer has %d bytes, want at most %d", n, maxRefusal)
	}
}

// measured answer to a request, and how many bytes were allocated for it.
func measured(t *testing.T, in []byte) (*fnv1.RunFunctionResponse, int) {
	t.Helper()
	runAny(t, newRequest(minimalSpecMap(), nil)) // Schemas are compiled once.
	before, after := runtime.MemStats{}, runtime.MemStats{}
	runtime.ReadMemStats(&before)
	req := &fnv1.RunFunctionRequest{}
	must(t, proto.Unmarshal(in, req))
	rsp := runAny(t, req)
	wire(t, rsp)
	runtime.ReadMemStats(&after)
	return rsp, int(after.TotalAlloc - before.TotalAlloc)
}

// drawFlood draws a value with at most a few thousand values in it, below long or short keys, in depth or not.
func drawFlood(t *rapid.T) any {
	leaf := rapid.SampledFrom([]any{1.0, true, nil, "", strings.Repeat("x", 500), "${namespace}", "arn:aws:s3:::*", []any{}, map[string]any{}, []any{1.0}}).Draw(t, "leaf")
	n := rapid.SampledFrom([]int{2000, 200, 1}).Draw(t, "leaves")
	key := rapid.SampledFrom([]int{100, 900, 0}).Draw(t, "length of keys")
	var wide any = flood(n, key, leaf)
	if rapid.Bool().Draw(t, "list") {
		wide = slices.Repeat([]any{leaf}, n)
	}
	return nest(wide, rapid.SampledFrom([]int{0, 1, 30, 300}).Draw(t, "levels"), key)
}

// flood of members with one value, whose names have so many characters more than a number.
func flood(n, length int, value any) map[string]any {
	members := make(map[string]any, n)
	for i := range n {
		members[fmt.Sprint(i)+strings.Repeat("k", length)] = value
	}
	return members
}

// nest a value so many levels deep, each below a key of that length.
func nest(value any, levels, length int) any {
	for range levels {
		value = map[string]any{strings.Repeat("k", length): value}
	}
	return value
}

// patternSources are event sources with a pattern.
func patternSources(n int, pattern any) []any {
	var sources []any
	for i := range n {
		sources = append(sources, map[string]any{"name": fmt.Sprintf("source-%d", i), "rule": map[string]any{"eventPattern": pattern}})
	}
	return sources
}

// set a value at the path of a field. In a list it is the first item's.
func set(into map[string]any, path string, value any) map[string]any {
	name, rest, more := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(name, "[]")
	if more {
		inner, _ := into[name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		value = set(inner, rest, value)
	}
	if isList {
		value = []any{value}
	}
	into[name] = value
	return into
}

// TestCallerIsGone checks that the function stops when nobody waits for its answer any more, and that a refusal is told all the same.
func TestCallerIsGone(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := NewFunction(logging.NewNopLogger())
	if rsp, err := f.RunFunction(ctx, newRequest(minimalSpecMap(), nil)); status.Code(err) != codes.Canceled {
		t.Errorf("want it to stop with %s, got %v and %d resources", codes.Canceled, err, len(rsp.GetDesired().GetResources()))
	}
	rsp, err := f.RunFunction(ctx, newRequest(set(minimalSpecMap(), "tags", flood(claim.MaxValues, 0, "x")), nil))
	if err != nil || !strings.Contains(whyRefused(rsp), "a claim may have at most") {
		t.Errorf("want it refused, got %v and %q", err, whyRefused(rsp))
	}
}
