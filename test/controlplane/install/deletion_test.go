package install

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// release version 2 of the claim's service: before one is released there is nothing to guard.
func release(t *testing.T, c claims.Claim) {
	t.Helper()
	claims.Must(t, account.Happen(t.Context(), c.KindNamed(t, "Alias"), c.ObjectName("live-alias"), func(mr *unstructured.Unstructured) error {
		return account.AWS.Release(mr, "2")
	}))
	c.Wait(t, "live on version 2", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "release", "live", "version") == "2"
	})
}

// TestDeletionBeforeARelease deletes a claim that has nothing but the bootstrap code live.
func TestDeletionBeforeARelease(t *testing.T) {
	installed(t)
	c := fileReady(t, "young")
	c.Kubectl(t, "delete", "pdp", c.GetName(), "--timeout=2m")
}

// TestDeletionGuard tries to delete a pipeline by a slip in each way.
func TestDeletionGuard(t *testing.T) {
	installed(t)
	c := fileReady(t, "guarded")
	release(t, c)
	before := c.Resources(t)

	refused(t, "version 2 is live", "delete", "pdp", c.GetName(), "-n", c.GetNamespace())
	refused(t, "version 2 is live", "delete", "pdp", "--all", "-n", c.GetNamespace())

	t.Log("a namespace without the label: all goes but the claim, which lives on in a namespace that ends")
	claims.Must(t, apply(t, "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n  namespace: "+c.GetNamespace()))
	kubectl(t, "delete", "namespace", c.GetNamespace(), "--wait=false")
	environment.WaitFor(t, "the namespace says what keeps it", func() bool {
		return strings.Contains(kubectl(t, "get", "namespace", c.GetNamespace(), "-o=jsonpath={.status.conditions}"), "version 2 is live")
	}, func() string { return kubectl(t, "get", "namespace", c.GetNamespace(), "-o=yaml") })
	others := func() string { return kubectl(t, "get", "configmaps", "-n", c.GetNamespace(), "-o=name") }
	environment.WaitFor(t, "the namespace's other objects are gone", func() bool { return !strings.Contains(others(), "other") }, others)
	if live := c.Live(t); live == nil || live.GetDeletionTimestamp() != nil {
		t.Fatalf("the claim is being deleted:\n%s", claims.Describe(live))
	}
	c.Set(int64(1024), "service", "memorySizeMiB")
	claims.Must(t, c.Apply(t))
	c.Until(t, "a change of the claim arrives", func() bool {
		got := kubectl(t, "get", "functions.lambda.aws.upbound.io", c.ObjectName("blue-function"), "-o=jsonpath={.spec.forProvider.memorySize}")
		return strings.Contains(got, "1024")
	})
	same(t, before, c.Resources(t))

	t.Log("a namespace with the label stays as it is")
	refused(t, "may have pipelines", "delete", "namespace", "payments")

	t.Log("who has said so may delete")
	c.Kubectl(t, "annotate", "pdp", c.GetName(), "paymentdelivery.io/allow-deletion=true")
	environment.WaitFor(t, "the claim and its namespace are gone", func() bool {
		return c.Live(t) == nil && strings.Contains(kubectl(t, "get", "namespace", c.GetNamespace()), "NotFound")
	}, func() string { return kubectl(t, "get", "namespace", c.GetNamespace(), "-o=yaml") })
	// Crossplane may make a resource again that was deleted while it composed: the garbage collector takes that one, whose owner is gone.
	environment.WaitFor(t, "nothing is left", func() bool { return len(c.Resources(t)) == 0 },
		func() string { return fmt.Sprint(c.Resources(t)) })
}

// TestProtectedClaimMayGo deletes a claim that leaves everything in AWS: a team may not, as no rule would reach its pipeline any more.
func TestProtectedClaimMayGo(t *testing.T) {
	installed(t)
	c := newClaim(t, "protected")
	c.Set(true, "deletionProtection")
	c.File(t)
	c.WaitReady(t)
	refused(t, "its pipeline would stay in AWS", append([]string{"delete", "pdp", c.GetName(), "-n", c.GetNamespace()}, bindTeam(t, c)...)...)
	c.Kubectl(t, "delete", "pdp", c.GetName(), "--timeout=2m")
}

