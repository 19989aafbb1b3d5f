package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

func TestAsFatal(t *testing.T) {
	exit := errors.New("exit status 1")
	other := errors.Wrap(exit, `crossplane: error: cannot load XRD from "apis/definition.yaml"`)

	cases := map[string]struct {
		reason string
		err    error
		want   error
	}{
		"OneLine": {
			reason: "The step and the function's message should be found at the end of what CLI and core say.",
			err: errors.Wrap(exit, "crossplane: error: cannot render composite resource: crossplane internal render: pipeline returned fatal: "+
				`crossplane: error: cannot compose resources: pipeline step "compose" returned a fatal result: no region: us-moon-1`),
			want: &FatalError{Step: "compose", Message: "no region: us-moon-1"},
		},
		"ManyLines": {
			reason: "The alignment of further lines should be undone, but not their own indentation.",
			err: errors.Wrap(exit, `crossplane: error: crossplane: error: pipeline step "compose" returned a fatal result: first`+
				"\n                                      second"+
				"\n                                        third"),
			want: &FatalError{Step: "compose", Message: "first\nsecond\n  third"},
		},
		"AnotherError": {
			reason: "An error that is not of the pipeline should stay as it is.",
			err:    other,
			want:   other,
		},
	}

	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := asFatal(tc.err)
			if diff := cmp.Diff(tc.want.Error(), got.Error()); diff != "" {
				t.Errorf("%s\nasFatal(...): -want, +got:\n%s", tc.reason, diff)
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
