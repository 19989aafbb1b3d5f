package document

import (
	"encoding/json"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/structpb"
)

// escaped is how many bytes a character has that JSON writes as \u and four digits.
const escaped = len(`\u003c`)

// Size is how many bytes a value has as JSON, as the API server keeps it: each <, > and & has six.
func Size(v *structpb.Value) int {
	switch kind := v.GetKind().(type) {
	case *structpb.Value_StructValue:
		n := list(len(kind.StructValue.GetFields()))
		for name, member := range kind.StructValue.GetFields() {
			n += sizeOfText(name) + len(":") + Size(member)
		}
		return n
	case *structpb.Value_ListValue:
		n := list(len(kind.ListValue.GetValues()))
		for _, item := range kind.ListValue.GetValues() {
			n += Size(item)
		}
		return n
	case *structpb.Value_StringValue:
		return sizeOfText(kind.StringValue)
	default: // A number, true, false or null.
		b, _ := json.Marshal(v.AsInterface()) //nolint:errchkjson // Whatever is no number came from no JSON.
		return len(b)
	}
}

// list is what brackets and commas take of so many members.
func list(members int) int {
	return len("[]") + max(0, members-1)
}

func sizeOfText(s string) int {
	n := len(`""`)
	for i := 0; i < len(s); {
		r, width := utf8.DecodeRuneInString(s[i:])
		n += sizeOfRune(r, width)
		i += width
	}
	return n
}

func sizeOfRune(r rune, width int) int {
	switch r {
	case '"', '\\', '\b', '\f', '\n', '\r', '\t':
		return len(`\n`)
	case '<', '>', '&', '\u2028', '\u2029':
		return escaped
	}
	if r < ' ' || r == utf8.RuneError && width == 1 {
		return escaped
	}
	return width
}