// TestDryRunMayGo deletes a claim whose provider may only look.
func TestDryRunMayGo(t *testing.T) {
	installed(t)
	c := fileReady(t, "looked-at")
	release(t, c)
	refused(t, "is live, and would be deleted with it", "delete", "pdp", c.GetName(), "-n", c.GetNamespace())
	c.Set(true, "dryRun")
	claims.Must(t, c.Apply(t))
	c.Wait(t, "in a dry run", func(live *unstructured.Unstructured) bool {
		status, _, _ := claims.Condition(live, "DryRun")
		return status == "True"
	})
	c.Kubectl(t, "delete", "pdp", c.GetName(), "--timeout=2m")
}

// TestCompositionGuard has a team choose a Composition, which only the platform team may.
func TestCompositionGuard(t *testing.T) {
	installed(t)
	c := file(t, "chosen")
	asDeveloper := bindTeam(t, c)
	asTeam := func(patch string) []string {
		return append([]string{"patch", "pdp", c.GetName(), "-n", c.GetNamespace(), "--type=merge", "--patch=" + patch}, asDeveloper...)
	}
	for _, choice := range []string{`"compositionRef": {"name": "other"}`, `"compositionRevisionRef": {"name": "other"}`, `"compositionSelector": {"matchLabels": {"a": "b"}}`} {
		refused(t, "only who may create compositions", asTeam(`{"spec": {`+choice+`}}`)...)
	}
	kubectl(t, asTeam(`{"spec": {"compositionRef": {"name": "payment-delivery-pipeline"}, "service": {"memorySizeMiB": 1024}}}`)...)
	c.WaitReady(t)
}

// bindTeam binds the developers of team.yaml to the claim's namespace, and returns what has kubectl act as one of them.
func bindTeam(t *testing.T, c claims.Claim) []string {
	t.Helper()
	claims.Must(t, apply(t, fmt.Sprintf(`
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: developers, namespace: %s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: payment-delivery-edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: payments-developers}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: support, namespace: %[1]s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: payment-delivery-view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: payments-developers}
`, c.GetNamespace())))
	return []string{"--as=ann", "--as-group=payments-developers"}
}

// refused runs kubectl, which the API server must refuse with this text.
func refused(t *testing.T, text string, args ...string) {
	t.Helper()
	out, err := shared.Kubectl(t.Context(), "", args...)
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("kubectl %s: want it refused with %q, got %q, %v", strings.Join(args, " "), text, out, err)
		return
	}
	t.Logf("kubectl %s\n%v", strings.Join(args, " "), err)
}

// apply a manifest with kubectl.
func apply(t *testing.T, manifest string) error {
	t.Helper()
	_, err := shared.Kubectl(t.Context(), manifest, "apply", "-f", "-")
	return err
}

// same checks that everything of before is there, under the same UID.
func same(t *testing.T, before, after map[string]string) {
	t.Helper()
	for name, uid := range before {
		if after[name] != uid {
			t.Errorf("%s was deleted or made anew", name)
		}
	}
}

// newClaim is the smallest claim of the examples with another suffix.
func newClaim(t *testing.T, suffix string) claims.Claim {
	t.Helper()
	c := environment.New(t, "examples/claims/minimal.yaml", suffix)
	t.Cleanup(func() { account.AWS.Forget(c.Suffix + ".") })
	return c
}

// file a new claim, which may be deleted when the test ends.
func file(t *testing.T, suffix string) claims.Claim {
	t.Helper()
	c := newClaim(t, suffix)
	c.File(t)
	t.Cleanup(func() { allowDeletion(t, c) })
	return c
}

// fileReady files a new claim and waits until it is Ready.
func fileReady(t *testing.T, suffix string) claims.Claim {
	t.Helper()
	c := file(t, suffix)
	c.WaitReady(t)
	return c
}

// allowDeletion of a claim, if it is there: tests clean up after themselves.
func allowDeletion(t *testing.T, c claims.Claim) {
	t.Helper()
	patch := client.RawPatch(types.MergePatchType, []byte(`{"metadata": {"annotations": {"paymentdelivery.io/allow-deletion": "true"}}}`))
	// The test's own context has ended.
	claims.Must(t, client.IgnoreNotFound(shared.Client.Patch(context.WithoutCancel(t.Context()), c.DeepCopy(), patch)))
}
