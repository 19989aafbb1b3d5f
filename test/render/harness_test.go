package render

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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

func TestWithoutEvents(t *testing.T) {
	const (
		xr       = "---\napiVersion: example.org/v1\nkind: XR\nmetadata:\n  name: cool\n"
		selected = "---\napiVersion: render.crossplane.io/v1beta1\nkind: Result\nmessage: 'Successfully selected composition: cool'\n"
		result   = "---\napiVersion: render.crossplane.io/v1beta1\nkind: Result\nmessage: 'Pipeline step \"compose\": connected'\n"
		notReady = "---\napiVersion: render.crossplane.io/v1beta1\nkind: Result\nmessage: Composed resource \"bucket\" is not yet ready\n"
	)

	cases := map[string]struct {
		reason string
		out    string
		want   string
	}{
		"Events": {
			reason: "Events should be removed, the XR and the function's results kept in order.",
			out:    xr + selected + result + notReady,
			want:   xr + result,
		},
		"NoEvents": {
			reason: "Output without events should stay as it is.",
			out:    xr,
			want:   xr,
		},
	}

	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, string(withoutEvents([]byte(tc.out)))); diff != "" {
				t.Errorf("%s\nwithoutEvents(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
