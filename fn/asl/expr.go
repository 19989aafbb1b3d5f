package asl

import (
	"encoding/json"
	"strings"
)

// An Expr is a JSONata expression. Where it stands in a state, Step Functions puts its value.
type Expr string

// MarshalText returns the expression with the marks by which the States Language knows it.
func (e Expr) MarshalText() ([]byte, error) {
	return []byte("{% " + string(e) + " %}"), nil
}

// Quote returns the supplied text as a JSONata string. The percent signs of an expression's marks are written as escapes, so that text from
// outside can never end the expression it stands in. All else stays as short as JSON has it.
func Quote(text string) Expr {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // Text always marshals.
	}
	return Expr(escapeMarks.Replace(strings.TrimSuffix(b.String(), "\n")))
}

// escapeMarks writes the percent sign of each mark as an escape. In {%} one sign belongs to both.
var escapeMarks = strings.NewReplacer("{%", `{\u0025`, "%}", `\u0025}`)

// Join expressions into one, with the separator between them.
func Join(expressions []Expr, separator string) Expr {
	texts := make([]string, len(expressions))
	for i, e := range expressions {
		texts[i] = string(e)
	}
	return Expr(strings.Join(texts, separator))
}

// Literal returns the supplied JSON value such that Step Functions takes it as it is: text with the marks of an
// expression in it is quoted.
func Literal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, member := range v {
			out[k] = Literal(member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = Literal(item)
		}
		return out
	case string:
		if strings.Contains(v, "{%") || strings.Contains(v, "%}") {
			return Quote(v)
		}
		return v
	default:
		return v
	}
}
