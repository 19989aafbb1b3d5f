package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
)

// handlers that functions of a runtime can have.
var handlers = map[string]string{
	"nodejs22.x":      nodeHandler,
	"nodejs24.x":      nodeHandler,
	"python3.12":      pythonHandler,
	"python3.13":      pythonHandler,
	"python3.14":      pythonHandler,
	"java17":          javaHandler,
	"java21":          javaHandler,
	"java25":          javaHandler,
	"ruby3.3":         rubyHandler,
	"ruby3.4":         rubyHandler,
	"provided.al2023": `[!-~]{1,40}`,
}

const (
	nodeHandler   = `(\.?[A-Za-z0-9_-]{1,10}(\.[a-z]{1,3})?/)?[A-Za-z0-9_-]{1,10}(\.[A-Za-z_$][A-Za-z0-9_$]{0,10}){1,3}`
	pythonHandler = `([A-Za-z0-9_-]{1,10}[./]){0,3}[A-Za-z0-9_-]{1,10}\.[A-Za-z_][A-Za-z0-9_]{0,10}`
	javaHandler   = `([a-z]{1,10}\.){0,3}[A-Za-z_$][A-Za-z0-9_$]{0,10}::[a-z][A-Za-z0-9_$]{0,10}`
	rubyHandler   = `([A-Za-z0-9_-]{1,10}/){0,2}[A-Za-z0-9_-]{1,10}(\.[A-Z][A-Za-z0-9_]{0,10}(::[A-Z][a-z]{0,5})?)?\.[a-z_][A-Za-z0-9_]{0,10}`
)

// drawRuntime draws a runtime, or leaves it at its default, and a handler that goes with it. Only Java must have one.
func drawRuntime(t *rapid.T, service map[string]any) {
	name := rapid.SampledFrom(append([]string{""}, slices.Sorted(maps.Keys(handlers))...)).Draw(t, "runtime")
	pattern := nodeHandler
	if name != "" {
		service["runtime"], pattern = name, handlers[name]
	}
	if pattern == javaHandler || rapid.Bool().Draw(t, "has handler") {
		service["handler"] = rapid.StringMatching(pattern).Draw(t, "handler")
	}
}

// TestEveryRuntimeIsDrawn checks that there are handlers for each runtime that a claim may have.
func TestEveryRuntimeIsDrawn(t *testing.T) {
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	want := map[string]bool{}
	for _, name := range d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"].Properties["service"].Properties["runtime"].Enum {
		want[string(name.Raw)] = true
	}
	got := map[string]bool{}
	for name := range handlers {
		got[`"`+name+`"`] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want runtimes of the schema, +got runtimes that are drawn:\n%s", diff)
	}
}
