package admission

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// The field managers of Crossplane: of what it composes, of an XR while it composes, and of an XR as its claim has it.
const (
	managerComposed  = "apiextensions.crossplane.io/composed"
	managerComposite = "apiextensions.crossplane.io/composite"
	managerClaim     = "apiextensions.crossplane.io/claim"
)

// finalizer that keeps what is being deleted.
const finalizer = "example.org/keep"

// policyFile is the product's.
var policyFile = filepath.Join(root, "examples", "install", "install.yaml")

// define our API, which then stays.
func define(tb testing.TB) {
	tb.Helper()
	must(tb, shared.Define(tb.Context()))
	eventually(tb, "composite resources are served", func(ctx context.Context) bool {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(claims.XRKind)
		return shared.Client.List(ctx, l, client.Limit(1)) == nil
	})
}

// newXR files a composite resource with every field, which Crossplane leaves alone.
func newXR(tb testing.TB, name string) *unstructured.Unstructured {
	tb.Helper()
	xr := paused(tb, claims.XRKind, name)
	xr.SetNamespace("")
	create(tb, xr)
	return xr
}

// paused is a claim with every field, or a composite resource, which Crossplane leaves alone.
func paused(tb testing.TB, kind schema.GroupVersionKind, name string) *unstructured.Unstructured {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(root, "examples", "claims", "full.yaml"))
	must(tb, err)
	o := &unstructured.Unstructured{}
	must(tb, yaml.Unmarshal(b, &o.Object))
	o.SetGroupVersionKind(kind)
	o.SetName(name)
	o.SetAnnotations(map[string]string{"crossplane.io/paused": "true"})
	return o
}

// create an object that stays until the end of the test, even if it is deleted.
func create(tb testing.TB, o *unstructured.Unstructured) {
	tb.Helper()
	o.SetFinalizers([]string{finalizer})
	must(tb, shared.Client.Create(tb.Context(), o))
	tb.Cleanup(func() {
		// The test's own context has ended.
		_ = shared.Client.Delete(context.Background(), o)
		_ = patch(context.Background(), o, `{"metadata": {"finalizers": null}}`)
	})
}

func patch(ctx context.Context, o *unstructured.Unstructured, merge string) error {
	return shared.Client.Patch(ctx, o.DeepCopy(), client.RawPatch(types.MergePatchType, []byte(merge)))
}

// apply an object as Crossplane does.
func apply(ctx context.Context, manager string, o *unstructured.Unstructured, options ...client.ApplyOption) error {
	return shared.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(o),
		append(options, client.FieldOwner(manager), client.ForceOwnership)...)
}

// newRole is a role that the owner, if any, composes.
func newRole(name string, owner *unstructured.Unstructured) *unstructured.Unstructured {
	r := role.DeepCopy()
	r.SetName(name)
	r.SetOwnerReferences(nil)
	if owner != nil {
		r.SetLabels(map[string]string{"crossplane.io/composite": owner.GetName()})
		r.SetOwnerReferences([]metav1.OwnerReference{*metav1.NewControllerRef(owner, owner.GroupVersionKind())})
	}
	return r
}

// references of an XR to what it composes, as Crossplane applies them before it composes.
func references(xr *unstructured.Unstructured, names ...string) *unstructured.Unstructured {
	refs := []any{}
	for _, name := range names {
		refs = append(refs, map[string]any{"apiVersion": role.GetAPIVersion(), "kind": role.GetKind(), "name": name})
	}
	o := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"resourceRefs": refs}}}
	o.SetGroupVersionKind(xr.GroupVersionKind())
	o.SetName(xr.GetName())
	return o
}

// install the policies in a file, or those with these names.
func install(tb testing.TB, file string, names ...string) {
	tb.Helper()
	must(tb, shared.ApplyFile(tb.Context(), file, names...))
	tb.Cleanup(func() {
		for _, o := range []client.Object{&admissionv1.ValidatingAdmissionPolicyBinding{}, &admissionv1.ValidatingAdmissionPolicy{}} {
			must(tb, shared.Client.DeleteAllOf(context.Background(), o))
		}
	})
}

// installPolicy of the product.
func installPolicy(tb testing.TB) {
	tb.Helper()
	install(tb, policyFile, plane.PolicyRecreation)
}

func eventually(tb testing.TB, what string, condition func(context.Context) bool) {
	tb.Helper()
	must(tb, process.Eventually(tb.Context(), what, shared.Process("kube-apiserver"), condition))
}

// must stop the test at an error.
func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
