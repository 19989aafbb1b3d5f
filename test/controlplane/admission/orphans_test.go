package admission

import (
	"context"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

const (
	policyComposition   = "payment-delivery-pipeline-composition"
	crossplaneFinalizer = "finalizer.apiextensions.crossplane.io"
)

// TestOrphans has a team take Crossplane's finalizer off its claim, before and while it is being deleted. Only who may create compositions,
// as Crossplane may, can do that.
func TestOrphans(t *testing.T) {
	define(t)
	install(t, policyFile, policyComposition)
	claim := newClaim(t, "payments")
	team, crossplane := as(t, "developer", "paymentdelivery.io", "paymentdeliverypipelines"), as(t, "crossplane", "*", "*")
	remove := func(ctx context.Context, by client.Client, options ...client.PatchOption) error {
		return by.Patch(ctx, claim.DeepCopy(), client.RawPatch("application/merge-patch+json", []byte(`{"metadata": {"finalizers": ["`+finalizer+`"]}}`)), options...)
	}
	var err error
	eventually(t, "the team may not remove it", func(ctx context.Context) bool {
		err = remove(ctx, team, client.DryRunAll)
		return err != nil && strings.Contains(err.Error(), "may remove "+crossplaneFinalizer)
	})
	t.Log("all else may go on")
	annotate := client.RawPatch("application/merge-patch+json", []byte(`{"metadata": {"annotations": {"example.org/a": "b"}}}`))
	must(t, team.Patch(t.Context(), claim.DeepCopy(), annotate))
	must(t, team.Delete(t.Context(), claim.DeepCopy()))
	t.Log("nor while it is being deleted")
	if err := remove(t.Context(), team); err == nil {
		t.Error("want the team to be refused")
	}
	must(t, remove(t.Context(), crossplane))
	must(t, shared.Client.Get(t.Context(), client.ObjectKeyFromObject(claim), claim))
	if slices.Contains(claim.GetFinalizers(), crossplaneFinalizer) {
		t.Errorf("want it to be removed, got %v", claim.GetFinalizers())
	}
}

// newClaim files a claim that Crossplane leaves alone, with its finalizer.
func newClaim(t *testing.T, name string) *unstructured.Unstructured {
	t.Helper()
	claim := paused(t, claims.Kind, name)
	claim.SetNamespace("default")
	create(t, claim)
	must(t, patch(t.Context(), claim, `{"metadata": {"finalizers": ["`+finalizer+`", "`+crossplaneFinalizer+`"]}}`))
	return claim
}

// as a person who may do everything with these resources.
func as(t *testing.T, name, group, resource string) client.Client {
	t.Helper()
	meta := metav1.ObjectMeta{Name: name}
	role := &rbacv1.ClusterRole{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{{APIGroups: []string{group}, Resources: []string{resource}, Verbs: []string{"*"}}}}
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: meta,
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: name}},
	}
	for _, o := range []client.Object{role, binding} {
		must(t, shared.Client.Create(t.Context(), o))
		t.Cleanup(func() { must(t, shared.Client.Delete(context.Background(), o)) })
	}
	config, err := clientcmd.BuildConfigFromFlags("", shared.Kubeconfig)
	must(t, err)
	config.Impersonate = rest.ImpersonationConfig{UserName: name}
	c, err := client.New(config, client.Options{})
	must(t, err)
	return c
}
