package refusal

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// How many characters of each part of a refusal are told, as it becomes a condition's message.
const (
	// maxValue has room for any usual ARN.
	maxValue = 128

	// maxField has room for each path that the API has.
	maxField = 256

	// maxAllowed has room for the fields of each object of the API, and for some patterns.
	maxAllowed = 1024
)

// Show a value of JSON types: text in quotes, and no more than a condition can hold.
func Show(x any) string {
	switch v := x.(type) {
	case nil, field.OmitValueType:
		return ""
	case string:
		return strconv.Quote(cut(v, maxValue))
	case map[string]any, []any:
		return cut(compact(v), maxValue)
	default:
		return cut(fmt.Sprint(v), maxValue)
	}
}

// compact JSON of a value.
func compact(x any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	// A person reads it, not a browser.
	e.SetEscapeHTML(false)
	if err := e.Encode(x); err != nil {
		return fmt.Sprintf("%T", x)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// cut a text to so many characters.
func cut(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "..."
		}
		n++
	}
	return s
}
