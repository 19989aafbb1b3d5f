package golden

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnfold(t *testing.T) {
	type m = map[string]any
	cases := map[string]struct {
		reason string
		value  any
		want   any
	}{
		"Object":      {reason: "JSON should be parsed, and its whole numbers stay such.", value: `{"b":[1,2.5],"a":null}`, want: m{"$json": m{"a": nil, "b": []any{int64(1), 2.5}}}},
		"List":        {reason: "A list should be parsed too.", value: `["a"]`, want: m{"$json": []any{"a"}}},
		"Nested":      {reason: "JSON in JSON should be parsed.", value: `{"a":"{\"b\":1}"}`, want: m{"$json": m{"a": m{"$json": m{"b": int64(1)}}}}},
		"InLists":     {reason: "Every string should be looked at.", value: m{"list": []any{`{}`, `x`}}, want: m{"list": []any{m{"$json": m{}}, `x`}}},
		"Structure":   {reason: "What looks like parsed JSON and is none should not be taken for it.", value: m{"$json": m{"a": int64(1)}}, want: m{"$$json": m{"a": int64(1)}}},
		"Scalars":     {reason: "Numbers and words are not worth it.", value: []any{`1`, `true`, `null`, `"a"`, ``}, want: []any{`1`, `true`, `null`, `"a"`, ``}},
		"NotJSON":     {reason: "Text that only begins like JSON should stay.", value: `{% $x %}`, want: `{% $x %}`},
		"Two":         {reason: "There should be nothing after the JSON.", value: `{}{}`, want: `{}{}`},
		"Injected":    {reason: "There should be nothing beside the JSON.", value: `[1],"x":[2]`, want: `[1],"x":[2]`},
		"Space":       {reason: "Space in JSON would be lost.", value: `{"a": 1}`, want: `{"a": 1}`},
		"LastSpace":   {reason: "Space after JSON would be lost.", value: "{\"a\":1}\n", want: "{\"a\":1}\n"},
		"Number":      {reason: "How a number is written would be lost.", value: `{"a":1.0}`, want: `{"a":1.0}`},
		"Twice":       {reason: "One of two keys would be lost.", value: `{"a":1,"a":1}`, want: `{"a":1,"a":1}`},
		"HTMLEscaped": {reason: "How a letter is written would be lost.", value: `{"a":"\u003c"}`, want: `{"a":"\u003c"}`},
		"NotEscaped":  {reason: "It should be written as the function writes it.", value: `{"a":"<&>"}`, want: m{"$json": m{"a": "<&>"}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := unfold(tc.value)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nunfold(...): -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(sortKeys(tc.value), fold(got)); diff != "" {
				t.Errorf("%s\nfold(unfold(...)): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// sortKeys is what folding makes of the one case whose keys are not sorted.
func sortKeys(v any) any {
	if v == `{"b":[1,2.5],"a":null}` {
		return `{"a":null,"b":[1,2.5]}`
	}
	return v
}
