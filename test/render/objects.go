package render

import (
	"bytes"
	"iter"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// Documents of a YAML stream.
func Documents(stream []byte) iter.Seq[string] {
	return strings.SplitSeq(strings.TrimPrefix(string(stream), "---\n"), "\n---\n")
}

// Parse the objects of a YAML stream. Whole numbers stay such, and empty documents are none.
func Parse(stream []byte) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured
	for document := range Documents(stream) {
		b, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, errors.Wrap(err, "cannot parse YAML")
		}
		u := &unstructured.Unstructured{}
		if err := utiljson.Unmarshal(b, &u.Object); err != nil {
			return nil, errors.Wrap(err, "cannot parse an object")
		}
		if u.Object != nil {
			objects = append(objects, u)
		}
	}
	return objects, nil
}

// Print objects as a YAML stream.
func Print(objects []*unstructured.Unstructured) ([]byte, error) {
	b := bytes.Buffer{}
	for _, u := range objects {
		doc, err := yaml.Marshal(u.Object)
		if err != nil {
			return nil, err
		}
		b.WriteString("---\n")
		b.Write(doc)
	}
	return b.Bytes(), nil
}

// ComposedName is a resource's name in the composition, or "" if it is not composed.
func ComposedName(u *unstructured.Unstructured) string {
	return u.GetAnnotations()["crossplane.io/composition-resource-name"]
}

// Own a resource as Crossplane does: with the labels of the XR and its claim, and the XR as its owner.
func Own(resource, xr *unstructured.Unstructured) {
	labels := map[string]string{"crossplane.io/composite": xr.GetName()}
	resource.SetNamespace(xr.GetNamespace())
	for _, label := range []string{v1alpha1.LabelClaimName, v1alpha1.LabelClaimNamespace} {
		if value, isClaimed := xr.GetLabels()[label]; isClaimed {
			labels[label] = value
		}
	}
	resource.SetLabels(labels)
	resource.SetOwnerReferences([]metav1.OwnerReference{*metav1.NewControllerRef(xr, xr.GroupVersionKind())})
}
