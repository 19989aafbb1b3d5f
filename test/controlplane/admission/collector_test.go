package admission

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

const policyDeletion = "payment-delivery-pipeline-deletion"

// goneOwner is one that does not exist.
const goneOwner = `{"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "gone", "uid": "11111111-2222-3333-4444-555555555555"}]}}`

// TestGarbageCollector has Kubernetes' own garbage collector, with its own rights, delete claims whose owner is gone. It may not delete the one
// whose pipeline would stay in AWS. Only the deletion is guarded here, and not the owner.
func TestGarbageCollector(t *testing.T) {
	define(t)
	install(t, policyFile, policyDeletion)
	kept, free := observed(t, "kept", true), observed(t, "free", false)
	team := as(t, "developer", "paymentdelivery.io", "paymentdeliverypipelines")
	eventually(t, "the policy is in force", func(ctx context.Context) bool {
		err := team.Delete(ctx, kept.DeepCopy(), client.DryRunAll)
		return err != nil && strings.Contains(err.Error(), wouldStay)
	})
	must(t, patch(t.Context(), kept, goneOwner))
	must(t, patch(t.Context(), free, goneOwner))
	eventually(t, "the collector deletes the claim that may go", func(ctx context.Context) bool { return isDeleted(ctx, t, free) })
	manager := shared.Process("kube-controller-manager")
	eventually(t, "the collector tries to delete the claim that may not", func(ctx context.Context) bool {
		return strings.Contains(manager.Log(), wouldStay) || isDeleted(ctx, t, kept)
	})
	if isDeleted(t.Context(), t, kept) {
		t.Error("want the claim to stay whose pipeline would stay in AWS")
	}
}

const wouldStay = "its pipeline would stay in AWS"

// observed is a claim with the status that the function gives it. What is protected is kept.
func observed(t *testing.T, name string, protected bool) *unstructured.Unstructured {
	t.Helper()
	claim := paused(t, claims.Kind, name)
	claim.SetNamespace("default")
	must(t, unstructured.SetNestedField(claim.Object, protected, "spec", "deletionProtection"))
	create(t, claim)
	status := fmt.Sprintf(`{"status": {"keptOnDeletion": %t, "observedSpec": {"deletionProtection": %[1]t, "dryRun": false}}}`, protected)
	must(t, shared.Client.Status().Patch(t.Context(), claim.DeepCopy(), client.RawPatch(types.MergePatchType, []byte(status))))
	return claim
}

func isDeleted(ctx context.Context, t *testing.T, claim *unstructured.Unstructured) bool {
	t.Helper()
	live := claim.DeepCopy()
	must(t, shared.Client.Get(ctx, client.ObjectKeyFromObject(claim), live))
	return live.GetDeletionTimestamp() != nil
}

// TestOwnControllersMayNotBypass asks which controllers of Kubernetes' own may delete claims, and create Compositions, which is what lets somebody
// pass the policies.
func TestOwnControllersMayNotBypass(t *testing.T) {
	roles := &rbacv1.ClusterRoleList{}
	must(t, shared.Client.List(t.Context(), roles, client.MatchingLabels{"kubernetes.io/bootstrapping": "rbac-defaults"}))
	deleters := 0
	for _, role := range roles.Items {
		if !strings.HasPrefix(role.Name, "system:controller:") || !allows(role, "delete", "paymentdelivery.io", "paymentdeliverypipelines") {
			continue
		}
		deleters++
		if allows(role, "create", "apiextensions.crossplane.io", "compositions") {
			t.Errorf("%s may delete claims and create Compositions, so it passes the policies", role.Name)
		}
	}
	// The garbage collector, and the controller of namespaces.
	if deleters < 2 {
		t.Errorf("want at least 2 controllers that may delete claims, got %d of %d roles", deleters, len(roles.Items))
	}
}

func allows(role rbacv1.ClusterRole, verb, group, resource string) bool {
	for _, r := range role.Rules {
		if has(r.Verbs, verb) && has(r.APIGroups, group) && has(r.Resources, resource) {
			return true
		}
	}
	return false
}

func has(of []string, name string) bool {
	return slices.Contains(of, name) || slices.Contains(of, "*")
}
