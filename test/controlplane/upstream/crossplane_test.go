package upstream

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// patience is how long what should happen may take: the garbage collector looks for new kinds twice a minute.
const patience = 2 * time.Minute

var echoKind = schema.GroupVersionKind{Group: "example.org", Version: "v1", Kind: "Echo"}

// TestLateAnswer deletes a composite resource while its function's answer is under way. In the foreground its composed resources are deleted
// before it, and Crossplane makes them again from the answer. In the background they go after it, and it does not.
func TestLateAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		policy metav1.DeletionPropagation

		// before is whether the composed resource is deleted before the answer comes.
		before bool

		// made is how often the composed resource is made.
		made int
	}{
		"Foreground": {policy: metav1.DeletePropagationForeground, before: true, made: 2},
		"Background": {policy: metav1.DeletePropagationBackground, before: false, made: 1},
	} {
		t.Run(name, func(t *testing.T) {
			xr := newEcho(strings.ToLower(name), false)
			events := watchConfigMaps(t)
			create(t, xr)
			eventually(t, "it is composed", func(ctx context.Context) bool { return composedOf(ctx, xr) != nil })

			fn.answers.Lock()
			answer := sync.OnceFunc(fn.answers.Unlock)
			defer answer()
			must(t, cluster.Patch(t.Context(), xr, client.RawPatch("application/merge-patch+json", []byte(`{"metadata": {"annotations": {"example.org/look": "now"}}}`))))
			eventually(t, "the answer is held back", func(context.Context) bool { return fn.waiting.Load() > 0 })
			must(t, cluster.Delete(t.Context(), xr, client.PropagationPolicy(tc.policy)))
			if tc.before {
				eventually(t, "what was composed is deleted", func(ctx context.Context) bool { return composedOf(ctx, xr) == nil })
			}
			answer()

			eventually(t, "all is gone", func(ctx context.Context) bool { return get(ctx, xr) == nil && composedOf(ctx, xr) == nil })
			if made := created(t, events, xr.GetName()); made != tc.made {
				t.Errorf("want Crossplane to make the composed resource %d times, got %d: see docs/upstream.md", tc.made, made)
			}
		})
	}
}

// TestUIDOfComposed has the function desire a resource with the UID that it has, so that Crossplane could not make it again. Crossplane copies
// the UID into a reference whose schema has none.
func TestUIDOfComposed(t *testing.T) {
	xr := newEcho("uid", true)
	create(t, xr)
	const refused = ".spec.crossplane.resourceRefs[0].uid: field not declared in schema"
	eventually(t, "Crossplane says that it cannot keep the UID: see docs/upstream.md", func(ctx context.Context) bool {
		return strings.Contains(synced(get(ctx, xr)), refused)
	})
	must(t, cluster.Delete(t.Context(), xr, client.PropagationPolicy(metav1.DeletePropagationForeground)))
}

// TestUIDIsAPrecondition applies an object with the UID of one that is gone. The API server does not create it.
func TestUIDIsAPrecondition(t *testing.T) {
	o := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata": map[string]any{"name": "gone", "namespace": "default", "uid": "0e2f4b1c-4a7a-4c58-9a53-2f6f1d8a5f11"},
	}}
	err := cluster.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(o), client.FieldOwner("example.org"), client.ForceOwnership)
	if !kerrors.IsConflict(err) {
		t.Errorf("want a conflict, got %v", err)
	}
}

func newEcho(name string, echoUID bool) *unstructured.Unstructured {
	xr := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{"echoUID": echoUID}}}
	xr.SetGroupVersionKind(echoKind)
	xr.SetNamespace(corev1.NamespaceDefault)
	xr.SetName(name)
	return xr
}

// create the composite resource as soon as its kind is served.
func create(t *testing.T, xr *unstructured.Unstructured) {
	t.Helper()
	eventually(t, "composite resources are served", func(ctx context.Context) bool { return cluster.Create(ctx, xr) == nil })
}

// get the composite resource as it is now, or nil.
func get(ctx context.Context, xr *unstructured.Unstructured) *unstructured.Unstructured {
	live := xr.DeepCopy()
	if err := cluster.Get(ctx, client.ObjectKeyFromObject(xr), live); kerrors.IsNotFound(err) {
		return nil
	}
	return live
}

// composedOf the composite resource as it is now, or nil.
func composedOf(ctx context.Context, xr *unstructured.Unstructured) *corev1.ConfigMap {
	o := &corev1.ConfigMap{}
	if err := cluster.Get(ctx, client.ObjectKeyFromObject(xr), o); kerrors.IsNotFound(err) {
		return nil
	}
	return o
}

// synced is what Crossplane says of its attempts to compose.
func synced(xr *unstructured.Unstructured) string {
	_, _, message := claims.Condition(xr, "Synced")
	return message
}

func watchConfigMaps(t *testing.T) watch.Interface {
	t.Helper()
	w, err := cluster.Watch(t.Context(), &corev1.ConfigMapList{}, client.InNamespace(corev1.NamespaceDefault))
	must(t, err)
	t.Cleanup(w.Stop)
	return w
}

// created is how often a ConfigMap of this name has been created until now.
func created(t *testing.T, events watch.Interface, name string) int {
	t.Helper()
	last := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "after-" + name, Namespace: corev1.NamespaceDefault}}
	must(t, cluster.Create(t.Context(), last))
	n := 0
	for e := range events.ResultChan() {
		o, ok := e.Object.(*corev1.ConfigMap)
		if !ok {
			t.Fatalf("cannot watch ConfigMaps: %v", e.Object)
		}
		if e.Type == watch.Added && o.GetName() == last.GetName() {
			return n
		}
		if e.Type == watch.Added && o.GetName() == name {
			n++
		}
	}
	t.Fatal("the watch has ended")
	return n
}

func eventually(t *testing.T, what string, condition func(context.Context) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := process.Eventually(ctx, what, nil, condition); err != nil {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(echoKind)
		_ = cluster.List(t.Context(), l)
		t.Fatalf("%s: %v: %v\n%s", what, err, l.Items, shared.Process("crossplane-core").Log())
	}
}

// must stop the test at an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
