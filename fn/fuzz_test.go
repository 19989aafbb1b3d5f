package main

import (
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
	smallest := exist(readyForFuzz(f))
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
		if whyRefused(rsp) != "" {
			wantAllToStay(t, req, rsp)
			return
		}
		// Each claim has what the smallest one has, but the connection: the claim may bring one.
		for _, name := range smallest {
			_, exists := req.GetObserved().GetResources()[name]
			if exists && name != string(connection) && rsp.GetDesired().GetResources()[name] == nil {
				t.Errorf("%q exists and is no longer desired, which deletes it", name)
			}
		}
	})
}

// FuzzReadSpec feeds the claim's decoding any JSON. What it takes must have what is required.
func FuzzReadSpec(f *testing.F) {
	for _, spec := range []string{
		`{}`, `{"spec":null}`, `{"spec":{"environmentSuffix":"pr-123","source":{"owner":"o","repository":"r"}}}`,
		`{"spec":{"environmentSuffix":"prod","source":{"promotedFrom":{"accountId":"111122223333","bucketName":"pipeline-artifacts-dev-1a2b3c4d"}}}}`,
		`{"spec":{"tags":{"a":1},"rollout":{"custom":[]},"smokeTest":{"event":{"a":[{}]}}}}`,
	} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := &structpb.Struct{}
		if s.UnmarshalJSON([]byte(text)) != nil {
			return
		}
		spec, errs := claim.ReadSpec(s)
		isSourced := spec.Source.Owner != "" || spec.Source.PromotedFrom != nil
		if complete := spec.EnvironmentSuffix != "" && isSourced && spec.Region != ""; complete != (len(errs) == 0) {
			t.Errorf("ReadSpec(%s): errors %v, and %+v", text, errs, spec)
		}
	})
}

func readyForFuzz(tb testing.TB) *fnv1.RunFunctionRequest {
	tb.Helper()
	return makeReady(tb, newRequest(minimalSpecMap(), nil))
}

func TestNeverPanics(t *testing.T) {
	deep := structpb.NewStringValue("bottom")
	for range claim.MaxValues - 100 {
		deep = structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{"down": deep}})
	}
	cases := map[string]struct {
		reason  string
		change  func(*fnv1.RunFunctionRequest)
		refused string
	}{
		"Nothing": {
			reason:  "An empty request is refused.",
			change:  func(r *fnv1.RunFunctionRequest) { proto.Reset(r); r.RequiredResources = settingsObjects(nil) },
			refused: "spec.environmentSuffix: Required value",
		},
		"HugeClaim": {
			reason:  "10 MB of text are refused like any text that is too long.",
			change:  setSpec("environmentSuffix", structpb.NewStringValue(strings.Repeat("x", 10<<20))),
			refused: "spec.environmentSuffix: Invalid value",
		},
		"DeepClaim": {reason: "Nesting is no reason to run out of stack.", change: setSpec("tags", deep), refused: "spec.tags.down: Invalid value"},
		"NullSpec":  {reason: "A null is no source.", change: setSpec("source", structpb.NewNullValue()), refused: "spec.source: Required value"},
		"NilResource": {
			reason: "A resource without content reads as empty.",
			change: func(r *fnv1.RunFunctionRequest) { r.Observed.Resources[string(alarmTopic)] = nil },
		},
		"NilComposite": {
			reason: "A request without an XR is refused.", change: func(r *fnv1.RunFunctionRequest) { r.Observed.Composite = nil },
			refused: "spec.environmentSuffix: Required value",
		},
		"NilObserved": {
			reason: "So is one without anything observed.", change: func(r *fnv1.RunFunctionRequest) { r.Observed = nil },
			refused: "spec.environmentSuffix: Required value",
		},
		"EarlierStatus": {reason: "An earlier step may desire a status that is none.", change: func(r *fnv1.RunFunctionRequest) {
			r.Desired = &fnv1.State{Composite: &fnv1.Resource{Resource: mustStruct(map[string]any{"status": "none"})}}
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			req := readyForFuzz(t)
			tc.change(req)
			rsp, err := NewFunction(logging.NewNopLogger()).RunFunction(t.Context(), req)
			if err != nil {
				t.Fatalf("%s\nRunFunction(...): %v", tc.reason, err)
			}
			got := whyRefused(rsp)
			if (got != "") != (tc.refused != "") || !strings.Contains(got, tc.refused) {
				t.Errorf("%s\nwant it refused with %q, got %.300q", tc.reason, tc.refused, got)
			}
			wantAllToStay(t, req, rsp)
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
				if err != nil || whyRefused(rsp) != "" {
					t.Errorf("%v: %v %s", spec["environmentSuffix"], err, whyRefused(rsp))
					return
				}
				for name, r := range rsp.GetDesired().GetResources() {
					if got := r.GetResource().GetFields()["metadata"].GetStructValue().GetFields()["name"].GetStringValue(); !strings.HasPrefix(got, spec["environmentSuffix"].(string)+".") {
						t.Errorf("%s: %q is another claim's", name, got)
					}
				}
				feedBack(req, rsp)
			}
			if req.GetObserved().GetResources()[string(deliveryPipeline)] == nil {
				t.Errorf("%v: want a pipeline, got none", spec["environmentSuffix"])
			}
		})
	}
	wg.Wait()
}
