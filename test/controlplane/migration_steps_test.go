package controlplane

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

const (
	annotationExternalName = "crossplane.io/external-name"
	annotationPaused       = "crossplane.io/paused"
)

// as is the claim as one of the other form.
func (c claim) as(form claims.Environment) claim {
	c.Claim = c.As(form)
	return c
}

func (c claim) patch(t *testing.T, patch string) {
	t.Helper()
	claims.Must(t, shared.Client.Patch(t.Context(), c.Live(t), client.RawPatch(types.MergePatchType, []byte(patch))))
}

// remember what the other form's status said last, where the function looks for what it knew: that of the composite resource. It is paused
// meanwhile, as Crossplane would write what the function has said before.
func (c claim) remember(t *testing.T, last *unstructured.Unstructured) {
	t.Helper()
	paused := func(value string) {
		patch := client.RawPatch(types.MergePatchType, []byte(`{"metadata": {"annotations": {"`+annotationPaused+`": `+value+`}}}`))
		claims.Must(t, shared.Client.Patch(t.Context(), c.XR(t), patch))
	}
	paused(`"true"`)
	defer paused("null")
	c.Until(t, "it is paused", func() bool {
		_, reason, _ := claims.Condition(c.XR(t), "Synced")
		return reason == "ReconcilePaused"
	})
	memory := &unstructured.Unstructured{Object: map[string]any{"status": last.DeepCopy().Object["status"]}}
	unstructured.RemoveNestedField(memory.Object, "status", "conditions")
	patch := client.RawPatch(types.MergePatchType, []byte(mustJSON(t, memory)))
	claims.Must(t, shared.Client.Status().Patch(t.Context(), c.XR(t), patch))
}

// remove it, and wait until all that it has in the cluster is gone.
func (c claim) remove(t *testing.T) {
	t.Helper()
	c.Kubectl(t, "delete", c.Plural(), c.GetName(), "--cascade=foreground", "--timeout=2m")
	if left := c.managed(t); len(left) > 0 {
		t.Errorf("these managed resources are left when their owner is gone: %v", externalNames(left))
	}
}

// managed resources that exist for the claim's suffix, in the claim's form.
func (c claim) managed(t *testing.T) []unstructured.Unstructured {
	t.Helper()
	var all []unstructured.Unstructured
	for _, kind := range c.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(kind)
		claims.Must(t, shared.Client.List(t.Context(), l))
		for _, mr := range l.Items {
			if strings.HasPrefix(mr.GetName(), c.Suffix+".") {
				all = append(all, mr)
			}
		}
	}
	return all
}

// externalNames of managed resources, by their kinds and names.
func externalNames(managed []unstructured.Unstructured) map[string]string {
	names := map[string]string{}
	for _, mr := range managed {
		names[mr.GetKind()+" "+mr.GetName()] = mr.GetAnnotations()[annotationExternalName]
	}
	return names
}

// deletable are the kinds of those managed resources that the provider would delete in AWS too.
func deletable(t *testing.T, managed []unstructured.Unstructured) []string {
	t.Helper()
	found := []string{}
	for _, mr := range managed {
		if mayDelete(t, mr) {
			found = append(found, mr.GetKind())
		}
	}
	return found
}

func mayDelete(t *testing.T, mr unstructured.Unstructured) bool {
	t.Helper()
	policies, _, err := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
	claims.Must(t, err)
	return slices.Contains(policies, "Delete")
}
