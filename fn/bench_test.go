package main

import (
	"testing"

	"google.golang.org/protobuf/proto"

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
