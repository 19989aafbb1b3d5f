package golden

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// A Difference is what expected.yaml has: how a case differs from its base. A case without a base differs from nothing.
type Difference struct {
	// Error that the function refuses the claim with. There is nothing else then.
	Error string `json:"error,omitempty" yaml:"error,omitempty"`

	// UID of the XR, if it is another. Names contain its first eight digits.
	UID string `json:"uid,omitempty" yaml:"uid,omitempty"`

	// Without are the objects that only the base has.
	Without []string `json:"without,omitempty" yaml:"without,omitempty"`

	// Changed is how objects differ that both have: see changeOf.
	Changed tree `json:"changed,omitempty" yaml:"changed,omitempty"`

	// With are the objects that only the case has.
	With tree `json:"with,omitempty" yaml:"with,omitempty"`
}

// differenceOf what is expected of a case from what is expected of its base.
func differenceOf(base, e expectation) Difference {
	if e.refusal != "" {
		return Difference{Error: e.refusal}
	}
	d := Difference{Changed: tree{}, With: tree{}}
	if e.uid != base.uid {
		d.UID = e.uid
	}
	base = base.withUID(e.uid)
	for _, key := range slices.Sorted(maps.Keys(base.objects)) {
		if e.objects[key] == nil {
			d.Without = append(d.Without, key)
		}
	}
	for key, object := range e.objects {
		switch was := base.objects[key]; {
		case was == nil:
			d.With[key] = object
		case !reflect.DeepEqual(was, object):
			d.Changed[key] = changeOf(was, object)
		}
	}
	return d
}

// apply the difference to what is expected of the base.
func (d Difference) apply(base expectation) (expectation, error) {
	if d.Error != "" {
		return expectation{refusal: d.Error}, nil
	}
	e := base.withUID(cmp.Or(d.UID, base.uid))
	e.objects = maps.Clone(e.objects)
	if e.objects == nil {
		e.objects = tree{}
	}
	for _, key := range d.Without {
		if e.objects[key] == nil {
			return e, errors.Errorf("the base does not have %q, which the case is without", key)
		}
		delete(e.objects, key)
	}
	for key, change := range d.Changed {
		was := e.objects[key]
		if was == nil {
			return e, errors.Errorf("the base does not have %q, which the case changes", key)
		}
		var err error
		if e.objects[key], err = changed(was, change); err != nil {
			return e, errors.Wrapf(err, "cannot change %q", key)
		}
	}
	maps.Copy(e.objects, d.With)
	return e, nil
}
