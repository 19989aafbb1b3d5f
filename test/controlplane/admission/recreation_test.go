package admission

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestRecreationPolicy has the policy installed before the API that it is about, and then composes as Crossplane does.
func TestRecreationPolicy(t *testing.T) {
	installPolicy(t)
	must(t, apply(t.Context(), managerComposed, newRole("before-the-api", nil)))
	define(t)

	dying, living := newXR(t, "dying"), newXR(t, "living")
	must(t, shared.Client.Delete(t.Context(), dying))
	var err error
	eventually(t, "nothing is composed of what is being deleted", func(ctx context.Context) bool {
		err = apply(ctx, managerComposite, references(dying, "one"))
		return err != nil
	})
	if want := "its pipeline dying is being deleted"; !strings.Contains(err.Error(), want) {
		t.Errorf("want an error with %q, got %v", want, err)
	}
	t.Log("also if the references are as they were")
	if err := apply(t.Context(), managerComposite, references(dying)); err == nil {
		t.Error("want Crossplane to be refused")
	}

	t.Log("all else may go on")
	must(t, apply(t.Context(), managerComposite, references(living, "one")))
	must(t, apply(t.Context(), managerComposed, newRole("composed", living)))
	must(t, apply(t.Context(), managerComposed, newRole("of-nobody", nil)))
	must(t, apply(t.Context(), managerClaim, references(dying, "one")))
	must(t, patch(t.Context(), dying, `{"metadata": {"annotations": {"crossplane.io/paused": "false"}}}`))

	others := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "ConfigMap"}}
	others.SetName("others")
	others.SetNamespace("default")
	create(t, others)
	must(t, shared.Client.Delete(t.Context(), others))
	applied := &unstructured.Unstructured{Object: map[string]any{"data": map[string]any{"of": "others"}}}
	applied.SetGroupVersionKind(others.GroupVersionKind())
	applied.SetName(others.GetName())
	applied.SetNamespace(others.GetNamespace())
	must(t, apply(t.Context(), managerComposite, applied))

	t.Log("what is being deleted can be gone")
	must(t, patch(t.Context(), dying, `{"metadata": {"finalizers": null}}`))
	eventually(t, "it is gone", func(ctx context.Context) bool { return gone(ctx, dying) })
}

// gone reports whether the composite resource is.
func gone(ctx context.Context, xr *unstructured.Unstructured) bool {
	live := &unstructured.UnstructuredList{}
	live.SetGroupVersionKind(claims.XRKind)
	if err := shared.Client.List(ctx, live); err != nil {
		return false
	}
	for _, o := range live.Items {
		if o.GetUID() == xr.GetUID() {
			return false
		}
	}
	return true
}
