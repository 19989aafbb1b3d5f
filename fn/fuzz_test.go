package main

import (
	"context"
	"strings"
	"sync"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// FuzzRunFunction feeds the function any bytes that are a request. It must answer, and never shrink what exists.
func FuzzRunFunction(f *testing.F) {
	for _, req := range []*fnv1.RunFunctionRequest{{}, newRequest(minimalSpecMap(), nil), readyForFuzz(f)} {
		b, err := proto.Marshal(req)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		req := &fnv1.RunFunctionRequest{}
		if proto.Unmarshal(b, req) != nil {
			return
		}
		rsp, err := NewFunction(logging.NewNopLogger()).RunFunction(t.Context(), req)
		if err != nil {
			t.Fatalf("RunFunction(...): %v", err)
		}
		if _, err := proto.Marshal(rsp); err != nil {
			t.Fatalf("the answer cannot be sent: %v", err)
		}
	})
}

// FuzzReadSpec feeds the claim's decoding any JSON.
func FuzzReadSpec(f *testing.F) {
	for _, spec := range []string{
		`{}`, `{"spec":null}`, `{"spec":{"environmentSuffix":"pr-123","source":{"owner":"o","repository":"r"}}}`,
		`{"spec":{"tags":{"a":1},"rollout":{"custom":[]},"smokeTest":{"event":{"a":[{}]}}}}`,
	} {
		f.Add(spec)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		s := &structpb.Struct{}
		if s.UnmarshalJSON([]byte(text)) == nil {
			claim.ReadSpec(s)
		}
	})
}

func readyForFuzz(tb testing.TB) *fnv1.RunFunctionRequest {
	tb.Helper()
	req := newRequest(minimalSpecMap(), nil)
	for range waves {
		feedBack(req, runAny(tb, req))
	}
	return req
}

func TestNeverPanics(t *testing.T) {
	deep := structpb.NewStringValue("bottom")
	for range 10_000 {
		deep = structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{"down": deep}})
	}
	cases := map[string]struct {
		reason string
		change func(*fnv1.RunFunctionRequest)
	}{
		"Nothing":      {reason: "An empty request is refused.", change: func(r *fnv1.RunFunctionRequest) { proto.Reset(r) }},
		"HugeClaim":    {reason: "10 MB of text are refused like any text that is too long.", change: setSpec("environmentSuffix", structpb.NewStringValue(strings.Repeat("x", 10<<20)))},
		"DeepClaim":    {reason: "Nesting is no reason to run out of stack.", change: setSpec("tags", deep)},
		"NullSpec":     {reason: "A null is no spec.", change: setSpec("source", structpb.NewNullValue())},
		"NilResource":  {reason: "A resource without content reads as empty.", change: func(r *fnv1.RunFunctionRequest) { r.Observed.Resources[string(alarmTopic)] = nil }},
		"NilComposite": {reason: "A request without an XR is refused.", change: func(r *fnv1.RunFunctionRequest) { r.Observed.Composite = nil }},
		"NilObserved":  {reason: "So is one without anything observed.", change: func(r *fnv1.RunFunctionRequest) { r.Observed = nil }},
		"EarlierStatus": {reason: "An earlier step may desire a status that is none.", change: func(r *fnv1.RunFunctionRequest) {
			r.Desired = &fnv1.State{Composite: &fnv1.Resource{Resource: mustStruct(map[string]any{"status": "none"})}}
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			req := readyForFuzz(t)
			tc.change(req)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := NewFunction(logging.NewNopLogger()).RunFunction(ctx, req); err != nil {
				t.Errorf("%s\nRunFunction(...): %v", tc.reason, err)
			}
		})
	}
}

func setSpec(field string, v *structpb.Value) func(*fnv1.RunFunctionRequest) {
	return func(r *fnv1.RunFunctionRequest) {
		r.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue().GetFields()[field] = v
	}
}

// TestConcurrentRequests means most under the race detector: "make race".
func TestConcurrentRequests(t *testing.T) {
	f := NewFunction(logging.NewNopLogger())
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			spec := minimalSpecMap()
			spec["environmentSuffix"] = "pr-" + string(rune('a'+i%26)) + string(rune('a'+i/26))
			req := newRequest(spec, nil)
			for range waves {
				rsp, err := f.RunFunction(t.Context(), proto.CloneOf(req))
				if err != nil || fatal(rsp) != "" {
					t.Errorf("%v: %v %s", spec["environmentSuffix"], err, fatal(rsp))
					return
				}
				for name, r := range rsp.GetDesired().GetResources() {
					if got := r.GetResource().GetFields()["metadata"].GetStructValue().GetFields()["name"].GetStringValue(); !strings.HasPrefix(got, spec["environmentSuffix"].(string)+".") {
						t.Errorf("%s: %q is another claim's", name, got)
					}
				}
				feedBack(req, rsp)
			}
		})
	}
	wg.Wait()
}
