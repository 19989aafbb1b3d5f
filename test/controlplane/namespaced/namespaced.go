// Package namespaced turns the managed resources that the function desires, which are cluster-scoped, into those that a
// namespaced composite resource can have: of provider-aws's groups *.aws.m.upbound.io. It is the proof of docs/namespaced.md,
// and part of no binary: nothing there has a namespaced composite resource yet.
package namespaced

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/conversion"
)

const (
	groupCluster    = ".aws.upbound.io"
	groupNamespaced = ".aws.m.upbound.io"

	// version of all namespaced kinds that pipelines are made of: they have one each.
	version = "v1beta1"

	// clusterProviderConfig serves all namespaces, as a ProviderConfig of the cluster-scoped API does.
	clusterProviderConfig = "ClusterProviderConfig"
)

// Kind is the namespaced kind beside a cluster-scoped one. Others are as they are.
func Kind(gvk schema.GroupVersionKind) schema.GroupVersionKind {
	service, ok := strings.CutSuffix(gvk.Group, groupCluster)
	if !ok {
		return gvk
	}
	return schema.GroupVersionKind{Group: service + groupNamespaced, Version: version, Kind: gvk.Kind}
}

// Convert a cluster-scoped managed resource, whose kind and the one beside it the schemas must have. Its name, its external name
// and its references stay. Its namespace is Crossplane's to say: that of the composite resource.
func Convert(schemas conversion.Schemas, mr *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	converted, err := schemas.ConvertTo(mr, Kind(mr.GroupVersionKind()))
	if err != nil {
		return nil, err
	}
	err = unstructured.SetNestedField(converted.Object, clusterProviderConfig, "spec", "providerConfigRef", "kind")
	return converted, errors.Wrapf(err, "cannot refer from %s to its account", mr.GetName())
}
