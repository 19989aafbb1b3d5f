package golden

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
)

// A tree is an object as goldens have it: a string that is JSON is {$json: what it says}.
type tree map[string]any

// UnmarshalJSON keeps whole numbers such.
func (t *tree) UnmarshalJSON(b []byte) error {
	return utiljson.Unmarshal(b, (*map[string]any)(t))
}

// Keys of a tree with a meaning of their own. Each key of an object that begins with mark has another one before it.
const (
	mark = "$"

	// parsed is the only key of what stands for a string of JSON.
	parsed = mark + "json"
)

// unfold strings that are JSON.
func unfold(v any) any {
	escape := func(key string) string {
		if strings.HasPrefix(key, mark) {
			return mark + key
		}
		return key
	}
	return rewrite(v, escape, func(v any) (any, bool) {
		s, ok := v.(string)
		if !ok {
			return nil, false
		}
		if says, ok := parseJSON(s); ok {
			return map[string]any{parsed: unfold(says)}, true
		}
		return s, true
	})
}

// fold what unfold has unfolded. The keys of JSON are sorted now.
func fold(v any) any {
	unescape := func(key string) string { return strings.TrimPrefix(key, mark) }
	return rewrite(v, unescape, func(v any) (any, bool) {
		m, _ := v.(map[string]any)
		says, ok := m[parsed]
		if !ok || len(m) > 1 {
			return nil, false
		}
		return string(toJSON(fold(says))), true
	})
}

// parseJSON of an object or a list. Any text that is not what toJSON writes of it, but for the order of its keys, is taken for text:
// space, another way to write a number or a key that is there twice would be lost.
func parseJSON(s string) (says any, ok bool) {
	if !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "[") {
		return nil, false
	}
	// utiljson keeps whole numbers such in objects only.
	var object map[string]any
	if err := utiljson.Unmarshal([]byte(`{"says":`+s+`}`), &object); err != nil || len(object) != 1 {
		return nil, false
	}
	return object["says"], slices.Equal(sorted([]byte(s)), sorted(toJSON(object["says"])))
}

func sorted(b []byte) []byte {
	slices.Sort(b)
	return b
}

// toJSON writes what has been read from JSON or YAML, as the function does: without space, and with <, > and & as they are.
func toJSON(v any) []byte {
	b := bytes.Buffer{}
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // It consists of maps, lists, strings, numbers, booleans and null.
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// rewrite keys and values. What replace has replaced stays as it is.
func rewrite(v any, key func(string) string, replace func(v any) (with any, ok bool)) any {
	if with, ok := replace(v); ok {
		return with
	}
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[key(k)] = rewrite(e, key, replace)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = rewrite(e, key, replace)
		}
		return list
	default:
		return v
	}
}

// replace a text in all keys and strings.
func (t tree) replace(text, with string) tree {
	if text == with {
		return t
	}
	in := strings.NewReplacer(text, with).Replace
	replaced, _ := rewrite(map[string]any(t), in, func(v any) (any, bool) {
		s, ok := v.(string)
		return in(s), ok
	}).(map[string]any)
	return replaced
}
