// Package cake is an API of one kind, to try the generator on.
// +groupName=example.org
// +versionName=v1
package cake

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// A Cake is what a guest asks for.
// +kubebuilder:object:root=true
// +kubebuilder:resource:categories=food,shortName=ck
// +kubebuilder:printcolumn:name="SLICES",type=integer,JSONPath=`.status.slices`
type Cake struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   Spec   `json:"spec"`
	Status Status `json:"status,omitempty"`
}

// A Spec is how it is baked.
// +kubebuilder:validation:XValidation:rule="self.layers > 1",message="one layer is a biscuit",fieldPath=".layers"
type Spec struct {
	// Layers of it.
	// +kubebuilder:default=2
	// +kubebuilder:validation:Maximum=9
	Layers int32 `json:"layers,omitempty"`

	// Flavour of it.
	Flavour string `json:"flavour"`
}

// A Status is what is left of it.
type Status struct {
	// Slices that are left.
	Slices int32 `json:"slices,omitempty"`
}
