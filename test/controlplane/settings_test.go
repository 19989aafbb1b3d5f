package controlplane

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// settings of the platform team for claims in some namespaces. They go with the test.
func settings(t *testing.T, name string, data map[string]any, namespaces ...string) {
	t.Helper()
	claims.Must(t, shared.Settle(t.Context(), name, data, namespaces...))
	t.Cleanup(func() { claims.Must(t, shared.Unsettle(context.WithoutCancel(t.Context()), name)) })
}

// owned are the claim's managed resources: their UIDs, by ProviderConfig, kind and name.
func (c claim) owned(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, gvk := range c.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		claims.Must(t, shared.Client.List(t.Context(), l, client.MatchingLabels{"crossplane.io/claim-namespace": c.GetNamespace()}))
		for i := range l.Items {
			config := claims.Text(&l.Items[i], "spec", "providerConfigRef", "name")
			found[config+" "+gvk.Kind+" "+l.Items[i].GetName()] = string(l.Items[i].GetUID())
		}
	}
	return found
}

// reconcile the claim's XR now. Nothing happens to a pipeline when settings change: it would be looked at within responseTTL.
func (c claim) reconcile(t *testing.T, why string) {
	t.Helper()
	o := &metav1.PartialObjectMetadata{}
	o.SetGroupVersionKind(claims.XRKind)
	o.SetName(c.XR(t).GetName())
	claims.Must(t, shared.Client.Patch(t.Context(), o, client.RawPatch(types.MergePatchType, []byte(`{"metadata": {"annotations": {"example.org/look": "`+why+`"}}}`))))
}

// says waits until the claim's condition SettingsApplied has the reason.
func (c claim) says(t *testing.T, reason string) {
	t.Helper()
	c.reconcile(t, reason)
	c.Wait(t, "telling that its settings are "+reason, func(live *unstructured.Unstructured) bool {
		_, got, message := claims.Condition(live, "SettingsApplied")
		if got == reason {
			t.Log(message)
		}
		return got == reason
	})
}

// TestSettings has two teams with an AWS account each, and claims in three namespaces, two of which have one suffix. Then the settings of a
// team are lost, broken, and sent to another account. Nothing of what its claims have moves.
func TestSettings(t *testing.T) {
	t.Parallel()
	payments := func(data map[string]any) { settings(t, "payments", data, "team-settings", "team-settings-b") }
	had := map[string]any{"providerConfig": "payments", "tags": map[string]any{"team": "payments"}}
	payments(had)
	settings(t, "checkout", map[string]any{"providerConfig": "checkout"}, "team-settings-c")

	a, b, c := newClaim(t, "settings"), newClaim(t, "settings-b"), newClaim(t, "settings")
	c.SetNamespace("team-settings-c")
	for _, each := range []claim{a, b, c} {
		each.File(t)
	}
	wanted := map[string]string{a.GetNamespace(): "payments", b.GetNamespace(): "payments", c.GetNamespace(): "checkout"}
	for _, each := range []claim{a, b, c} {
		each.WaitReady(t)
		configs := map[string]bool{}
		for name := range each.owned(t) {
			config, _, _ := strings.Cut(name, " ")
			configs[config] = true
		}
		if diff := cmp.Diff([]string{wanted[each.GetNamespace()]}, slices.Sorted(maps.Keys(configs))); diff != "" {
			t.Errorf("ProviderConfigs of the claim in %s: -want, +got:\n%s", each.GetNamespace(), diff)
		}
	}

	before := a.owned(t)
	claims.Must(t, shared.Unsettle(t.Context(), "payments"))
	a.says(t, "SettingsMissing")
	c.says(t, "SettingsRead")
	payments(map[string]any{"accountId": "12"})
	a.says(t, "SettingsInvalid")
	payments(map[string]any{"providerConfig": "elsewhere"})
	a.says(t, "SettingsElsewhere")
	if diff := cmp.Diff(before, a.owned(t)); diff != "" {
		t.Errorf("what the pipeline has is not as it was: -before, +after:\n%s", diff)
	}
	if got := claims.Text(a.table(t), "spec", "forProvider", "tags", "team"); got != "payments" {
		t.Errorf("the table has the tag %q, want payments", got)
	}
	a.WaitReady(t)

	had["tags"] = map[string]any{"team": "new"}
	payments(had)
	a.says(t, "SettingsRead")
	a.Until(t, "the new tag is there", func() bool {
		return claims.Text(a.table(t), "spec", "forProvider", "tags", "team") == "new"
	})
}

// table of a claim under the ProviderConfig payments.
func (c claim) table(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	c.ProviderConfig = "payments"
	return c.Resource(t, "Table", "history-table")
}
