// Package aws plays provider-aws and the AWS account behind it: managed resources become ready, fail, or are deleted, as
// a test wants it. It never touches a resource's spec.
package aws

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// finalizer of the providers.
const finalizer = "finalizer.managedresource.crossplane.io"

// A Change edits what the provider would write for one managed resource.
type Change func(mr *unstructured.Unstructured)

// An Account is one AWS account with its provider.
type Account struct {
	standin.AWS

	// Latency is how long AWS takes to create something, and to delete it.
	Latency time.Duration

	// Handshake is how long a person takes to authorise a connection, counted from its creation.
	Handshake time.Duration

	client client.Client

	mx sync.Mutex

	// changes by the managed resource's name.
	changes map[string]Change

	// things that exist in AWS, by their kind and name there.
	things map[string]*thing

	// gone are versions that AWS does not have any more, by the name of the alias that had them.
	gone map[string]string
}

// Start the provider for managed resources of the supplied kinds. It runs until the context is done.
func (a *Account) Start(ctx context.Context, config *rest.Config, kinds []schema.GroupVersionKind) error {
	a.changes, a.things, a.gone = map[string]Change{}, map[string]*thing{}, map[string]string{}
	m, err := manager.New(config, manager.Options{
		Metrics: server.Options{BindAddress: "0"},
		Client:  client.Options{Cache: &client.CacheOptions{Unstructured: true}},
		Cache:   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
	})
	if err != nil {
		return errors.Wrap(err, "cannot make a manager")
	}
	a.client = m.GetClient()
	for _, gvk := range kinds {
		if err := ctrl.NewControllerManagedBy(m).
			Named(gvk.GroupKind().String()).
			For(resource(gvk, "")).
			WithOptions(controller.Options{MaxConcurrentReconciles: 4, SkipNameValidation: new(true)}).
			Complete(reconcile.Func(func(ctx context.Context, r reconcile.Request) (reconcile.Result, error) {
				return a.reconcile(ctx, gvk, r.Name)
			})); err != nil {
			return errors.Wrapf(err, "cannot watch %s", gvk)
		}
	}
	go func() { _ = m.Start(ctx) }()
	if !m.GetCache().WaitForCacheSync(ctx) {
		return errors.New("cannot fill the cache")
	}
	return nil
}

// Set what is different about a managed resource from now on, also if it does not exist yet. Nil: nothing.
func (a *Account) Set(ctx context.Context, gvk schema.GroupVersionKind, name string, change Change) error {
	a.mx.Lock()
	a.changes[name] = change
	a.mx.Unlock()
	_, err := a.reconcile(ctx, gvk, name)
	return err
}

// Deploy leaves a version behind an alias, as CodeDeploy does when all traffic has moved: in AWS, past the managed resource.
func (a *Account) Deploy(ctx context.Context, gvk schema.GroupVersionKind, name, version string) error {
	mr := resource(gvk, name)
	if err := a.client.Get(ctx, client.ObjectKeyFromObject(mr), mr); err != nil {
		return err
	}
	if err := a.change(mr, "functionVersion", version); err != nil {
		return err
	}
	return a.Set(ctx, gvk, name, nil)
}

// reconcile one managed resource as its provider would.
func (a *Account) reconcile(ctx context.Context, gvk schema.GroupVersionKind, name string) (reconcile.Result, error) {
	mr := resource(gvk, name)
	if err := a.client.Get(ctx, client.ObjectKeyFromObject(mr), mr); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	if mr.GetDeletionTimestamp() != nil {
		return a.delete(ctx, mr)
	}

	wanted := mr.DeepCopy()
	controllerutil.AddFinalizer(wanted, finalizer)
	age := time.Since(mr.GetCreationTimestamp().Time)
	if age < a.Latency {
		a.creating(wanted)
	} else {
		a.observe(wanted, age)
	}
	if err := a.write(ctx, mr, wanted); err != nil {
		// What has gone or changed meanwhile is looked at again for that.
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}

	// What changes by itself with time is looked at again then.
	for _, at := range []time.Duration{a.Latency, a.Handshake} {
		if age < at {
			return reconcile.Result{RequeueAfter: at - age}, nil
		}
	}
	return reconcile.Result{}, nil
}

// creating is what a resource looks like before AWS has made it.
func (a *Account) creating(mr *unstructured.Unstructured) {
	mr.Object["status"] = map[string]any{"conditions": []any{
		condition("Ready", "False", "Creating", ""),
		condition("Synced", "True", "ReconcileSuccess", ""),
	}}
}

// observe what AWS has, with the change that a test wants.
func (a *Account) observe(mr *unstructured.Unstructured, age time.Duration) {
	a.name(mr)
	if a.isOnGoneVersion(mr) {
		// What was observed before stays.
		Refused(unknownVersion(mr))(mr)
		return
	}
	a.apply(mr)
	if mr.GetKind() == "Connection" && age < a.Handshake {
		Pending(mr)
	}
	a.mx.Lock()
	change := a.changes[mr.GetName()]
	a.mx.Unlock()
	if change != nil {
		change(mr)
	}
}

// delete the resource in AWS, if the provider may, and let it go from the API server.
func (a *Account) delete(ctx context.Context, mr *unstructured.Unstructured) (reconcile.Result, error) {
	if may(mr, "Delete") {
		if age := time.Since(mr.GetDeletionTimestamp().Time); age < a.Latency {
			return reconcile.Result{RequeueAfter: a.Latency - age}, nil
		}
		if !a.remove(mr) {
			return reconcile.Result{RequeueAfter: time.Second}, nil
		}
	}
	patch := client.MergeFrom(mr.DeepCopy())
	if !controllerutil.RemoveFinalizer(mr, finalizer) {
		return reconcile.Result{}, nil
	}
	return reconcile.Result{}, client.IgnoreNotFound(a.client.Patch(ctx, mr, patch))
}

// write what is wanted: metadata first, as the status is a resource of its own.
func (a *Account) write(ctx context.Context, mr, wanted *unstructured.Unstructured) error {
	status := wanted.Object["status"]
	if !equality.Semantic.DeepEqual(mr.Object["metadata"], wanted.Object["metadata"]) {
		patch := client.MergeFrom(mr)
		meta := mr.DeepCopy()
		meta.Object["metadata"] = wanted.Object["metadata"]
		if err := a.client.Patch(ctx, meta, patch); err != nil {
			return err
		}
	}
	if equality.Semantic.DeepEqual(mr.Object["status"], status) {
		return nil
	}
	patched := mr.DeepCopy()
	patched.Object["status"] = status
	return a.client.Status().Patch(ctx, patched, client.MergeFrom(mr))
}

func resource(gvk schema.GroupVersionKind, name string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	u.SetName(name)
	return u
}
