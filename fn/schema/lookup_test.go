package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLookup(t *testing.T) {
	obj := map[string]any{
		"list":  []any{"first", map[string]any{"name": "second"}},
		"a.b":   map[string]any{"c.d": "dotted"},
		"plain": "text",
	}
	cases := map[string]struct {
		reason string
		path   string
		want   any
	}{
		"Itself":     {reason: "No path leads to the object itself.", path: "", want: obj},
		"Member":     {reason: "A member should be found.", path: "plain", want: "text"},
		"First":      {reason: "Items count from 0.", path: "list[0]", want: "first"},
		"InItem":     {reason: "A path should lead through items.", path: "list[1].name", want: "second"},
		"Key":        {reason: "An entry of a map is named by its key.", path: "a.b[c.d]", want: "dotted"},
		"Dots":       {reason: "Keys may have dots.", path: "a.b.c.d", want: "dotted"},
		"PastTheEnd": {reason: "There is no item after the last.", path: "list[2]"},
		"Before":     {reason: "There is no item before the first.", path: "list[-1]"},
		"NoIndex":    {reason: "A list has no names.", path: "list.name"},
		"NoMember":   {reason: "What is not there should not be found.", path: "plan"},
		"InText":     {reason: "A text has no members.", path: "plain.text"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, found := lookup(obj, tc.path)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nlookup(%q): -want, +got:\n%s", tc.reason, tc.path, diff)
			}
			if found != (tc.want != nil) {
				t.Errorf("%s\nlookup(%q): want found %t, got %t", tc.reason, tc.path, tc.want != nil, found)
			}
		})
	}
}
