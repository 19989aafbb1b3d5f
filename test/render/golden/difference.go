package golden

import (
	"bytes"
	"cmp"
	"encoding/json"
	"regexp"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A Difference between two outputs, by the objects' kinds and names.
type Difference struct {
	// UID of the XR, if it is another. Names contain it, or how it begins.
	UID string `json:"uid,omitempty"`

	// Without are objects that only the base has.
	Without []string `json:"without,omitempty"`

	// Changed are the objects that both have, as JSON merge patches: null is what only the base has, and a list is told whole.
	// See https://www.rfc-editor.org/rfc/rfc7386.
	Changed map[string]json.RawMessage `json:"changed,omitempty"`

	// With are objects that the base has not.
	With map[string]json.RawMessage `json:"with,omitempty"`
}

// An output of Crossplane: the XR, then its resources by their names in the composition, then results.
type output []*unstructured.Unstructured

func parse(data []byte) (output, error) {
	out := output{}
	for doc := range render.Documents(data) {
		b, err := yaml.YAMLToJSON([]byte(doc))
		if err != nil {
			return nil, errors.Wrap(err, "cannot parse output")
		}
		u, err := decode(b)
		if err != nil {
			return nil, errors.Wrap(err, "cannot parse output")
		}
		out = append(out, u)
	}
	return out, nil
}

func (o output) print() ([]byte, error) {
	slices.SortFunc(o, func(a, b *unstructured.Unstructured) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(render.ComposedName(a), render.ComposedName(b)))
	})
	o.refer()
	return render.Print(o)
}

// refer from the XR to its resources, as Crossplane does. A difference leaves that out: it tells of the resources already.
func (o output) refer() {
	resources := slices.DeleteFunc(slices.Clone(o), func(u *unstructured.Unstructured) bool { return rank(u) != composed })
	// Crossplane too sorts them by what it writes of them, one after the other.
	reference := func(u *unstructured.Unstructured) string { return u.GetAPIVersion() + u.GetKind() + u.GetName() }
	slices.SortFunc(resources, func(a, b *unstructured.Unstructured) int { return cmp.Compare(reference(a), reference(b)) })
	refs := []any{}
	for _, u := range resources {
		refs = append(refs, map[string]any{"apiVersion": u.GetAPIVersion(), "kind": u.GetKind(), "name": u.GetName()})
	}
	for _, u := range o {
		if rank(u) == composite && len(refs) > 0 {
			u.Object["spec"].(map[string]any)["resourceRefs"] = refs //nolint:forcetypeassert // Every XR has a spec.
		}
	}
}

// The ranks of objects in an output.
const (
	composite = iota
	composed
	result
)

func rank(u *unstructured.Unstructured) int {
	switch {
	case u.GetKind() == "Result":
		return result
	case render.ComposedName(u) != "":
		return composed
	default:
		return composite
	}
}

// key of an object within an output.
func key(u *unstructured.Unstructured) string {
	reason, _, _ := unstructured.NestedString(u.Object, "reason")
	return u.GetKind() + " " + cmp.Or(u.GetName(), reason)
}

func (o output) byKey() map[string]*unstructured.Unstructured {
	m := map[string]*unstructured.Unstructured{}
	for _, u := range o {
		m[key(u)] = u
	}
	return m
}

// differenceOf an output from its base.
func differenceOf(base, out []byte) (Difference, error) {
	d := Difference{Changed: map[string]json.RawMessage{}, With: map[string]json.RawMessage{}}
	if uid := uidIn(out); uid != uidIn(base) {
		d.UID = uid
	}
	before, err := parse(d.identify(base))
	if err != nil {
		return d, err
	}
	after, err := parse(out)
	if err != nil {
		return d, err
	}
	was, is := before.byKey(), after.byKey()
	for _, u := range before {
		if is[key(u)] == nil {
			d.Without = append(d.Without, key(u))
		}
	}
	for k, u := range is {
		if was[k] == nil {
			d.With[k], err = u.MarshalJSON()
		} else {
			d.Changed[k], err = patchOf(was[k], u)
		}
		if err != nil {
			return d, errors.Wrapf(err, "cannot compare %s", k)
		}
		if string(d.Changed[k]) == "{}" {
			delete(d.Changed, k)
		}
	}
	return d, nil
}

var owner = regexp.MustCompile(`(?m)^    uid: ([0-9a-f-]{36})$`)

// uidIn an output is the UID of the XR, which owns its resources. It is empty if there are none.
func uidIn(output []byte) string {
	if m := owner.FindSubmatch(output); m != nil {
		return string(m[1])
	}
	return ""
}

// identify the base with the difference's XR.
func (d Difference) identify(base []byte) []byte {
	if d.UID == "" {
		return base
	}
	was := uidIn(base)
	base = bytes.ReplaceAll(base, []byte(was), []byte(d.UID))
	return bytes.ReplaceAll(base, []byte(was[:8]), []byte(d.UID[:8]))
}

func patchOf(from, to *unstructured.Unstructured) ([]byte, error) {
	a, err := bare(from)
	if err != nil {
		return nil, err
	}
	b, err := bare(to)
	if err != nil {
		return nil, err
	}
	return jsonpatch.CreateMergePatch(a, b)
}

// bare is an object as JSON, without what refer makes.
func bare(u *unstructured.Unstructured) ([]byte, error) {
	u = u.DeepCopy()
	unstructured.RemoveNestedField(u.Object, "spec", "resourceRefs")
	return json.Marshal(u.Object)
}

// apply the difference to its base.
func (d Difference) apply(base []byte) ([]byte, error) {
	before, err := parse(d.identify(base))
	if err != nil {
		return nil, err
	}
	after := output{}
	for _, u := range before {
		if slices.Contains(d.Without, key(u)) {
			continue
		}
		if patch := d.Changed[key(u)]; patch != nil {
			if u, err = patched(u, patch); err != nil {
				return nil, err
			}
		}
		after = append(after, u)
	}
	for _, object := range d.With {
		u, err := decode(object)
		if err != nil {
			return nil, err
		}
		after = append(after, u)
	}
	return after.print()
}

func patched(u *unstructured.Unstructured, patch []byte) (*unstructured.Unstructured, error) {
	b, err := json.Marshal(u.Object)
	if err != nil {
		return nil, err
	}
	b, err = jsonpatch.MergePatch(b, patch)
	if err != nil {
		return nil, err
	}
	return decode(b)
}

// decode an object, whose whole numbers stay such.
func decode(object []byte) (*unstructured.Unstructured, error) {
	u := &unstructured.Unstructured{}
	return u, utiljson.Unmarshal(object, &u.Object)
}
