package interpreter

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A template is a JSON value in which strings of the form {% … %} are expressions.
type template struct {
	set  bool
	root any
}

// UnmarshalJSON parses every expression in the value.
func (t *template) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	root, err := parseTemplate(v)
	*t = template{set: true, root: root}
	return err
}

func parseTemplate(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			if v[k], err = parseTemplate(v[k]); err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
		}
	case []any:
		for i := range v {
			if v[i], err = parseTemplate(v[i]); err != nil {
				return nil, fmt.Errorf("%d: %w", i, err)
			}
		}
	case string:
		source, ok := strings.CutPrefix(v, "{%")
		if !ok {
			return v, nil
		}
		if source, ok = strings.CutSuffix(source, "%}"); !ok {
			return nil, fmt.Errorf("an expression must be a whole string: %q", v)
		}
		return parseExpression(strings.TrimSpace(source))
	}
	return v, nil
}

// expressions in the template, in order.
func (t template) expressions() []*expression {
	return expressionsIn(t.root)
}

func expressionsIn(v any) []*expression {
	var found []*expression
	switch v := v.(type) {
	case *expression:
		found = append(found, v)
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			found = append(found, expressionsIn(v[k])...)
		}
	case []any:
		for _, item := range v {
			found = append(found, expressionsIn(item)...)
		}
	}
	return found
}

// evaluate returns the template's value, with every expression replaced by its own.
func (t template) evaluate(s scope) (any, error) {
	return evaluateIn(t.root, s)
}

func evaluateIn(v any, s scope) (any, error) {
	switch v := v.(type) {
	case *expression:
		return v.evaluate(s)
	case map[string]any:
		out := make(map[string]any, len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			member, err := evaluateIn(v[k], s)
			if err != nil {
				return nil, err
			}
			out[k] = member
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			item, err := evaluateIn(v[i], s)
			if err != nil {
				return nil, err
			}
			out[i] = item
		}
		return out, nil
	default:
		return v, nil
	}
}
