package interpreter

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestExpression holds what JSONata 2.0.6, which Step Functions runs, makes of each expression.
func TestExpression(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	in := scope{
		now:       now,
		variables: map[string]any{"text": "a", "nothing": nil},
		states: map[string]any{"input": map[string]any{
			"n": 5.0, "nul": nil, "zero": 0.0, "one": map[string]any{"k": "v"},
			"list": []any{map[string]any{"k": "k1", "v": "x"}, map[string]any{"k": "k2", "v": "y"}},
		}},
	}
	cases := map[string]struct {
		reason string
		source string
		want   any
		err    string
	}{
		"Member":          {reason: "A member of the input is found.", source: "$states.input.one.k", want: "v"},
		"Variable":        {reason: "A variable is found.", source: "$text & 'b'", want: "ab"},
		"Nothing":         {reason: "What has no value is an error.", source: "$states.input.nope", err: ErrQuery},
		"NullExists":      {reason: "Null is something.", source: "$exists($states.input.nul)", want: true},
		"NullIsNull":      {reason: "Null equals null.", source: "$states.input.nul = null and $nothing = null", want: true},
		"NullMember":      {reason: "An object keeps a member that is null.", source: "{'a': $states.input.nul}", want: map[string]any{"a": nil}},
		"NothingMember":   {reason: "An object loses a member that has no value.", source: "{'a': $states.input.nope}", want: map[string]any{}},
		"NullType":        {reason: "The type of null has a name.", source: "$type($states.input.nul)", want: "null"},
		"NotNothing":      {reason: "The opposite of nothing is nothing.", source: "$not($states.input.nope)", err: ErrQuery},
		"NotExists":       {reason: "The opposite of false is true.", source: "$not($exists($states.input.nope))", want: true},
		"FilterOne":       {reason: "One item that is left stands alone.", source: "$filter([1, 2], function($v) { $v > 1 })", want: 2.0},
		"FilterNone":      {reason: "No item that is left is nothing.", source: "$filter([1, 2], function($v) { $v > 5 })", err: ErrQuery},
		"FilterMany":      {reason: "More items stay a list.", source: "$filter([1, 2, 3], function($v) { $v > 1 })", want: []any{2.0, 3.0}},
		"MapOne":          {reason: "One item stands alone.", source: "$map([1], function($v) { $v + 1 })", want: 2.0},
		"MatchOne":        {reason: "One match stands alone, and can be taken as the first.", source: "$match('x d-1 y', /d-[0-9]+/)[0].match", want: "d-1"},
		"MatchNone":       {reason: "No match is nothing.", source: "$exists($match('x', /y/))", want: false},
		"Predicate":       {reason: "A predicate that leaves one item leaves it alone.", source: "$states.input.list[v = 'y'].k", want: "k2"},
		"KeepList":        {reason: "Empty brackets keep the list.", source: "$states.input.list[v = 'y'].k[]", want: []any{"k2"}},
		"Milliseconds":    {reason: "Times are parsed.", source: "$toMillis('2026-01-02T03:04:05.123Z')", want: 1767323045123.0},
		"Now":             {reason: "The time is the virtual clock's.", source: "$now()", want: "2026-01-02T03:04:05.000Z"},
		"Millis":          {reason: "The time is the virtual clock's.", source: "$millis()", want: float64(now.UnixMilli())},
		"Parse":           {reason: "JSON is parsed.", source: "$parse('{\"a\": null}')", want: map[string]any{"a": nil}},
		"ParseMalformed":  {reason: "Text that is no JSON is an error.", source: "$parse('{')", err: ErrQuery},
		"TypeError":       {reason: "A wrong type is an error.", source: "1 + 'a'", err: ErrQuery},
		"Function":        {reason: "A function is no JSON.", source: "function($x) { $x }", err: ErrQuery},
		"Conditional":     {reason: "Zero counts as false.", source: "$states.input.zero ? 1 : 2", want: 2.0},
		"MergeSkips":      {reason: "A list loses what has no value.", source: "$merge([{'a': 1}, $states.input.nope])", want: map[string]any{"a": 1.0}},
		"EscapedPercent":  {reason: "An escape in text is read.", source: `"\u0025"`, want: "%"},
		"NumberAsText":    {reason: "A whole number is written without a point.", source: "$string(1767323045)", want: "1767323045"},
		"TextAsCondition": {reason: "A comparison with nothing is false.", source: "$states.input.nope = 'a'", want: false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			e, err := parseExpression(tc.source)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.evaluate(in)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			var failure *Error
			if errors.As(err, &failure); tc.err != "" && (failure == nil || failure.Name != tc.err) || tc.err == "" && err != nil {
				t.Errorf("%s\nwant error %q, got %v", tc.reason, tc.err, err)
			}
		})
	}
}

// TestHash compares $hash with what coreutils make of the same text.
func TestHash(t *testing.T) {
	e, err := parseExpression("$hash('abc', 'SHA-256')")
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.evaluate(scope{})
	if want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; err != nil || got != want {
		t.Errorf("want %s, got %v, %v", want, got, err)
	}
	if e, err = parseExpression("$hash('abc', 'MD5')"); err != nil {
		t.Fatal(err)
	}
	if got, err := e.evaluate(scope{}); err == nil {
		t.Errorf("want an error, got %v", got)
	}
}
