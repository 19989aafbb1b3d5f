// Package v1alpha1 is the paymentdelivery.io API: the claim that an app team files and the status it gets back.
//
// Defaults, bounds and rules stand beside each field as markers. apis/definition.yaml is generated from them, and the
// function checks claims against that same schema, so there is no second copy of any rule.
// +kubebuilder:object:generate=false
// +groupName=paymentdelivery.io
// +versionName=v1alpha1
package v1alpha1

// KindNamespaced is the kind of composite resources, with the fields of claims, that teams have in their namespaces.
const KindNamespaced = "PaymentPipeline"

// AnnotationChange of a claim is an id that whoever changes the claim gives to the change.
const AnnotationChange = "paymentdelivery.io/change"

// Labels that Crossplane puts on the composite resource of a claim, and on its managed resources.
const (
	LabelClaimName      = "crossplane.io/claim-name"
	LabelClaimNamespace = "crossplane.io/claim-namespace"
)
