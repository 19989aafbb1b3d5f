// Package broken has a marker that cannot be read.
// +groupName=example.org
// +versionName=v1
package broken

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// A Cake has a limit that is no number.
// +kubebuilder:object:root=true
type Cake struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// Layers of it.
	// +kubebuilder:validation:Maximum=many
	Layers int32 `json:"layers"`
}
