// Package aws has the stand-in for provider-aws work on a control plane: it watches managed resources, lets the stand-in
// look at them in the time that AWS takes, and writes what that says. It never touches a resource's spec.
package aws

import (
	"context"
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

// retry is how long the provider waits until it tries again to make what AWS has refused.
const retry = time.Second

// An Account is an AWS account with its provider.
type Account struct {
	AWS *standin.AWS

	// Others are the accounts that the provider also reaches, by their ProviderConfigs.
	Others map[string]*standin.AWS

	// Latency is how long AWS takes to create something, and to delete it.
	Latency time.Duration

	// Handshake is how long a person takes to authorise a connection, counted from its creation.
	Handshake time.Duration

	client client.Client
}

// Start the provider for managed resources of the supplied kinds. It runs until the context is done.
func (a *Account) Start(ctx context.Context, config *rest.Config, kinds []schema.GroupVersionKind) error {
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
			For(resource(gvk, client.ObjectKey{})).
			WithOptions(controller.Options{MaxConcurrentReconciles: 4, SkipNameValidation: new(true)}).
			Complete(reconcile.Func(func(ctx context.Context, r reconcile.Request) (reconcile.Result, error) {
				return a.reconcile(ctx, gvk, r.NamespacedName)
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
func (a *Account) Set(ctx context.Context, gvk schema.GroupVersionKind, name string, change standin.Change) error {
	a.AWS.Set(name, change)
	return a.Look(ctx, gvk, name)
}

// Happen has something happen in AWS to what that has of a managed resource. The provider notices.
func (a *Account) Happen(ctx context.Context, gvk schema.GroupVersionKind, name string, what func(mr *unstructured.Unstructured) error) error {
	key, err := a.find(ctx, gvk, name)
	if err != nil {
		return err
	}
	mr := resource(gvk, key)
	if err := a.client.Get(ctx, key, mr); err != nil {
		return err
	}
	if err := what(mr); err != nil {
		return err
	}
	return a.Look(ctx, gvk, name)
}

// Look at a managed resource now, as the provider does once in its poll interval.
func (a *Account) Look(ctx context.Context, gvk schema.GroupVersionKind, name string) error {
	key, err := a.find(ctx, gvk, name)
	if err != nil {
		return err
	}
	_, err = a.reconcile(ctx, gvk, key)
	return err
}

// find a managed resource by its name, in whatever namespace it is. One that is nowhere is looked for without a namespace.
func (a *Account) find(ctx context.Context, gvk schema.GroupVersionKind, name string) (client.ObjectKey, error) {
	l := &unstructured.UnstructuredList{}
	l.SetGroupVersionKind(gvk)
	if err := a.client.List(ctx, l); err != nil {
		return client.ObjectKey{}, err
	}
	for i := range l.Items {
		if l.Items[i].GetName() == name {
			return client.ObjectKeyFromObject(&l.Items[i]), nil
		}
	}
	return client.ObjectKey{Name: name}, nil
}

// reconcile one managed resource as its provider would.
func (a *Account) reconcile(ctx context.Context, gvk schema.GroupVersionKind, key client.ObjectKey) (reconcile.Result, error) {
	mr := resource(gvk, key)
	if err := a.client.Get(ctx, key, mr); err != nil {
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}
	if mr.GetDeletionTimestamp() != nil {
		return a.delete(ctx, mr)
	}

	wanted := mr.DeepCopy()
	controllerutil.AddFinalizer(wanted, finalizer)
	age, made := time.Since(mr.GetCreationTimestamp().Time), true
	if age < a.Latency {
		standin.Stuck(wanted)
	} else {
		made = a.of(mr).Observe(wanted)
		if mr.GetKind() == "Connection" && age < a.Handshake {
			standin.Pending(wanted)
		}
	}
	if err := a.write(ctx, mr, wanted); err != nil {
		// What has gone or changed meanwhile is looked at again for that.
		return reconcile.Result{}, client.IgnoreNotFound(err)
	}

	if !made {
		return reconcile.Result{RequeueAfter: retry}, nil
	}
	// What changes by itself with time is looked at again then.
	for _, at := range []time.Duration{a.Latency, a.Handshake} {
		if age < at {
			return reconcile.Result{RequeueAfter: at - age}, nil
		}
	}
	return reconcile.Result{}, nil
}

// of is the account that a managed resource is in.
func (a *Account) of(mr *unstructured.Unstructured) *standin.AWS {
	config, _, _ := unstructured.NestedString(mr.Object, "spec", "providerConfigRef", "name")
	if other := a.Others[config]; other != nil {
		return other
	}
	return a.AWS
}

// delete the resource in AWS, if the provider may, and let it go from the API server.
func (a *Account) delete(ctx context.Context, mr *unstructured.Unstructured) (reconcile.Result, error) {
	if standin.May(mr, "Delete") {
		if age := time.Since(mr.GetDeletionTimestamp().Time); age < a.Latency {
			return reconcile.Result{RequeueAfter: a.Latency - age}, nil
		}
		if !a.of(mr).Delete(mr) {
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

func resource(gvk schema.GroupVersionKind, key client.ObjectKey) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	u.SetNamespace(key.Namespace)
	u.SetName(key.Name)
	return u
}
