package main

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

// maxRemembered is how many bytes the function may remember of claims, all in all: what install.yaml allows it is far more, and so is what
// main.go has Go collect garbage at.
const maxRemembered = 24 << 20

// TestEditsFillNoMemory edits a claim a thousand times, with events for the smoke test that are as large as Step Functions takes them, or
// just small enough to be remembered. What the function keeps must not grow with that. It runs alone, as it measures the heap.
func TestEditsFillNoMemory(t *testing.T) {
	for name, size := range map[string]int{"LargestEvent": 256<<10 - 1<<10, "RememberedEvent": 16 << 10} {
		t.Run(name, func(t *testing.T) {
			req := makeReady(t, newRequest(minimalSpecMap(), nil))
			edit(t, req, "first", size)
			before := heap()
			for i := range 1000 {
				edit(t, req, fmt.Sprint(i), size)
			}
			if grown := heap() - before; grown > maxRemembered {
				t.Errorf("after 1,000 edits the heap has %d KiB more, want at most %d", grown>>10, maxRemembered>>10)
			}
		})
	}
}

// TestLargestClaimCosts compares what the function allocates for the largest claim with what it does for the smallest: at most ten times as
// much, whether their results are remembered or not. BenchmarkSizes measures the time too.
func TestLargestClaimCosts(t *testing.T) {
	for name, edited := range map[string]bool{"Remembered": false, "Edited": true} {
		t.Run(name, func(t *testing.T) {
			smallest := allocated(t, minimalSpecMap(), edited)
			largest := allocated(t, largestSpec(t), edited)
			if largest > 10*smallest {
				t.Errorf("the largest claim takes %d KiB a call, want at most ten times the %d KiB of the smallest", largest>>10, smallest>>10)
			}
		})
	}
}

// allocated is how many bytes a call about a pipeline allocates, from those of the request to those of the answer.
func allocated(t *testing.T, spec map[string]any, edited bool) int {
	t.Helper()
	const calls = 10
	in := wire(t, makeReady(t, newRequest(spec, nil)))
	call := func(i int) {
		req := &fnv1.RunFunctionRequest{}
		must(t, proto.Unmarshal(in, req))
		if edited {
			editClaim(req, i)
		}
		wire(t, runAny(t, req))
	}
	call(0)
	before, after := runtime.MemStats{}, runtime.MemStats{}
	runtime.ReadMemStats(&before)
	for i := range calls {
		call(i + 1)
	}
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc-before.TotalAlloc) / calls
}

// edit the event of the claim's smoke test, and run the function as Crossplane would.
func edit(t *testing.T, req *fnv1.RunFunctionRequest, id string, size int) {
	t.Helper()
	spec := req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue()
	spec.Fields["smokeTest"] = mustStruct(map[string]any{"smokeTest": map[string]any{
		"event": map[string]any{"id": id, "padding": strings.Repeat("x", size)},
	}}).GetFields()["smokeTest"]
	if message := whyRefused(runAny(t, req)); message != "" {
		t.Fatalf("edit %s is refused: %.200s", id, message)
	}
}

// heap is how many bytes of it are in use.
func heap() int {
	runtime.GC()
	s := runtime.MemStats{}
	runtime.ReadMemStats(&s)
	return int(s.HeapAlloc)
}
