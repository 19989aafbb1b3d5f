package document

import (
	"encoding/json"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"
)

// TestSize compares the size of any value with the length of the JSON that Go writes, and so the API server.
func TestSize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		v := value(3).Draw(t, "value")
		want, err := json.Marshal(v.AsInterface())
		if err != nil {
			t.Fatal(err)
		}
		if got := Size(v); got != len(want) {
			t.Errorf("want %d bytes, got %d for %s", len(want), got, want)
		}
	})
}

// value of any kind, and of so many levels at most.
func value(levels int) *rapid.Generator[*structpb.Value] {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("\x00\x07\b\f\n\r\t\"\\<>&\x7f\u00e9\u2028\u2029\U0001f600\ufffd"))))
	kinds := []*rapid.Generator[*structpb.Value]{
		rapid.Map(text, structpb.NewStringValue),
		rapid.Map(rapid.Float64(), structpb.NewNumberValue),
		rapid.Map(rapid.Bool(), structpb.NewBoolValue),
		rapid.Just(structpb.NewNullValue()),
	}
	if levels > 0 {
		kinds = append(kinds,
			rapid.Map(rapid.SliceOfN(value(levels-1), 0, 4), func(items []*structpb.Value) *structpb.Value {
				return structpb.NewListValue(&structpb.ListValue{Values: items})
			}),
			rapid.Map(rapid.MapOfN(text, value(levels-1), 0, 4), func(members map[string]*structpb.Value) *structpb.Value {
				return structpb.NewStructValue(&structpb.Struct{Fields: members})
			}))
	}
	return rapid.OneOf(kinds...)
}
