// Package conversion converts managed resources between the API versions of their kind, as provider-aws's own webhook does:
// where one version has an object, another may have a list of one. What is what, it reads in the CRDs. So it converts to the
// namespaced kind of the same name too.
package conversion

import (
	"maps"
	"slices"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// Schemas of the versions of kinds.
type Schemas map[schema.GroupVersionKind]*extv1.JSONSchemaProps

// Add the kind of a CRD.
func (s Schemas) Add(crd *extv1.CustomResourceDefinition) {
	for i := range crd.Spec.Versions {
		v := &crd.Spec.Versions[i]
		s[schema.GroupVersionKind{Group: crd.Spec.Group, Version: v.Name, Kind: crd.Spec.Names.Kind}] = v.Schema.OpenAPIV3Schema
	}
}

// Convert an object to another version of its kind, with the metadata that it has. It is an error if that version lacks a
// field that the object has.
func (s Schemas) Convert(o *unstructured.Unstructured, version string) (*unstructured.Unstructured, error) {
	return s.ConvertTo(o, o.GroupVersionKind().GroupKind().WithVersion(version))
}

// ConvertTo converts an object to another kind that has the same fields, with the metadata that it has. It is an error if that
// kind lacks a field that the object has.
func (s Schemas) ConvertTo(o *unstructured.Unstructured, to schema.GroupVersionKind) (*unstructured.Unstructured, error) {
	from := o.GroupVersionKind()
	for _, gvk := range []schema.GroupVersionKind{from, to} {
		if s[gvk] == nil {
			return nil, errors.Errorf("no CRD has %s", gvk)
		}
	}
	content, err := convert(o.Object, s[from], s[to])
	if err != nil {
		return nil, errors.Wrapf(err, "cannot convert %s %q to %s", from, o.GetName(), to.GroupVersion())
	}
	converted := &unstructured.Unstructured{Object: content.(map[string]any)} //nolint:forcetypeassert // An object is converted to one.
	converted.SetGroupVersionKind(to)
	if converted.Object["metadata"] == nil {
		// The API server also converts parts of objects, and refuses an answer without metadata.
		converted.Object["metadata"] = map[string]any{}
	}
	return converted, nil
}

const (
	typeArray  = "array"
	typeObject = "object"
)

// convert a value of one schema to a value of the other.
func convert(value any, from, to *extv1.JSONSchemaProps) (any, error) {
	switch {
	case value == nil:
		return value, nil
	case from.Type == typeObject && to.Type == typeArray:
		only, err := convert(value, from, to.Items.Schema)
		return []any{only}, err
	case from.Type == typeArray && to.Type == typeObject:
		list := value.([]any) //nolint:forcetypeassert // The API server has checked it.
		if len(list) == 0 {
			return map[string]any{}, nil
		}
		return convert(list[0], from.Items.Schema, to)
	case from.Type == typeArray:
		return convertItems(value.([]any), from.Items.Schema, to.Items.Schema) //nolint:forcetypeassert // As above.
	case from.Type == typeObject && len(from.Properties) > 0:
		return convertFields(value.(map[string]any), from, to) //nolint:forcetypeassert // As above.
	default:
		return value, nil
	}
}

func convertItems(list []any, from, to *extv1.JSONSchemaProps) (any, error) {
	converted := make([]any, len(list))
	for i := range list {
		var err error
		if converted[i], err = convert(list[i], from, to); err != nil {
			return nil, errors.Wrapf(err, "%d", i)
		}
	}
	return converted, nil
}

func convertFields(object map[string]any, from, to *extv1.JSONSchemaProps) (any, error) {
	converted := make(map[string]any, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		a, knownFrom := from.Properties[name]
		b, knownTo := to.Properties[name]
		if !knownFrom || !knownTo {
			return nil, errors.Errorf("one of the versions has no field %q", name)
		}
		var err error
		if converted[name], err = convert(object[name], &a, &b); err != nil {
			return nil, errors.Wrap(err, name)
		}
	}
	return converted, nil
}
