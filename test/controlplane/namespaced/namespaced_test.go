package namespaced

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	runtimeschema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

const root = "../../.."

// TestEveryKind converts all that the golden cases render, and asks the provider's own schemas of the namespaced kinds.
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

	compiled, checked := map[runtimeschema.GroupVersionKind]*schema.Schema{}, 0
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
			kind := converted.GroupVersionKind()
			if compiled[kind] == nil {
				if compiled[kind], err = schema.New(schemas[kind]); err != nil {
					t.Fatal(err)
				}
			}
			// The API server has a schema of its own for metadata.
			delete(converted.Object, "metadata")
			if errs := compiled[kind].Apply(converted.Object, field.NewPath(mr.GetName())); len(errs) > 0 {
				t.Errorf("%s: provider-aws refuses what is converted: %v", c.Name(), errs.ToAggregate())
			}
			checked++
		}
	}
	t.Logf("%d resources of %d kinds", checked, len(compiled))
}
