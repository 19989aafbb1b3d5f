package main

import (
	"fmt"
	"slices"
	"sync"

	"google.golang.org/protobuf/types/known/structpb"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/package/input"
)

// specSchema is the schema of the claim's spec, compiled once: that takes far longer than a request may.
var specSchema = sync.OnceValues(func() (*schema.Schema, error) {
	return schemaOf(apis.Definition, "spec")
})

// inputSchema is the schema of the function's input.
var inputSchema = sync.OnceValues(func() (*schema.Schema, error) {
	return schemaOf(input.CustomResourceDefinition)
})

// machinery is what Crossplane keeps in the spec of a claim and of its composite resource. It is none of ours.
var machinery = []string{
	"claimRef",
	"compositeDeletePolicy",
	"compositionRef",
	"compositionRevisionRef",
	"compositionRevisionSelector",
	"compositionSelector",
	"compositionUpdatePolicy",
	"crossplane",
	"environmentConfigRefs",
	"publishConnectionDetailsTo",
	"resourceRef",
	"resourceRefs",
	"writeConnectionSecretToRef",
}

// The type of the function's input.
const (
	inputAPIVersion = "paymentdelivery.fn.crossplane.io/v1beta1"
	inputKind       = "PlatformDefaults"
)

// readSpec reads the spec of a composite resource: checked, and with its defaults.
func readSpec(xr *structpb.Struct) (v1alpha1.PaymentDeliveryPipelineSpec, field.ErrorList) {
	root := field.NewPath("spec")
	value, found := xr.GetFields()["spec"]
	spec := value.GetStructValue()
	if found && spec == nil {
		return v1alpha1.PaymentDeliveryPipelineSpec{}, field.ErrorList{
			field.TypeInvalid(root, field.OmitValueType{}, "must be an object"),
		}
	}

	obj := spec.AsMap()
	for _, name := range machinery {
		delete(obj, name)
	}
	return read[v1alpha1.PaymentDeliveryPipelineSpec](obj, root, specSchema)
}

// readDefaults reads the function's input: checked, and with its defaults. A Composition without input gets all
// defaults.
func readDefaults(in *structpb.Struct) (v1beta1.PlatformDefaults, field.ErrorList) {
	root := field.NewPath("input")
	obj := in.AsMap()
	for name, want := range map[string]string{"apiVersion": inputAPIVersion, "kind": inputKind} {
		if got := obj[name]; in != nil && got != want {
			return v1beta1.PlatformDefaults{}, field.ErrorList{
				field.NotSupported(root.Child(name), got, []string{want}),
			}
		}
	}

	// The API server checks these three of every object.
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		delete(obj, name)
	}
	return read[v1beta1.PlatformDefaults](obj, root, inputSchema)
}

// read applies a schema to an object and decodes it.
func read[T any](obj map[string]any, root *field.Path, compiled func() (*schema.Schema, error)) (T, field.ErrorList) {
	var into T
	s, err := compiled()
	if err != nil {
		return into, field.ErrorList{field.InternalError(root, err)}
	}
	if errs := s.Apply(obj, root); len(errs) > 0 {
		return into, errs
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj, &into); err != nil {
		return into, field.ErrorList{field.InternalError(root, fmt.Errorf("cannot decode: %w", err))}
	}
	return into, nil
}

// schemaOf compiles the schema in a definition, or that of one of its fields. A CompositeResourceDefinition keeps it
// where a CustomResourceDefinition does.
func schemaOf(definition []byte, path ...string) (*schema.Schema, error) {
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(definition, d); err != nil {
		return nil, fmt.Errorf("cannot parse definition: %w", err)
	}
	if len(d.Spec.Versions) != 1 {
		return nil, fmt.Errorf("definition has %d versions, want one", len(d.Spec.Versions))
	}
	props := *d.Spec.Versions[0].Schema.OpenAPIV3Schema
	for _, name := range path {
		props = props.Properties[name]
	}
	return schema.New(&props)
}

// checkGuardrails reports what a valid claim asks for and the platform team does not allow.
func checkGuardrails(spec v1alpha1.PaymentDeliveryPipelineSpec, defaults v1beta1.PlatformDefaults) field.ErrorList {
	if len(defaults.AllowedRegions) == 0 || slices.Contains(defaults.AllowedRegions, spec.Region) {
		return nil
	}
	return field.ErrorList{
		field.NotSupported(field.NewPath("spec", "region"), spec.Region, slices.Sorted(slices.Values(defaults.AllowedRegions))),
	}
}

// checkAccount reports an account id that is not the one where the pipeline already is. Every ARN would name the wrong
// account.
func checkAccount(defaults v1beta1.PlatformDefaults, seen observation) field.ErrorList {
	actual := accountOf(seen)
	if defaults.AccountID == "" || actual == "" || defaults.AccountID == actual {
		return nil
	}
	return field.ErrorList{
		field.Invalid(field.NewPath("input", "accountId"), defaults.AccountID, "the pipeline's resources are in account "+actual),
	}
}
