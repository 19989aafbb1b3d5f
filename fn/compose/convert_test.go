package compose

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestToValue(t *testing.T) {
	type inner struct {
		Text string `json:"text"`
	}
	cases := map[string]struct {
		reason string
		value  any
		want   any
		err    string
	}{
		"Nothing":   {reason: "A nil is a null.", value: (*inner)(nil)},
		"Numbers":   {reason: "Numbers of all sorts are numbers.", value: []any{1, int32(2), int64(3), 4.5}, want: []any{1.0, 2.0, 3.0, 4.5}},
		"Unset":     {reason: "What is optional and not set should be left out, and nothing else.", want: map[string]any{"kept": ""}, value: fieldsOfAllSorts{}},
		"Set":       {reason: "What JSON would not tell should not be told.", want: map[string]any{"kept": "a", "empty": "b", "zero": 1.0}, value: fieldsOfAllSorts{Kept: "a", Empty: "b", Zero: 1, Dropped: "c", hidden: "d"}},
		"Map":       {reason: "A map should be an object.", value: map[string]inner{"a": {Text: "b"}}, want: map[string]any{"a": map[string]any{"text": "b"}}},
		"InField":   {reason: "What cannot be converted should be named by its field.", value: fieldsOfNoSort{}, err: "bad: cannot convert a chan int"},
		"InList":    {reason: "An item that cannot be converted is an error.", value: []chan int{nil}, err: "cannot convert a chan int"},
		"InMap":     {reason: "So is a member.", value: map[string]chan int{"a": nil}, err: "cannot convert a chan int"},
		"InPointer": {reason: "So is what is pointed to.", value: new(make(chan int)), err: "cannot convert a chan int"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := toValue(reflect.ValueOf(tc.value))
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Errorf("%s\ntoValue(...): want error %q, got %v", tc.reason, tc.err, err)
				}
				return
			}
			if err != nil {
				t.Fatalf("%s\ntoValue(...): %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, got.AsInterface()); diff != "" {
				t.Errorf("%s\ntoValue(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// fieldsOfNoSort have one that no object has.
type fieldsOfNoSort struct {
	Bad chan int `json:"bad"`
}

// fieldsOfAllSorts are tagged in the ways that Kubernetes types are.
type fieldsOfAllSorts struct {
	Dropped string `json:"-"`
	Kept    string `json:"kept"`
	Empty   string `json:"empty,omitempty"`
	Zero    int    `json:"zero,omitzero"`

	hidden string
}
