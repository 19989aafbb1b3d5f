package claim

import (
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// Kind is what the API server calls claims.
const Kind = "PaymentDeliveryPipeline"

// An Owner is the object that a team files for a pipeline: a claim, or a composite resource of its own.
type Owner struct {
	Kind      string
	Namespace string
	Name      string

	// Namespaced says that it is a composite resource in a namespace. Its managed resources are in the same one.
	Namespaced bool
}

// OwnerOf a composite resource is its claim, or itself. One in a namespace has no claim, whatever its labels say: a team may write them.
func OwnerOf(xr *structpb.Struct) Owner {
	metadata := xr.GetFields()["metadata"].GetStructValue().GetFields()
	if namespace := metadata["namespace"].GetStringValue(); namespace != "" {
		return Owner{Kind: xr.GetFields()["kind"].GetStringValue(), Namespace: namespace, Name: metadata["name"].GetStringValue(), Namespaced: true}
	}
	labels := metadata["labels"].GetStructValue().GetFields()
	if namespace := labels[v1alpha1.LabelClaimNamespace].GetStringValue(); namespace != "" {
		return Owner{Kind: Kind, Namespace: namespace, Name: labels[v1alpha1.LabelClaimName].GetStringValue()}
	}
	return Owner{Kind: xr.GetFields()["kind"].GetStringValue(), Name: metadata["name"].GetStringValue()}
}

// Filed is the kind that people file, which messages name.
func (o Owner) Filed() string {
	if o.Namespaced {
		return o.Kind
	}
	return Kind
}

// String names the owner in its cluster, as "kind/namespace/name".
func (o Owner) String() string {
	parts := []string{o.Kind, o.Namespace, o.Name}
	if o.Namespace == "" {
		parts = []string{o.Kind, o.Name}
	}
	return strings.Join(parts, "/")
}
