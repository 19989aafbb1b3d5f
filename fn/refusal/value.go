package refusal

import (
	"encoding/json"
	"fmt"
	"math"
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
	case float64:
		return cut(number(v), maxValue)
	default:
		return cut(fmt.Sprint(v), maxValue)
	}
}

// number as a person has written it: the id of an account has no exponent.
func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
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
