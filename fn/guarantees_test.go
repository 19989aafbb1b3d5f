package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// The tests here search for counter-examples to docs/guarantees.md, one test for each guarantee. "make fuzz" searches
// longer.

// waves after which nothing waits any more: the bucket's, two more, and the pipeline's.
const waves = 4

// runAny runs the function on any request.
func runAny(t rapid.TB, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	rsp, err := NewFunction(logging.NewNopLogger()).RunFunction(context.Background(), proto.CloneOf(req))
	if err != nil {
		t.Fatalf("RunFunction(...): %v", err)
	}
	return rsp
}

func fatal(rsp *fnv1.RunFunctionResponse) string {
	for _, r := range rsp.GetResults() {
		if r.GetSeverity() == fnv1.Severity_SEVERITY_FATAL {
			return r.GetMessage()
		}
	}
	return ""
}

// drawReady draws a claim and brings it to where nothing waits any more.
func drawReady(t *rapid.T) *fnv1.RunFunctionRequest {
	req := newRequest(drawSpec(t), drawInput(t))
	for range waves {
		rsp := runAny(t, req)
		if message := fatal(rsp); message != "" {
			t.Fatalf("a valid claim is refused: %s", message)
		}
		feedBack(req, rsp)
	}
	return req
}

func TestNeverShrinks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req := drawReady(t)
		drawDamage(t, req)
		rsp := runAny(t, req)
		if fatal(rsp) != "" {
			return
		}
		for name := range req.GetObserved().GetResources() {
			if rsp.GetDesired().GetResources()[name] == nil {
				t.Errorf("%q exists and is no longer desired, which deletes it", name)
			}
		}
	})
}

func TestOptionsRemoveOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		input := drawInput(t)
		before, after := drawSpec(t), drawSpec(t)
		// These cannot change.
		after["environmentSuffix"], after["region"] = before["environmentSuffix"], before["region"]
		if before["region"] == nil {
			delete(after, "region")
		}
		req := newRequest(before, input)
		for range waves {
			feedBack(req, runAny(t, req))
		}
		req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = newRequest(after, input).GetObserved().GetComposite().GetResource().GetFields()["spec"]
		rsp := runAny(t, req)
		if message := fatal(rsp); message != "" {
			t.Fatalf("a valid change is refused: %s", message)
		}

		// What a new claim with the changed spec would have is what must stay.
		fresh := newRequest(after, input)
		for range waves {
			feedBack(fresh, runAny(t, fresh))
		}
		for name := range req.GetObserved().GetResources() {
			_, wanted := fresh.GetObserved().GetResources()[name]
			if _, desired := rsp.GetDesired().GetResources()[name]; desired != wanted {
				t.Errorf("%q: want desired %t, got %t", name, wanted, desired)
			}
		}
	})
}

func TestFixedPoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req := drawReady(t)
		want := runAny(t, req)
		for range 10 {
			if got := runAny(t, req); !bytes.Equal(wire(t, want), wire(t, got)) {
				t.Fatal("the same request has two answers")
			}
		}
		feedBack(req, want)
		if got := runAny(t, req); !bytes.Equal(wire(t, want), wire(t, got)) {
			t.Fatal("the answer, once it is observed, changes")
		}
		if len(want.GetResults()) > 0 {
			t.Fatalf("want no events while nothing changes, got %v", want.GetResults())
		}
	})
}

// TestFixedPointAThousandTimes covers what few repetitions might miss: the order of maps is random.
func TestFixedPointAThousandTimes(t *testing.T) {
	t.Parallel()
	spec := minimalSpecMap()
	req := newRequest(spec, nil)
	for range waves {
		feedBack(req, runAny(t, req))
	}
	want := wire(t, runAny(t, req))
	for i := range 1000 {
		if !bytes.Equal(want, wire(t, runAny(t, req))) {
			t.Fatalf("answer %d differs from the first", i)
		}
	}
}

func TestOwnersKeepWhatTheyOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req := drawReady(t)
		live := fmt.Sprint(rapid.IntRange(1, 99).Draw(t, "live"))
		aws, alias := &standin.AWS{AccountID: fntest.Account}, object(req.GetObserved().GetResources()[string(liveAlias)])
		aws.Observe(alias)
		must(t, aws.Release(alias, live))
		aws.Observe(alias)
		req.Observed.Resources[string(liveAlias)].Resource = mustStruct(alias.Object)

		desired := runAny(t, req).GetDesired().GetResources()
		a := desired[string(liveAlias)].GetResource().AsMap()["spec"].(map[string]any)
		if got := a["forProvider"].(map[string]any); got["functionVersion"] != live || got["routingConfig"] != nil {
			t.Errorf("alias: want version %s and no weights, got %v", live, got)
		}
		if got := fmt.Sprint(a["managementPolicies"]); strings.Contains(got, "Update") {
			t.Errorf("alias: CodeDeploy owns its updates, got management policies %s", got)
		}
		for _, name := range []string{string(blueFunction), string(greenFunction)} {
			f := desired[name].GetResource().AsMap()["spec"].(map[string]any)
			for _, code := range []string{"s3Bucket", "s3BucketRef", "s3Key", "s3ObjectVersion", "sourceCodeHash", "codeSha256"} {
				if got := f["forProvider"].(map[string]any)[code]; got != nil {
					t.Errorf("%s: the pipeline owns the code, got %s: %v", name, code, got)
				}
			}
			if got := fmt.Sprint(f["managementPolicies"]); strings.Contains(got, "LateInitialize") {
				t.Errorf("%s: code must not be read back, got management policies %s", name, got)
			}
		}
	})
}

// wire returns the message in an order of its own.
func wire(t rapid.TB, m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatalf("cannot marshal: %v", err)
	}
	return b
}

func minimalSpecMap() map[string]any {
	return map[string]any{
		"environmentSuffix": "pr-123",
		"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
	}
}
