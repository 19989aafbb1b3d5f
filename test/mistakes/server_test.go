package mistakes

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
)

// A server checks what is created as the API server does, by its own libraries and in its order. TestMistakes in test/controlplane asks the real
// one.
type server struct {
	structural *schema.Structural
	values     validation.SchemaValidator
	rules      *cel.Validator
}

func newServer(t *testing.T) server {
	t.Helper()
	definition := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, definition); err != nil {
		t.Fatal(err)
	}
	whole := definition.Spec.Versions[0].Schema.OpenAPIV3Schema
	internal := &apiextensions.JSONSchemaProps{}
	props := extv1.JSONSchemaProps{Type: "object", Required: whole.Required, Properties: map[string]extv1.JSONSchemaProps{"spec": whole.Properties["spec"]}}
	if err := extv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&props, internal, nil); err != nil {
		t.Fatal(err)
	}
	structural, err := schema.NewStructural(internal)
	if err != nil {
		t.Fatal(err)
	}
	values, _, err := validation.NewSchemaValidator(internal)
	if err != nil {
		t.Fatal(err)
	}
	return server{structural, values, cel.NewValidator(structural, false, celconfig.PerCallLimit)}
}

// create an object with a spec: what is wrong with it, sorted.
func (s server) create(t *testing.T, spec map[string]any) []string {
	t.Helper()
	// Whole numbers are int64, as the API server has them.
	b, err := json.Marshal(map[string]any{"spec": spec})
	if err != nil {
		t.Fatal(err)
	}
	object := map[string]any{}
	if err := utiljson.Unmarshal(b, &object); err != nil {
		t.Fatal(err)
	}
	unknown := pruning.PruneWithOptions(object, s.structural, false, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	if len(unknown) > 0 {
		return []string{fmt.Sprintf("unknown field %q", unknown[0])}
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object, s.structural)
	defaulting.Default(object, s.structural)

	errs := validation.ValidateCustomResource(nil, object, s.values)
	if !slices.ContainsFunc(errs, stopsRules) {
		errs = append(errs, listtype.ValidateListSetsAndMaps(nil, s.structural, object)...)
		broken, _ := s.rules.Validate(t.Context(), nil, s.structural, object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, broken...)
	}
	var told []string
	for _, err := range errs {
		told = append(told, err.Error())
	}
	slices.Sort(told)
	return told
}

// stopsRules is true of an error after which the API server judges no rules.
func stopsRules(err *field.Error) bool {
	return slices.Contains([]field.ErrorType{
		field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid,
	}, err.Type)
}
