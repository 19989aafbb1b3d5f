package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

// readyRequest is the request of the smallest pipeline that is complete.
func readyRequest(b *testing.B) *fnv1.RunFunctionRequest {
	b.Helper()
	req := newRequest(map[string]any{
		"environmentSuffix": "pr-123",
		"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
	}, nil)
	req.Meta = &fnv1.RequestMeta{Tag: "bench"}
	f := NewFunction(logging.NewNopLogger())
	for range 4 {
		rsp, err := f.RunFunction(b.Context(), req)
		if err != nil {
			b.Fatal(err)
		}
		feedBack(req, rsp)
	}
	return req
}

// BenchmarkRunFunction is a reconcile of a complete pipeline, from the bytes of the request to those of the response.
func BenchmarkRunFunction(b *testing.B) {
	in := marshal(b, readyRequest(b))
	f := NewFunction(logging.NewNopLogger())
	b.ReportAllocs()
	for b.Loop() {
		rsp, err := f.RunFunction(b.Context(), unmarshal(b, in, &fnv1.RunFunctionRequest{}))
		if err != nil || len(rsp.GetResults()) > 0 {
			b.Fatal(err, rsp.GetResults())
		}
		marshal(b, rsp)
	}
}

// BenchmarkFloor is what no function can do without: it decodes the same request and encodes the same response.
func BenchmarkFloor(b *testing.B) {
	req := readyRequest(b)
	in := marshal(b, req)
	rsp, err := NewFunction(logging.NewNopLogger()).RunFunction(b.Context(), req)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		unmarshal(b, in, &fnv1.RunFunctionRequest{})
		marshal(b, rsp)
	}
}

func marshal(b *testing.B, m proto.Message) []byte {
	b.Helper()
	out, err := proto.Marshal(m)
	if err != nil {
		b.Fatal(err)
	}
	return out
}

func unmarshal[M proto.Message](b *testing.B, data []byte, into M) M {
	b.Helper()
	if err := proto.Unmarshal(data, into); err != nil {
		b.Fatal(err)
	}
	return into
}

// largestSpec is the spec of a claim that is about as large as AWS takes one: that with every field, with all tags, 3 KB of variables (AWS
// takes 4), and an event of 256 KiB, the largest part by far. What else could be large is in policies, of which IAM takes a few KB.
func largestSpec(tb testing.TB) map[string]any {
	tb.Helper()
	claims, err := objectsIn("../examples/claims/full.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	spec := claims[0]["spec"].(map[string]any)
	tags, variables := map[string]any{}, map[string]any{}
	for i := range 40 {
		tags[fmt.Sprintf("tag-%d-%s", i, strings.Repeat("k", 100))] = strings.Repeat("v", 255)
	}
	for i := range 50 {
		variables[fmt.Sprintf("VARIABLE_%d", i)] = strings.Repeat("v", 40)
	}
	spec["tags"] = tags
	spec["service"].(map[string]any)["environment"] = variables
	spec["smokeTest"] = map[string]any{"event": map[string]any{"padding": strings.Repeat("x", 256<<10-1<<10)}}
	return spec
}

// sizes of claims: the smallest, the one with every field, and the largest.
func sizes(b *testing.B) map[string]*fnv1.RunFunctionRequest {
	b.Helper()
	full, err := objectsIn("../examples/claims/full.yaml")
	if err != nil {
		b.Fatal(err)
	}
	all := map[string]*fnv1.RunFunctionRequest{}
	for name, spec := range map[string]map[string]any{
		"Smallest": minimalSpecMap(), "EveryField": full[0]["spec"].(map[string]any), "Largest": largestSpec(b),
	} {
		all[name] = makeReady(b, newRequest(spec, nil))
	}
	return all
}

// BenchmarkSizes is a reconcile of claims from the smallest to the largest, whose results may be remembered, or whose claim has just been
// edited so that none are.
func BenchmarkSizes(b *testing.B) {
	f := NewFunction(logging.NewNopLogger())
	edits := 0
	for name, req := range sizes(b) {
		for _, edited := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/edited=%t", name, edited), func(b *testing.B) {
				in := marshal(b, req)
				b.ReportAllocs()
				began := cpuTime(b)
				for b.Loop() {
					again := unmarshal(b, in, &fnv1.RunFunctionRequest{})
					if edited {
						edits++
						editClaim(again, edits)
					}
					rsp, err := f.RunFunction(b.Context(), again)
					if err != nil || whyRefused(rsp) != "" {
						b.Fatal(err, whyRefused(rsp))
					}
					marshal(b, rsp)
				}
				b.ReportMetric(float64((cpuTime(b)-began).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

// cpuTime that this process has taken. Unlike the time on the clock it does not grow while others have the CPU.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	used := syscall.Rusage{}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// editClaim so that nothing that was made of it before is the same.
func editClaim(req *fnv1.RunFunctionRequest, i int) {
	fields := req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue().GetFields()
	if fields["smokeTest"] == nil {
		fields["smokeTest"] = structpb.NewStructValue(mustStruct(map[string]any{"event": map[string]any{}}))
	}
	event := fields["smokeTest"].GetStructValue().GetFields()["event"].GetStructValue()
	event.Fields["edit"] = structpb.NewNumberValue(float64(i))
}

// BenchmarkFlood is a reconcile of the smallest pipeline while nine other callers have the largest claim composed, edited each time.
func BenchmarkFlood(b *testing.B) {
	f := NewFunction(logging.NewNopLogger())
	all := sizes(b)
	for _, callers := range []int{0, 9} {
		b.Run(fmt.Sprintf("others=%d", callers), func(b *testing.B) {
			ctx, stop := context.WithCancel(b.Context())
			large, small := marshal(b, all["Largest"]), marshal(b, all["Smallest"])
			var others sync.WaitGroup
			var edits atomic.Int64
			for range callers {
				others.Go(func() {
					for ctx.Err() == nil {
						req := unmarshal(b, large, &fnv1.RunFunctionRequest{})
						editClaim(req, int(edits.Add(1)))
						if rsp, err := f.RunFunction(ctx, req); err == nil {
							marshal(b, rsp)
						}
					}
				})
			}
			for b.Loop() {
				rsp, err := f.RunFunction(ctx, unmarshal(b, small, &fnv1.RunFunctionRequest{}))
				if err != nil || whyRefused(rsp) != "" {
					b.Fatal(err, whyRefused(rsp))
				}
				marshal(b, rsp)
			}
			stop()
			others.Wait()
		})
	}
}
