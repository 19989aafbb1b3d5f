package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestCheckAccepted(t *testing.T) {
	xr := func(status, reason string) []*unstructured.Unstructured {
		condition := map[string]any{"type": "Accepted", "status": status, "reason": reason, "message": "no region: moon"}
		return []*unstructured.Unstructured{{Object: map[string]any{"status": map[string]any{"conditions": []any{condition}}}}}
	}
	cases := map[string]struct {
		reason   string
		rendered []*unstructured.Unstructured
		want     error
	}{
		"Nothing":  {reason: "Nothing refuses nothing."},
		"Accepted": {reason: "A claim that is composed is not refused.", rendered: xr("True", "Valid")},
		"Partly":   {reason: "Nor is one that goes on with what AWS takes.", rendered: xr("False", "RefusedByAWS")},
		"Refused":  {reason: "Why it is refused is in the condition.", rendered: xr("False", "InvalidInput"), want: &RefusedError{Message: "no region: moon"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, CheckAccepted(tc.rendered)); diff != "" {
				t.Errorf("%s\nCheckAccepted(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestIsEvent(t *testing.T) {
	result := func(message string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{"kind": "Result", "message": message}}
	}

	cases := map[string]struct {
		reason string
		object *unstructured.Unstructured
		want   bool
	}{
		"Selected": {reason: "What Crossplane has done is an event.", object: result("Successfully selected composition: cool"), want: true},
		"NotReady": {reason: "What a condition says too is an event.", object: result(`Composed resource "bucket" is not yet ready`), want: true},
		"Result":   {reason: "What the function has returned is none.", object: result(`Pipeline step "compose": connected`)},
		"XR":       {reason: "The XR is none.", object: &unstructured.Unstructured{Object: map[string]any{"kind": "XR"}}},
	}

	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := isEvent(tc.object); got != tc.want {
				t.Errorf("%s\nisEvent(%v): want %t, got %t", tc.reason, tc.object.Object, tc.want, got)
			}
		})
	}
}
