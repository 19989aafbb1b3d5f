// Package schema checks and completes objects the way the API server does, with the API server's own libraries, so
// that a claim means the same on a laptop, in CI and in a cluster.
package schema

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A Schema checks and completes objects. It is safe for concurrent use.
type Schema struct {
	structural *schema.Structural
	values     validation.SchemaValidator
	rules      *cel.Validator

	// words for patterns, by the paths of their fields.
	words map[string]string
}

// New returns the Schema of an object with the supplied properties. Its rules are compiled here, once. Rules that compare with an older object
// do not hold in it.
func New(props *extv1.JSONSchemaProps) (*Schema, error) {
	return compile(props, dropTransitions)
}

// NewOfCreation returns the Schema as the API server applies it to an object that is created: rules that need no older object hold, also
// those that compare with one if there is one.
func NewOfCreation(props *extv1.JSONSchemaProps) (*Schema, error) {
	return compile(props, func(*schema.Structural) {})
}

func compile(props *extv1.JSONSchemaProps, prepare func(*schema.Structural)) (*Schema, error) {
	internal := &apiextensions.JSONSchemaProps{}
	if err := extv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(props, internal, nil); err != nil {
		return nil, fmt.Errorf("cannot convert schema: %w", err)
	}
	// The conversion shares memory with what it converts.
	internal = internal.DeepCopy()
	words := usePatterns(internal)
	structural, err := schema.NewStructural(internal)
	if err != nil {
		return nil, fmt.Errorf("cannot make schema structural: %w", err)
	}
	values, _, err := validation.NewSchemaValidator(internal)
	if err != nil {
		return nil, fmt.Errorf("cannot compile schema: %w", err)
	}
	prepare(structural)
	return &Schema{
		structural: structural,
		values:     values,
		words:      words,
		rules:      cel.NewValidator(structural, false, celconfig.PerCallLimit),
	}, nil
}

// dropTransitions takes out the rules that compare with an older object: there is none here, and compiled they would be kept in
// memory for nothing.
func dropTransitions(s *schema.Structural) {
	(&schema.Visitor{Structural: func(s *schema.Structural) bool {
		rules := slices.DeleteFunc(slices.Clone(s.XValidations), func(r extv1.ValidationRule) bool { return strings.Contains(r.Rule, "oldSelf") })
		changed := len(rules) < len(s.XValidations)
		s.XValidations = rules
		return changed
	}}).Visit(s)
}

// Apply sets defaults in obj, which is of JSON types, and reports everything that is wrong with it, sorted by field. There is no older object.
func (s *Schema) Apply(obj map[string]any, root *field.Path) refusal.List {
	if obj == nil {
		return refusal.List{{Field: root.String(), Problem: field.ErrorTypeRequired, Allowed: "must be an object"}}
	}
	_, refused := conform(obj, s.structural, root)

	// The API server drops nulls and sets defaults before it validates. Do the same, in the same order.
	defaulting.PruneNonNullableNullsWithoutDefaults(obj, s.structural)
	defaulting.Default(obj, s.structural)

	for _, err := range s.validate(obj, root) {
		value, found := lookup(obj, strings.TrimPrefix(strings.TrimPrefix(err.Field, root.String()), "."))
		r := refuse(err, value, found)
		if words, ok := s.inWords(err, root); ok {
			r.Allowed = words
		}
		refused = append(refused, r)
	}
	slices.SortFunc(refused, func(a, b refusal.Refusal) int {
		if a.Field != b.Field {
			return cmp.Compare(a.Field, b.Field)
		}
		// Only now, as each call makes a text.
		return cmp.Compare(a.Error(), b.Error())
	})
	return refused
}

// validate values, and, if rules can be, these.
func (s *Schema) validate(obj map[string]any, root *field.Path) field.ErrorList {
	invalid := validation.ValidateCustomResource(root, obj, s.values)
	// A fraction in place of an integer is reported twice: for its field, and for none.
	isVague := func(err *field.Error) bool { return err.Field == root.String() && err.BadValue == "" }
	if named := slices.DeleteFunc(slices.Clone(invalid), isVague); len(named) > 0 {
		invalid = named
	}
	if slices.ContainsFunc(invalid, stopsRules) {
		return invalid
	}
	invalid = append(invalid, listtype.ValidateListSetsAndMaps(root, s.structural, obj)...)
	broken, _ := s.rules.Validate(context.Background(), root, s.structural, obj, nil, celconfig.RuntimeCELCostBudget)
	return append(invalid, broken...)
}

// stopsRules is true of an error after which rules would read values of an unexpected type or size. It is the API
// server's choice too.
func stopsRules(err *field.Error) bool {
	switch err.Type {
	case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany,
		field.ErrorTypeTypeInvalid:
		return true
	default:
		return false
	}
}

// conform returns x with whole numbers as int64 where the schema wants integers, and refuses unknown fields.
//
// A protobuf Struct knows no integers: each number is a float64, which neither the rules nor the Go types take for one.
func conform(x any, s *schema.Structural, path *field.Path) (any, refusal.List) {
	if s == nil {
		return x, nil
	}

	var refused refusal.List
	switch v := x.(type) {
	case float64:
		if s.Type == "integer" && v == math.Trunc(v) && math.Abs(v) < math.MaxInt64 {
			return int64(v), nil
		}
	case []any:
		for i := range v {
			item, bad := conform(v[i], s.Items, path.Index(i))
			v[i], refused = item, append(refused, bad...)
		}
	case map[string]any:
		if s.Type != "object" || s.XPreserveUnknownFields {
			return x, nil
		}
		for name := range v {
			child, ok := childOf(s, name)
			if !ok {
				refused = append(refused, unknown(path.Child(name), s))
				continue
			}
			value, bad := conform(v[name], child, path.Child(name))
			v[name], refused = value, append(refused, bad...)
		}
	}
	return x, refused
}

// childOf is the schema of a field of an object, and whether there may be such a field.
func childOf(s *schema.Structural, name string) (*schema.Structural, bool) {
	if p, ok := s.Properties[name]; ok {
		return &p, true
	}
	if s.AdditionalProperties == nil {
		return nil, false
	}
	return s.AdditionalProperties.Structural, s.AdditionalProperties.Structural != nil || s.AdditionalProperties.Bool
}

// unknown refuses a field that an object does not have.
func unknown(path *field.Path, s *schema.Structural) refusal.Refusal {
	known := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		known = append(known, name)
	}
	slices.Sort(known)
	return refusal.UnknownField(path.String(), known)
}
