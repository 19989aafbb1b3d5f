// Package document writes the documents that AWS takes as JSON in a text field.
package document

import (
	"encoding/json"
	"strings"
)

// JSON of a document that is made of texts, numbers, lists and maps, which always marshal. It escapes nothing for HTML: people read
// these documents in AWS's console.
func JSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err)
	}
	return strings.TrimSpace(b.String())
}

// Bytes is how many bytes such a document has as the API server keeps it, which escapes for HTML: each <, > and & has six.
func Bytes(v any) int {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return len(b)
}
