// Package two is an API of two kinds, which the generator refuses.
// +groupName=example.org
// +versionName=v1
package two

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// A Cake is one kind.
// +kubebuilder:object:root=true
type Cake struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// A Biscuit is another.
// +kubebuilder:object:root=true
type Biscuit struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}
