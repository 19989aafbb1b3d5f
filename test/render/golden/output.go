package golden

import (
	"cmp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// An output of Crossplane: the XR, then its resources by their names in the composition, then results. Or an error alone.
type output []*unstructured.Unstructured

// refused is the output of a claim that the function refuses with the message.
func refused(message string) output {
	return output{{Object: map[string]any{"error": message}}}
}

// refusal is the message in such an output.
func (o output) refusal() (message string, ok bool) {
	if len(o) != 1 {
		return "", false
	}
	message, ok = o[0].Object["error"].(string)
	return message, ok
}

// resources of the XR.
func (o output) resources() output {
	return slices.DeleteFunc(slices.Clone(o), func(u *unstructured.Unstructured) bool { return rankOf(u) != composed })
}

// uid of the XR, which owns the resources. It is empty if there are none.
func (o output) uid() string {
	for _, u := range o.resources() {
		for _, owner := range u.GetOwnerReferences() {
			return string(owner.UID)
		}
	}
	return ""
}

// sort the objects as Crossplane does.
func (o output) sort() {
	slices.SortFunc(o, func(a, b *unstructured.Unstructured) int {
		return cmp.Or(cmp.Compare(rankOf(a), rankOf(b)), cmp.Compare(keyOf(a), keyOf(b)))
	})
}

// references to the resources, as Crossplane writes them into the XR.
func (o output) references() []any {
	resources := o.resources()
	// Crossplane too sorts them by what it writes of them, one after the other.
	reference := func(u *unstructured.Unstructured) string { return u.GetAPIVersion() + u.GetKind() + u.GetName() }
	slices.SortFunc(resources, func(a, b *unstructured.Unstructured) int { return cmp.Compare(reference(a), reference(b)) })
	var all []any
	for _, u := range resources {
		all = append(all, map[string]any{"apiVersion": u.GetAPIVersion(), "kind": u.GetKind(), "name": u.GetName()})
	}
	return all
}

// The ranks of objects in an output.
const (
	composite = iota
	composed
	result
)

func rankOf(u *unstructured.Unstructured) int {
	switch {
	case u.GetKind() == "Result":
		return result
	case render.ComposedName(u) != "":
		return composed
	default:
		return composite
	}
}

// keyOf an object within an output: a resource's name in the composition, the kind and the reason of a result, or the XR's kind.
func keyOf(u *unstructured.Unstructured) string {
	reason, _, _ := unstructured.NestedString(u.Object, "reason")
	return cmp.Or(render.ComposedName(u), strings.TrimSpace(u.GetKind()+" "+reason))
}
