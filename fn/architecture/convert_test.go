package architecture

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestConversionLosesNothing compares what the response carries with what encoding/json makes of the same objects. JSON
// also has the objects that nobody set.
func TestConversionLosesNothing(t *testing.T) {
	p := newTestPipeline(t, everything)
	desired := desiredOf(t, p)
	for name, o := range buildAll(p.Resources()) {
		raw, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]any{}
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		want["apiVersion"], want["kind"] = desired[name].GetAPIVersion(), desired[name].GetKind()
		delete(want, "status")
		unstructured.RemoveNestedField(want, "metadata", "creationTimestamp")
		if init, found, _ := unstructured.NestedMap(want, "spec", "initProvider"); found && len(init) == 0 {
			unstructured.RemoveNestedField(want, "spec", "initProvider")
		}
		if diff := cmp.Diff(want, desired[name].Object); diff != "" {
			t.Errorf("%q: -JSON, +desired:\n%s", name, diff)
		}
	}
}
