package asl

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuote(t *testing.T) {
	cases := map[string]struct {
		reason string
		text   string
		want   Expr
	}{
		"Empty":      {reason: "No text is a string too.", text: "", want: `""`},
		"Plain":      {reason: "Plain text is put in quotes.", text: "it's live", want: `"it's live"`},
		"Quotes":     {reason: "Quotes and backslashes are escaped.", text: `a "b" \c`, want: `"a \"b\" \\c"`},
		"Lines":      {reason: "A string is on one line.", text: "a\n\tb", want: `"a\n\tb"`},
		"Expression": {reason: "The marks of an expression cannot occur in one.", text: "{% $x %}", want: `"{\u0025 $x \u0025}"`},
		"BothMarks":  {reason: "One percent sign can belong to two marks.", text: "{%}{%%}", want: `"{\u0025}{\u0025\u0025}"`},
		"Percent":    {reason: "A percent sign alone marks nothing.", text: "5 %", want: `"5 %"`},
		"Short":      {reason: "No character grows that JSON takes as it is.", text: "{%%%<&>", want: `"{\u0025%%<&>"`},
		"Unicode":    {reason: "Text is not only ASCII.", text: "über", want: `"über"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := Quote(tc.text)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nQuote(%q): -want, +got:\n%s", tc.reason, tc.text, diff)
			}
			// JSONata reads strings in double quotes as JSON does.
			var read string
			if err := json.Unmarshal([]byte(got), &read); err != nil {
				t.Fatalf("%s\ncannot read %s: %v", tc.reason, got, err)
			}
			if diff := cmp.Diff(tc.text, read); diff != "" {
				t.Errorf("%s\nQuote(%q) read back: -want, +got:\n%s", tc.reason, tc.text, diff)
			}
		})
	}
}

func TestJoin(t *testing.T) {
	for want, expressions := range map[Expr][]Expr{"": nil, "$a": {"$a"}, "$a & $b & 1": {"$a", "$b", "1"}} {
		if got := Join(expressions, " & "); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestLiteral(t *testing.T) {
	cases := map[string]struct {
		reason string
		value  any
		want   any
	}{
		"Nil":        {reason: "A null stays.", value: nil, want: nil},
		"Number":     {reason: "A number stays.", value: 1.5, want: 1.5},
		"Bool":       {reason: "A boolean stays.", value: true, want: true},
		"Text":       {reason: "Plain text stays.", value: "a $b {c}", want: "a $b {c}"},
		"Inside":     {reason: "Marks inside a text are quoted too: no documentation says what they would do.", value: "a {% b %} c", want: Quote("a {% b %} c")},
		"Expression": {reason: "Text that looks like an expression is quoted.", value: "{% $x %}", want: Quote("{% $x %}")},
		"HalfOpen":   {reason: "So is text that would be a broken expression.", value: "{% $x", want: Quote("{% $x")},
		"Nested": {
			reason: "Quoting reaches everywhere but into keys, which are never evaluated.",
			value:  map[string]any{"{% k %}": []any{"{% 1 %}", map[string]any{"a": "{%", "b": "c"}}},
			want:   map[string]any{"{% k %}": []any{Quote("{% 1 %}"), map[string]any{"a": Quote("{%"), "b": "c"}}},
		},
		"Empty": {reason: "An empty object stays an object.", value: map[string]any{}, want: map[string]any{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Literal(tc.value)); diff != "" {
				t.Errorf("%s\nLiteral(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestLiteralLeavesItsArgument checks that the claim's own event is not changed.
func TestLiteralLeavesItsArgument(t *testing.T) {
	event := map[string]any{"a": []any{"{% 1 %}"}}
	Literal(event)
	if diff := cmp.Diff(map[string]any{"a": []any{"{% 1 %}"}}, event); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// FuzzLiteral checks that no text becomes an expression that is not a quoted string.
func FuzzLiteral(f *testing.F) {
	for _, seed := range []string{"", "plain", "{%", "{% $x %}", `{% " & $x & " %}`, "{%%}", `{%\`, "{%\x00%}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		written, err := json.Marshal(Literal(text))
		if err != nil {
			t.Fatalf("cannot marshal: %v", err)
		}
		var read string
		if err := json.Unmarshal(written, &read); err != nil {
			t.Fatalf("cannot parse: %v", err)
		}
		// JSON has no bytes that are not UTF-8.
		text = strings.ToValidUTF8(text, "\ufffd")
		body, opens := strings.CutPrefix(read, "{%")
		if !opens {
			if read != text {
				t.Errorf("want the text %q as it is, got %q", text, read)
			}
			return
		}
		body, closes := strings.CutSuffix(body, "%}")
		var quoted string
		if !closes || strings.Contains(body, "{%") || strings.Contains(body, "%}") || json.Unmarshal([]byte(body), &quoted) != nil || quoted != text {
			t.Errorf("want %q as one quoted string, got %s", text, read)
		}
	})
}
