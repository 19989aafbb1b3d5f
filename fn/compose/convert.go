package compose

import (
	"fmt"
	"reflect"
	"strings"
	"sync"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/errors"
	"github.com/crossplane/function-sdk-go/resource/composed"
)

// toStruct converts a typed object, whose type composed.Scheme must know, to the form that a response carries.
//
// It does what the SDK's composed.From and resource.AsStruct do together, but goes neither through JSON nor through maps:
// either would take most of the time of a reconcile. What nobody set is left out, also where the type's field is a struct
// and not a pointer to one: Crossplane would take an empty object for the wish that it be empty.
func toStruct(o client.Object) (*structpb.Struct, error) {
	kinds, _, err := composed.Scheme.ObjectKinds(o)
	if err != nil {
		return nil, errors.Wrap(err, "is its API group in the scheme?")
	}
	o.GetObjectKind().SetGroupVersionKind(kinds[0])
	v, err := toValue(reflect.ValueOf(o))
	if err != nil {
		return nil, err
	}
	s := v.GetStructValue()
	delete(s.GetFields(), "status") // It is the provider's to tell.
	return s, nil
}

// toValue converts a value as encoding/json would. It knows the types that Kubernetes objects are made of.
func toValue(v reflect.Value) (*structpb.Value, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return structpb.NewNullValue(), nil
		}
		return toValue(v.Elem())
	case reflect.Struct:
		value, s := newStruct(0)
		return value, addFields(s, v)
	case reflect.Map:
		value, s := newStruct(v.Len())
		for entries := v.MapRange(); entries.Next(); {
			member, err := toValue(entries.Value())
			if err != nil {
				return nil, err
			}
			s.Fields[entries.Key().String()] = member
		}
		return value, nil
	case reflect.Slice:
		l := &structpb.ListValue{Values: make([]*structpb.Value, v.Len())}
		for i := range v.Len() {
			item, err := toValue(v.Index(i))
			if err != nil {
				return nil, err
			}
			l.Values[i] = item
		}
		return structpb.NewListValue(l), nil
	case reflect.String:
		return newString(v.String()), nil
	case reflect.Bool:
		return structpb.NewBoolValue(v.Bool()), nil
	case reflect.Int, reflect.Int32, reflect.Int64:
		return structpb.NewNumberValue(float64(v.Int())), nil
	case reflect.Float64:
		return structpb.NewNumberValue(v.Float()), nil
	default:
		return nil, fmt.Errorf("cannot convert a %s", v.Type())
	}
}

// newString and newStruct make what structpb's own functions make, in one allocation instead of two or three: most of a
// response is these.
func newString(text string) *structpb.Value {
	v := &struct {
		value structpb.Value
		kind  structpb.Value_StringValue
	}{kind: structpb.Value_StringValue{StringValue: text}}
	v.value.Kind = &v.kind
	return &v.value
}

func newStruct(size int) (*structpb.Value, *structpb.Struct) {
	v := &struct {
		value structpb.Value
		kind  structpb.Value_StructValue
		s     structpb.Struct
	}{}
	v.s.Fields = make(map[string]*structpb.Value, size)
	v.kind.StructValue = &v.s
	v.value.Kind = &v.kind
	return &v.value, &v.s
}

// addFields adds the fields of a struct that are set.
func addFields(s *structpb.Struct, v reflect.Value) error {
	for _, f := range fieldsOf(v.Type()) {
		member := v.Field(f.index)
		if f.inline {
			if err := addFields(s, member); err != nil {
				return err
			}
			continue
		}
		if f.optional && member.IsZero() {
			continue
		}
		value, err := toValue(member)
		if err != nil {
			return errors.Wrap(err, f.name)
		}
		s.Fields[f.name] = value
	}
	return nil
}

// A field of a struct, as its JSON tag describes it.
type field struct {
	index    int
	name     string
	inline   bool
	optional bool
}

// fields by type. Types do not change, and looking at tags takes longer than all the rest.
var fields sync.Map

func fieldsOf(t reflect.Type) []field {
	if known, ok := fields.Load(t); ok {
		return known.([]field) //nolint:forcetypeassert // Nothing else is stored.
	}
	var of []field
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "-" || !t.Field(i).IsExported() {
			continue
		}
		of = append(of, field{
			index:    i,
			name:     name,
			inline:   name == "",
			optional: strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero"),
		})
	}
	fields.Store(t, of)
	return of
}
