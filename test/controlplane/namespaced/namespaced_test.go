package namespaced

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

const root = "../../.."

// reshaped are the kinds of which the function writes lists of one where the namespaced kind has objects: those that it uses as
// v1beta1 although there is v1beta2.
var reshaped = []string{"DeploymentGroup", "Function", "FunctionEventInvokeConfig", "FunctionURL", "Table"}

// TestEveryKind converts all that the golden cases render, and asks the provider's own schemas of the namespaced kinds. All but
// the account's kind stays as it was, but for the shape of a few kinds.
func TestEveryKind(t *testing.T) {
	p := &plane.Plane{Root: root}
	kinds, err := p.ManagedKinds()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		kinds = append(kinds, Kind(kind))
	}
	schemas, err := p.ProviderSchemas(t.Context(), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := golden.Cases(root)
	if err != nil {
		t.Fatal(err)
	}

	compiled, changed, checked := map[runtimeschema.GroupVersionKind]*schema.Schema{}, map[string]bool{}, 0
	for _, c := range cases {
		managed, err := c.Managed()
		if err != nil {
			t.Fatal(err)
		}
		for _, mr := range managed {
			unstructured.RemoveNestedField(mr.Object, "status") // It is the provider's.
			converted, err := Convert(schemas, mr)
			if err != nil {
				t.Errorf("%s: %v", c.Name(), err)
				continue
			}
			if !sameSpec(t, mr, converted) {
				changed[mr.GetKind()] = true
			}
			kind := converted.GroupVersionKind()
			if compiled[kind] == nil {
				if compiled[kind], err = schema.New(schemas[kind]); err != nil {
					t.Fatal(err)
				}
			}
			// The API server has a schema of its own for metadata.
			delete(converted.Object, "metadata")
			if errs := compiled[kind].Apply(converted.Object, field.NewPath(mr.GetName())); len(errs) > 0 {
				t.Errorf("%s: provider-aws refuses what is converted: %v", c.Name(), errs)
			}
			checked++
		}
	}
	t.Logf("%d resources of %d kinds", checked, len(compiled))
	if diff := cmp.Diff(reshaped, slices.Sorted(maps.Keys(changed))); diff != "" {
		t.Errorf("kinds whose shape changes: -want, +got:\n%s", diff)
	}
}

// sameSpec reports whether a converted resource has the spec that it had, but for the kind of its account.
func sameSpec(t *testing.T, mr, converted *unstructured.Unstructured) bool {
	t.Helper()
	spec := converted.DeepCopy()
	kind, _, err := unstructured.NestedString(spec.Object, "spec", "providerConfigRef", "kind")
	if err != nil || kind != clusterProviderConfig {
		t.Errorf("the account of %s is of the kind %q, %v", mr.GetName(), kind, err)
	}
	unstructured.RemoveNestedField(spec.Object, "spec", "providerConfigRef", "kind")
	return cmp.Equal(mr.Object["spec"], spec.Object["spec"])
}
