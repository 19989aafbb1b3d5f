package schema

import (
	"encoding/json"
	"strings"
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

func TestShorten(t *testing.T) {
	list := func(length int) []any { return []any{strings.Repeat("x", length-len(`[""]`))} }
	cases := map[string]struct {
		reason string
		value  any
		want   any
	}{
		"Number":     {reason: "A number is short.", value: 7.5, want: 7.5},
		"Text":       {reason: "A text that fits should stay.", value: strings.Repeat("é", maxValue), want: strings.Repeat("é", maxValue)},
		"LongText":   {reason: "A longer one should be cut, and say so.", value: strings.Repeat("é", maxValue+1), want: strings.Repeat("é", maxValue) + "..."},
		"Object":     {reason: "An object should be told as JSON.", value: map[string]any{"a": true}, want: json.RawMessage(`{"a":true}`)},
		"List":       {reason: "So should a list that just fits.", value: list(maxValue), want: json.RawMessage(`["` + strings.Repeat("x", maxValue-4) + `"]`)},
		"LongList":   {reason: "A longer one should be cut like text.", value: list(maxValue + 1), want: `["` + strings.Repeat("x", maxValue-3) + `"...`},
		"NotForJSON": {reason: "What JSON cannot hold should be told by its type.", value: []any{func() {}}, want: "[]interface {}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, shorten(tc.value)); diff != "" {
				t.Errorf("%s\nshorten(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
