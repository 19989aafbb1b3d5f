package main

import (
	"os"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

// readyRequest is the request of a pipeline that is complete: the golden case in which everything is observed and ready.
func readyRequest(b *testing.B) *fnv1.RunFunctionRequest {
	b.Helper()
	req := &fnv1.RunFunctionRequest{
		Meta:     &fnv1.RequestMeta{Tag: "bench"},
		Observed: &fnv1.State{Resources: map[string]*fnv1.Resource{}},
	}
	for _, o := range readObjects(b, "../test/render/04-ready/observed.yaml") {
		name := o.GetAnnotations()["crossplane.io/composition-resource-name"]
		req.Observed.Resources[name] = asResource(b, o)
	}
	// The first rendered object is the XR.
	req.Observed.Composite = asResource(b, readObjects(b, "../test/render/04-ready/expected.yaml")[0])
	return req
}

func readObjects(b *testing.B, path string) []*unstructured.Unstructured {
	b.Helper()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var objects []*unstructured.Unstructured
	for d := utilyaml.NewYAMLOrJSONDecoder(f, 4096); ; {
		o := &unstructured.Unstructured{}
		if d.Decode(&o.Object) != nil {
			return objects
		}
		if o.Object != nil {
			objects = append(objects, o)
		}
	}
}

func asResource(b *testing.B, o *unstructured.Unstructured) *fnv1.Resource {
	b.Helper()
	s, err := structpb.NewStruct(o.Object)
	if err != nil {
		b.Fatal(err)
	}
	return &fnv1.Resource{Resource: s}
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
