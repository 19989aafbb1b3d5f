// Package peers compares the function with others that compose the same resources. See the Makefile's bench-peers.
package peers

import (
	"cmp"
	"context"
	"flag"
	"os/exec"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

var (
	address = flag.String("address", "", "host and port where the other function listens, without TLS")
	kind    = flag.String("kind", "", "what listens there: go-templating or patch-and-transform")
)

// ours is the function's kind in inputs, and where its binary is.
const (
	ours   = "ours"
	binary = "../../.cache/bin/function"
)

// inputs that make a function compose what our function composes, by the function's kind. Peers get it as it is, without
// anything to decide: no template is evaluated and nothing is patched.
var inputs = map[string]func(composed []*unstructured.Unstructured) (map[string]any, error){
	ours: func([]*unstructured.Unstructured) (map[string]any, error) {
		return map[string]any{"apiVersion": "paymentdelivery.fn.crossplane.io/v1beta1", "kind": "PlatformSettings"}, nil
	},
	"go-templating": func(composed []*unstructured.Unstructured) (map[string]any, error) {
		template := ""
		for _, u := range composed {
			u = u.DeepCopy()
			u.SetAnnotations(map[string]string{"gotemplating.fn.crossplane.io/composition-resource-name": name(u)})
			doc, err := yaml.Marshal(u.Object)
			if err != nil {
				return nil, err
			}
			// A template may not have text that looks like an action of its own.
			template += "---\n" + string(doc)
		}
		return map[string]any{
			"apiVersion": "gotemplating.fn.crossplane.io/v1beta1",
			"kind":       "GoTemplate",
			"source":     "Inline",
			"inline":     map[string]any{"template": template},
		}, nil
	},
	"patch-and-transform": func(composed []*unstructured.Unstructured) (map[string]any, error) {
		resources := []any{}
		for _, u := range composed {
			base := u.DeepCopy()
			base.SetAnnotations(nil)
			resources = append(resources, map[string]any{"name": name(u), "base": base.Object})
		}
		return map[string]any{"apiVersion": "pt.fn.crossplane.io/v1beta1", "kind": "Resources", "resources": resources}, nil
	},
}

func name(u *unstructured.Unstructured) string {
	return u.GetAnnotations()["crossplane.io/composition-resource-name"]
}

// BenchmarkCalls compares calls of the two by turns, as what else the machine does changes with time.
func BenchmarkCalls(b *testing.B) {
	if *address == "" || *kind == ours || inputs[*kind] == nil {
		b.Fatal(`say what listens where: "make bench-peers PEER=127.0.0.1:9444 KIND=go-templating"`)
	}
	here := start(b)
	for range 3 {
		b.Run(ours, func(b *testing.B) { call(b, here, ours) })
		b.Run(*kind, func(b *testing.B) { call(b, *address, *kind) })
	}
}

// start our function, and return where it listens.
func start(b *testing.B) string {
	b.Helper()
	here, err := render.FreeAddress()
	if err != nil {
		b.Fatal(err)
	}
	function := exec.CommandContext(b.Context(), binary, "--insecure", "--address="+here, "--metrics-address=")
	if err := function.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = function.Wait() }) // The context, which is done by then, has killed it.
	return here
}

// call is one call over gRPC about a pipeline that is complete, with the same observed resources for each function.
func call(b *testing.B, address, kind string) {
	b.Helper()
	composed, err := golden.Case("../render/04-ready").Managed()
	if err != nil {
		b.Fatal(err)
	}
	in, err := inputs[kind](composed)
	if err != nil {
		b.Fatal(err)
	}
	req := request(b, composed, in)
	// It may have been started a moment ago.
	ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	if err := render.WaitListening(ctx, address); err != nil {
		b.Fatal(err)
	}
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	client := fnv1.NewFunctionRunnerServiceClient(conn)
	for b.Loop() {
		rsp, err := client.RunFunction(b.Context(), req)
		if err != nil {
			b.Fatal(err)
		}
		if got := len(rsp.GetDesired().GetResources()); got != len(composed) {
			b.Fatalf("want %d resources, got %d: %v", len(composed), got, rsp.GetResults())
		}
	}
}

func request(b *testing.B, composed []*unstructured.Unstructured, input map[string]any) *fnv1.RunFunctionRequest {
	b.Helper()
	aws := &standin.AWS{AccountID: "111122223333"}
	req := &fnv1.RunFunctionRequest{
		Meta:  &fnv1.RequestMeta{Tag: "peers"},
		Input: asStruct(b, input),
		Observed: &fnv1.State{
			Composite: &fnv1.Resource{Resource: asStruct(b, map[string]any{
				"apiVersion": "paymentdelivery.io/v1alpha1",
				"kind":       "XPaymentDeliveryPipeline",
				"metadata":   map[string]any{"name": "payments-pr-123-x", "uid": cmp.Or(uid(composed), "none")},
				"spec": map[string]any{
					"environmentSuffix": "pr-123",
					"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
				},
			})},
			Resources: map[string]*fnv1.Resource{},
		},
	}
	for _, u := range composed {
		seen := u.DeepCopy()
		aws.Observe(seen)
		req.Observed.Resources[name(u)] = &fnv1.Resource{Resource: asStruct(b, seen.Object)}
	}
	return req
}

// uid of the XR that owns the resources.
func uid(composed []*unstructured.Unstructured) string {
	for _, u := range composed {
		for _, o := range u.GetOwnerReferences() {
			return string(o.UID)
		}
	}
	return ""
}

func asStruct(b *testing.B, object map[string]any) *structpb.Struct {
	b.Helper()
	s, err := structpb.NewStruct(object)
	if err != nil {
		b.Fatal(err)
	}
	return s
}
