package golden

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// An expectation is an output without what Crossplane adds in the same way to each: labels and owner of the resources, and the XR's
// references to them.
type expectation struct {
	// refusal is the error that the function refuses the claim with. There is nothing else then.
	refusal string

	// uid of the XR. It is empty if there are no resources.
	uid string

	// objects by their keys.
	objects tree
}

// expect an output.
func expect(out output) (expectation, error) {
	if message, ok := out.refusal(); ok {
		return expectation{refusal: message}, nil
	}
	e := expectation{uid: out.uid(), objects: tree{}}
	for _, u := range out {
		u = u.DeepCopy()
		switch rankOf(u) {
		case composite:
			unstructured.RemoveNestedField(u.Object, referencesIn(u)...)
		case composed:
			u.SetLabels(nil)
			u.SetOwnerReferences(nil)
			u.SetNamespace("")
		}
		if e.objects[keyOf(u)] != nil {
			return e, errors.Errorf("two objects have the key %q", keyOf(u))
		}
		e.objects[keyOf(u)] = unfold(u.Object)
	}
	return e, nil
}

// output that is expected.
func (e expectation) output() (output, error) {
	if e.refusal != "" {
		return refused(e.refusal), nil
	}
	out := output{}
	for key, o := range e.objects {
		object, ok := fold(o).(map[string]any)
		if !ok {
			return nil, errors.Errorf("%q is not an object", key)
		}
		out = append(out, &unstructured.Unstructured{Object: object})
	}
	out.sort()
	return out, e.complete(out)
}

// complete an output with what Crossplane adds.
func (e expectation) complete(out output) error {
	if len(out.resources()) == 0 {
		return nil
	}
	xr := out[0].DeepCopy()
	xr.SetUID(types.UID(e.uid))
	for _, u := range out.resources() {
		render.Own(u, xr)
	}
	return unstructured.SetNestedSlice(out[0].Object, out.references(), referencesIn(xr)...)
}

// referencesIn an XR is where Crossplane writes the references to its resources.
func referencesIn(xr *unstructured.Unstructured) []string {
	if xr.GetNamespace() != "" {
		return []string{"spec", "crossplane", "resourceRefs"}
	}
	return []string{"spec", "resourceRefs"}
}

// withSuffix is what would be expected if the claim had another environment suffix.
func (e expectation) withSuffix(suffix, other string) expectation {
	e.objects = e.objects.replace(suffix, other)
	return e
}

// withUID is what would be expected if the XR had another UID, which names begin with.
func (e expectation) withUID(uid string) expectation {
	if e.uid != "" && uid != "" {
		e.objects = e.objects.replace(e.uid[:8], uid[:8])
	}
	e.uid = uid
	return e
}
