package main

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// lives of the claims in golden cases. They are simulated once, in this process: TestGolden and TestRender compare what is made of a
// claim here and by Crossplane with the same, so what is observed of its resources is the same too.
var lives = &render.Simulator{Render: renderInProcess}

// TestGolden compares what the function answers with every golden case, in this process and without Crossplane. TestRender
// compares the same cases as the real Crossplane renders them, with what Crossplane adds to the XR. This one takes seconds, so it
// is the one that mutants of the code are tried on.
func TestGolden(t *testing.T) {
	t.Parallel()
	s := &golden.Suite{Part: told, Render: func(ctx context.Context, c golden.Case) ([]*unstructured.Unstructured, error) {
		return c.Render(ctx, lives, renderInProcess)
	}}
	for _, c := range goldenCases(t) {
		t.Run(c.Name(), func(t *testing.T) {
			t.Parallel()
			checkGolden(t, s, c)
		})
	}
}

func checkGolden(t *testing.T, s *golden.Suite, c golden.Case) {
	t.Helper()
	diff, err := s.Differs(t.Context(), c)
	if err != nil {
		t.Fatalf("%v (make golden writes what is expected)", err)
	}
	if diff != "" {
		t.Errorf("%s: %s", c.Name(), diff)
	}
}

// told is what the function tells in an output of Crossplane: of the XR its status, and the conditions without their times.
func told(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	var all []*unstructured.Unstructured
	for _, u := range objects {
		if status, ok := u.Object["status"].(map[string]any); ok && render.ComposedName(u) == "" {
			status = maps.Clone(status)
			delete(status, "claimConditionTypes")
			delete(status, "acceptedSpec") // It is of a spec with the API's defaults, which no claim has here.
			status["conditions"] = conditionsIn(status)
			u = &unstructured.Unstructured{Object: map[string]any{"status": status}}
		}
		all = append(all, u)
	}
	return all
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
