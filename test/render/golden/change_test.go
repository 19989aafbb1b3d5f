package golden

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChange(t *testing.T) {
	type m = map[string]any
	type l = []any
	text := strings.Repeat("text", 10)
	cases := map[string]struct {
		reason   string
		from, to any
		want     any
	}{
		"Key":         {reason: "Only the key that differs should be there.", from: m{"a": "1", "b": "2"}, to: m{"a": "1", "b": "3"}, want: m{"b": "3"}},
		"NewKey":      {reason: "A new key should be there, also if it is null.", from: m{}, to: m{"a": nil}, want: m{"a": nil}},
		"Without":     {reason: "A key that is gone should be named.", from: m{"a": "1", "b": "2"}, to: m{}, want: m{"$without": l{"a", "b"}}},
		"Deep":        {reason: "Of a map in a map too only what differs should be there.", from: m{"a": m{"b": "1", "c": "1"}}, to: m{"a": m{"b": "1"}}, want: m{"a": m{"$without": l{"c"}}}},
		"Kind":        {reason: "A value of another kind should be there whole.", from: m{"a": m{"b": "1"}}, to: m{"a": l{"b"}}, want: m{"a": l{"b"}}},
		"FromList":    {reason: "So should a map that was a list.", from: m{"a": l{"b"}}, to: m{"a": m{"b": "1"}}, want: m{"a": m{"b": "1"}}},
		"NotJSON":     {reason: "So should text that was JSON.", from: m{"a": m{"$json": m{"b": "1"}}}, to: m{"a": `{"b": "1"}`}, want: m{"a": `{"b": "1"}`}},
		"NotText":     {reason: "And a structure that was JSON.", from: m{"a": m{"$json": m{"b": "1"}}}, to: m{"a": m{"b": "1"}}, want: m{"a": m{"$without": l{"$json"}, "b": "1"}}},
		"ShortList":   {reason: "A short list should be there whole.", from: l{"a", "b"}, to: l{"b"}, want: l{"b"}},
		"Append":      {reason: "All of the base's elements should be kept, however many they are.", from: l{text, text, text}, to: l{text, text, text, "b"}, want: edited(m{"keep": "rest"}, m{"add": "b"})},
		"Prepend":     {reason: "An element may be the first.", from: l{text, text}, to: l{"b", text, text}, want: edited(m{"add": "b"}, m{"keep": "rest"})},
		"Drop":        {reason: "Elements may go.", from: l{text, "a", "b", text, text}, to: l{text, text, text}, want: edited(m{"keep": int64(1)}, m{"drop": int64(2)}, m{"keep": "rest"})},
		"Change":      {reason: "Of an element that differs only that should be there, and its name.", from: l{m{"name": "a", "b": text, "c": "1"}, text}, to: l{m{"name": "a", "b": text, "c": "2"}, text}, want: edited(m{"change": m{"name": "a", "c": "2"}}, m{"keep": "rest"})},
		"Rename":      {reason: "An element's name may differ.", from: l{m{"name": "a", "b": text}}, to: l{m{"name": "b", "b": text}}, want: edited(m{"change": m{"name": "b"}})},
		"List":        {reason: "A list in a list has edits too.", from: l{l{text, text}}, to: l{l{text, text, "b"}}, want: edited(m{"change": edited(m{"keep": "rest"}, m{"add": "b"})})},
		"NewElements": {reason: "A list of which nothing is left should be there whole.", from: l{"a", "b"}, to: l{text}, want: l{text}},
		"NoElements":  {reason: "A list may become empty.", from: l{text}, to: l{}, want: l{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := changeOf(tc.from, tc.to)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nchangeOf(...): -want, +got:\n%s", tc.reason, diff)
			}
			to, err := changed(tc.from, got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.to, to); diff != "" {
				t.Errorf("%s\nchanged(changeOf(...)): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func edited(edits ...any) map[string]any {
	return map[string]any{"$list": edits}
}

// TestChangeOfAnotherBase checks that a base may change where a case does not differ from it, and that nothing is made up where it does.
func TestChangeOfAnotherBase(t *testing.T) {
	type m = map[string]any
	type l = []any
	cases := map[string]struct {
		reason string
		base   any
		change any
		want   any
		err    string
	}{
		"OtherKey":     {reason: "The base's other keys should be its own.", base: m{"a": "1", "b": "9"}, change: m{"a": "2"}, want: m{"a": "2", "b": "9"}},
		"MoreToKeep":   {reason: "The base may have got more elements.", base: l{"a", "b", "c"}, change: edited(m{"keep": "rest"}, m{"add": "z"}), want: l{"a", "b", "c", "z"}},
		"NoneToKeep":   {reason: "The base may have no elements left to keep.", base: l{"a"}, change: edited(m{"keep": "rest"}, m{"drop": int64(1)}), want: l{}},
		"NoKey":        {reason: "What is not there cannot go.", base: m{}, change: m{"$without": l{"a"}}, err: `the base has no "a" to leave out`},
		"NoList":       {reason: "What is not there has no elements.", base: m{}, change: m{"a": edited(m{"keep": "rest"})}, err: "a: the base has no list to edit"},
		"TooFew":       {reason: "There should be as many elements as the edits need.", base: l{"a"}, change: edited(m{"keep": "rest"}, m{"drop": int64(2)}), err: "edits are of a list of 2 elements, and the base's has 1"},
		"TooMany":      {reason: "There should be no more elements than the edits are of.", base: l{"a", "b"}, change: edited(m{"keep": int64(1)}), err: "edits are of a list of 1 elements, and the base's has 2"},
		"TwoRests":     {reason: "Edits should have one meaning.", base: l{"a", "b"}, change: edited(m{"keep": "rest"}, m{"keep": "rest"}), err: "edits keep the rest twice"},
		"UnknownVerb":  {reason: "A misspelt edit should not go unnoticed.", base: l{"a"}, change: edited(m{"kepe": int64(1)}), err: "cannot read edit map[kepe:1]"},
		"NegativeEdit": {reason: "A count should be one.", base: l{"a"}, change: edited(m{"keep": int64(-1)}), err: "cannot read edit map[keep:-1]"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := toJSON(tc.base)
			got, err := changed(tc.base, tc.change)
			if err != nil && err.Error() != tc.err || err == nil && tc.err != "" {
				t.Errorf("%s\nwant error %q, got %v", tc.reason, tc.err, err)
			}
			if diff := cmp.Diff(tc.want, got); err == nil && diff != "" {
				t.Errorf("%s\nchanged(...): -want, +got:\n%s", tc.reason, diff)
			}
			if !reflect.DeepEqual(before, toJSON(tc.base)) {
				t.Errorf("want the base as it was, %s, got %s", before, toJSON(tc.base))
			}
		})
	}
}
