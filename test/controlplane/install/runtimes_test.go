package install

import (
	"context"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

var functionRevisions = schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "FunctionRevisionList"}

// runtimes play what runs packages: the pods of each Deployment become available, and each revision of a function gets the
// address of a process that serves it.
type runtimes struct {
	plane *plane.Plane

	mx sync.Mutex

	// endpoint of each function of which endpoints has none by the name of its package and version.
	endpoint  string
	endpoints map[string]string
}

// serve revisions of a package, of this version, at an address.
func (r *runtimes) serve(image, address string) {
	r.mx.Lock()
	defer r.mx.Unlock()
	if r.endpoints == nil {
		r.endpoints = map[string]string{}
	}
	r.endpoints[image] = address
}

// address of what serves a package.
func (r *runtimes) address(image string) string {
	r.mx.Lock()
	defer r.mx.Unlock()
	if address, ok := r.endpoints[image]; ok {
		return address
	}
	return r.endpoint
}

// secretTLS is Crossplane's own. It wants to see one for each function, though it is for what functions do not have: webhooks.
const secretTLS = "crossplane-root-ca"

// run until the context is done. What fails is tried again.
func (r *runtimes) run(ctx context.Context) {
	for ctx.Err() == nil {
		r.runProviders(ctx)
		r.runFunctions(ctx)
		time.Sleep(200 * time.Millisecond)
	}
}

func (r *runtimes) runProviders(ctx context.Context) {
	l := &appsv1.DeploymentList{}
	_ = r.plane.Client.List(ctx, l, client.InNamespace(namespaceCrossplane))
	for i := range l.Items {
		d := &l.Items[i]
		if len(d.Status.Conditions) > 0 {
			continue
		}
		d.Status.Conditions = []appsv1.DeploymentCondition{{Type: appsv1.DeploymentAvailable, Status: corev1.ConditionTrue}}
		_ = r.plane.Client.Status().Update(ctx, d)
	}
}

func (r *runtimes) runFunctions(ctx context.Context) {
	l := &unstructured.UnstructuredList{}
	l.SetGroupVersionKind(functionRevisions)
	_ = r.plane.Client.List(ctx, l)
	for i := range l.Items {
		u := &l.Items[i]
		image, _, _ := unstructured.NestedString(u.Object, "spec", "image")
		endpoint := "dns:///" + r.address(image)
		was, _, _ := unstructured.NestedString(u.Object, "status", "endpoint")
		if was == endpoint && plane.Condition(u, "RuntimeHealthy") == "True" {
			continue
		}
		_ = unstructured.SetNestedField(u.Object, endpoint, "status", "endpoint")
		_ = unstructured.SetNestedField(u.Object, secretTLS, "status", "tlsServerSecretName")
		conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
		if plane.Condition(u, "RuntimeHealthy") == "" {
			conditions = append(conditions, map[string]any{
				"type": "RuntimeHealthy", "status": "True", "reason": "HealthyPackageRevision", "lastTransitionTime": "2026-01-01T00:00:00Z",
			})
		}
		_ = unstructured.SetNestedSlice(u.Object, conditions, "status", "conditions")
		_ = r.plane.Client.Status().Update(ctx, u)
	}
}
