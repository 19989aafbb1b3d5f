package golden

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestHappen(t *testing.T) {
	widget := func(name string, teeth int64) *unstructured.Unstructured {
		u := &unstructured.Unstructured{Object: map[string]any{"status": map[string]any{"teeth": teeth}}}
		u.SetAnnotations(map[string]string{"crossplane.io/composition-resource-name": name})
		return u
	}
	cases := map[string]struct {
		reason string
		but    map[string]json.RawMessage
		want   []*unstructured.Unstructured
		err    string
	}{
		"Nothing": {reason: "All stays.", want: []*unstructured.Unstructured{widget("a", 1), widget("b", 2)}},
		"Change":  {reason: "What is said of one changes that one.", but: map[string]json.RawMessage{"a": json.RawMessage(`{"status":{"teeth":5}}`)}, want: []*unstructured.Unstructured{widget("a", 5), widget("b", 2)}},
		"Gone":    {reason: "Null takes it away.", but: map[string]json.RawMessage{"a": json.RawMessage(`null`)}, want: []*unstructured.Unstructured{widget("b", 2)}},
		"Unknown": {reason: "A misspelt name should not go unnoticed.", but: map[string]json.RawMessage{"z": json.RawMessage(`{}`)}, err: "what does not exist cannot change: [z]"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Life{But: tc.but}.happen([]*unstructured.Unstructured{widget("a", 1), widget("b", 2)})
			if err != nil && err.Error() != tc.err || err == nil && tc.err != "" {
				t.Errorf("%s\nwant error %q, got %v", tc.reason, tc.err, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nhappen(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
