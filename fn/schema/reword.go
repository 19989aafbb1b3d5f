package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxValue is how many characters of a value an error shows.
const maxValue = 64

// reword makes an error of the API server's libraries name the value that it is about, if there is one, and say what is
// allowed in plain words. Long values are cut: a claim can be large, and an error becomes a condition's message.
func reword(err *field.Error, value any, found bool) {
	// The libraries repeat the field, which the error already begins with.
	if _, detail, ok := strings.Cut(err.Detail, " in body "); ok {
		err.Detail = detail
	}

	switch err.Type {
	case field.ErrorTypeRequired, field.ErrorTypeTooMany:
		// There is no value, or it is the number of items, which says more than the items.
		return
	case field.ErrorTypeForbidden:
		// An error of this type has no value.
		short := shorten(value)
		if raw, ok := short.(json.RawMessage); ok {
			short = string(raw)
		}
		err.Detail += fmt.Sprintf(", not %v", short)
		return
	case field.ErrorTypeTooLong:
		// An error of this type hides the value, and speaks of bytes.
		err.Type = field.ErrorTypeInvalid
		err.Detail = strings.ReplaceAll(err.Detail, "bytes", "characters")
	case field.ErrorTypeTypeInvalid:
		// The detail says which type it is. An object in place of a scalar may be of any size and depth.
		if isContainer(value) {
			err.BadValue = field.OmitValueType{}
			return
		}
	default:
	}
	if found {
		err.BadValue = shorten(value)
	}
}

// lookup finds the value at a path, such as source.owner, notifications.emails[0] or tags[team]. Keys may have dots in them.
func lookup(x any, path string) (any, bool) {
	if path == "" {
		return x, true
	}
	switch v := x.(type) {
	case map[string]any:
		for end := len(path); end > 0; end = strings.LastIndexAny(path[:end], ".[") {
			if child, ok := v[path[:end]]; ok {
				return lookup(child, strings.TrimPrefix(path[end:], "."))
			}
		}
		if key, ok := strings.CutPrefix(path, "["); ok {
			child, found := v[strings.TrimSuffix(key, "]")]
			return child, found
		}
	case []any:
		index, rest, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		if i, err := strconv.Atoi(index); err == nil && i >= 0 && i < len(v) {
			return lookup(v[i], strings.TrimPrefix(rest, "."))
		}
	}
	return nil, false
}

// isContainer is true of objects and arrays.
func isContainer(x any) bool {
	switch x.(type) {
	case map[string]any, []any:
		return true
	default:
		return false
	}
}

// shorten returns a value that is not too long to be printed.
func shorten(x any) any {
	switch v := x.(type) {
	case string:
		return cut(v)
	case map[string]any, []any:
		b := &bytes.Buffer{}
		e := json.NewEncoder(b)
		// A person reads it, not a browser.
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return fmt.Sprintf("%T", v)
		}
		j := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
		if len(j) <= maxValue {
			return json.RawMessage(j)
		}
		return cut(string(j))
	default:
		return v
	}
}

// cut shortens a text, never within a character.
func cut(s string) string {
	n := 0
	for i := range s {
		if n == maxValue {
			return s[:i] + "..."
		}
		n++
	}
	return s
}
