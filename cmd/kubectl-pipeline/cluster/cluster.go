// Package cluster reads PaymentDeliveryPipelines from Kubernetes.
package cluster

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// claims is the resource that app teams file.
var claims = schema.GroupVersionResource{Group: "paymentdelivery.io", Version: "v1alpha1", Resource: "paymentdeliverypipelines"}

// A Pipeline is a claim, with the conditions that Crossplane writes beside the status of ours.
type Pipeline struct {
	v1alpha1.PaymentDeliveryPipeline

	Conditions []metav1.Condition

	// AcceptedChange is the annotation paymentdelivery.io/change of the claim when the function accepted it last.
	AcceptedChange string
}

// Change is the id of the claim's last change. Empty: it has none.
func (p Pipeline) Change() string {
	return p.Annotations[v1alpha1.AnnotationChange]
}

// Condition of the supplied type. Nil: the claim does not have it.
func (p Pipeline) Condition(kind string) *metav1.Condition {
	return meta.FindStatusCondition(p.Conditions, kind)
}

// HasReleased reports whether a release has made a version live.
func (p Pipeline) HasReleased() bool {
	r := p.Status.Release
	return r != nil && r.Live != nil && r.Live.Version != v1alpha1.NoVersion
}

// A Client reads claims.
type Client struct {
	dynamic dynamic.Interface
}

// Connect to the cluster that the configuration names.
func Connect(config *rest.Config) (*Client, error) {
	d, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("cannot use the kubeconfig: %w", err)
	}
	return New(d), nil
}

// New returns a client that asks the supplied one.
func New(d dynamic.Interface) *Client {
	return &Client{dynamic: d}
}

// Get the claim with the supplied name.
func (c *Client) Get(ctx context.Context, namespace, name string) (Pipeline, error) {
	o, err := c.dynamic.Resource(claims).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return Pipeline{}, fmt.Errorf("cannot get PaymentDeliveryPipeline %s/%s: %w; all that there are: kubectl pipeline list -A", namespace, name, err)
	}
	if err != nil {
		return Pipeline{}, fmt.Errorf("cannot get PaymentDeliveryPipeline %s/%s: %w", namespace, name, err)
	}
	return typed(o)
}

// List the claims of a namespace, or of all namespaces if it is empty.
func (c *Client) List(ctx context.Context, namespace string) ([]Pipeline, error) {
	l, err := c.dynamic.Resource(claims).Namespace(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("cannot list PaymentDeliveryPipelines: %w", err)
	}
	all := make([]Pipeline, 0, len(l.Items))
	for i := range l.Items {
		p, err := typed(&l.Items[i])
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func typed(o *unstructured.Unstructured) (Pipeline, error) {
	p := Pipeline{}
	more := struct {
		Status struct {
			Conditions     []metav1.Condition `json:"conditions"`
			AcceptedChange string             `json:"acceptedChange"`
		} `json:"status"`
	}{}
	err := errors.Join(
		runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &p.PaymentDeliveryPipeline),
		runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &more),
	)
	if err != nil {
		return p, fmt.Errorf("cannot read PaymentDeliveryPipeline %s/%s: %w", o.GetNamespace(), o.GetName(), err)
	}
	p.Conditions, p.AcceptedChange = more.Status.Conditions, more.Status.AcceptedChange
	return p, nil
}
