package patch

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMerge(t *testing.T) {
	type object = map[string]any
	cases := map[string]struct {
		reason            string
		into, patch, want object
	}{
		"Nothing": {reason: "An empty patch changes nothing.", into: object{"a": 1}, want: object{"a": 1}},
		"Merged": {
			reason: "Objects are merged, and what the patch does not name stays.",
			into:   object{"a": object{"b": 1, "c": 2}, "d": 3}, patch: object{"a": object{"c": 4}},
			want: object{"a": object{"b": 1, "c": 4}, "d": 3},
		},
		"Taken":    {reason: "Null takes a field away.", into: object{"a": object{"b": 1, "c": 2}}, patch: object{"a": object{"c": nil}}, want: object{"a": object{"b": 1}}},
		"Replaced": {reason: "Anything but an object is replaced.", into: object{"a": []any{1, 2}, "b": 1}, patch: object{"a": []any{3}, "b": object{"c": 1}}, want: object{"a": []any{3}, "b": object{"c": 1}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := Merge(tc.into, nil)
			if diff := cmp.Diff(tc.want, Merge(tc.into, tc.patch)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(before, tc.into); diff != "" {
				t.Errorf("want the object to stay as it is, -before, +after:\n%s", diff)
			}
		})
	}
}
