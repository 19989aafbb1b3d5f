package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// TestGolden compares what the function answers with every golden case, in this process and without Crossplane. TestRender
// compares the same cases as the real Crossplane renders them, with what Crossplane adds. This one takes seconds, so it
// is the one that mutants of the code are tried on.
func TestGolden(t *testing.T) {
	t.Parallel()
	s := &render.Simulator{Render: renderInProcess, Dir: t.TempDir()}
	for _, c := range goldenCases(t) {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			expected, err := c.Expected()
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Render(t.Context(), s, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(told(t, expected), told(t, got)); diff != "" {
				t.Errorf("-want of what the function tells, +got:\n%s", diff)
			}
		})
	}
}

// told is what the function tells in an output of Crossplane, by kind and name in the composition: without what Crossplane adds to it.
func told(t *testing.T, output []byte) map[string]any {
	t.Helper()
	documents, err := parseDocuments(output)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]any{}
	for _, o := range documents {
		u := &unstructured.Unstructured{Object: o}
		if render.ComposedName(u) != "" {
			u.SetOwnerReferences(nil)
			u.SetLabels(nil)
		} else if status, isXR := o["status"].(map[string]any); isXR {
			o = map[string]any{"status": status, "conditions": conditionsIn(status)}
			delete(status, "claimConditionTypes")
			delete(status, "conditions")
		}
		objects[u.GetKind()+" "+render.ComposedName(u)] = o
	}
	return objects
}

// conditionsIn a status are the function's, and whether the XR is ready.
func conditionsIn(status map[string]any) map[string]any {
	conditions := map[string]any{}
	list, _ := status["conditions"].([]any)
	for _, item := range list {
		c, _ := item.(map[string]any)
		switch c["type"] {
		case "Responsive", "Synced":
		case "Ready":
			conditions["Ready"] = c["status"]
		default:
			conditions[fmt.Sprint(c["type"])] = []any{c["status"], c["reason"], c["message"]}
		}
	}
	return conditions
}
