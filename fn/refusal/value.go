package refusal

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// maxValue is how many characters of a value are shown: any usual ARN, and not all of a claim, as a refusal becomes a condition's message.
const maxValue = 128

// Show a value of JSON types: text in quotes, and no more than a condition can hold.
func Show(x any) string {
	switch v := x.(type) {
	case nil, field.OmitValueType:
		return ""
	case string:
		return strconv.Quote(cut(v))
	case map[string]any, []any:
		return cut(compact(v))
	default:
		return cut(fmt.Sprint(v))
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
