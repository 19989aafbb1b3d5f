package claim

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
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

const inputAPIVersion = "paymentdelivery.fn.crossplane.io/v1beta1"

// inputKinds are how the function's input may be called. It was PlatformDefaults before the first release, and Compositions
// of that time still say so.
var inputKinds = []string{"PlatformSettings", "PlatformDefaults"}

// kindOf the function's input, as its author calls it.
func kindOf(in *structpb.Struct) string {
	return cmp.Or(in.GetFields()["kind"].GetStringValue(), inputKinds[0])
}

// ReadSpec reads the spec of a composite resource: checked, and with its defaults. What it returns is shared, and must not
// be changed.
func ReadSpec(xr *structpb.Struct) (v1alpha1.PaymentDeliveryPipelineSpec, refusal.List) {
	root := field.NewPath("spec")
	value, found := xr.GetFields()["spec"]
	spec := value.GetStructValue()
	if found && spec == nil {
		return v1alpha1.PaymentDeliveryPipelineSpec{}, refusal.List{{Field: root.String(), Allowed: "must be an object"}}
	}
	return specs.once(spec, func(obj map[string]any) (v1alpha1.PaymentDeliveryPipelineSpec, refusal.List) {
		for _, name := range machinery {
			delete(obj, name)
		}
		spec, refused := read[v1alpha1.PaymentDeliveryPipelineSpec](obj, root, specSchema)
		return spec, slices.Concat(refused, checkEvent(spec), checkBuildVariables(spec), checkMetrics(spec))
	})
}

// ReadSettings reads the function's input: checked, and with its defaults. A Composition without input gets all
// defaults. What it returns is shared, and must not be changed.
func ReadSettings(in *structpb.Struct) (v1beta1.PlatformSettings, refusal.List) {
	root := field.NewPath("input")
	for _, typed := range []struct {
		by      string
		allowed []string
	}{{"apiVersion", []string{inputAPIVersion}}, {"kind", inputKinds}} {
		if got := in.GetFields()[typed.by].GetStringValue(); in != nil && !slices.Contains(typed.allowed, got) {
			return v1beta1.PlatformSettings{}, refusal.List{notSupported(root.Child(typed.by), got, typed.allowed)}
		}
	}
	if match := in.GetFields()["match"]; match != nil {
		return v1beta1.PlatformSettings{}, refusal.List{{
			Field: root.Child("match").String(), Value: refusal.Show(match.AsInterface()),
			Allowed: "the input is for all claims: settings for some of them go into an EnvironmentConfig",
		}}
	}
	return settings.once(in, func(map[string]any) (v1beta1.PlatformSettings, refusal.List) {
		return readPlatform(valuesOf(in), root)
	})
}

// valuesOf settings, without what the API server checks of every object.
func valuesOf(in *structpb.Struct) map[string]any {
	values := in.AsMap()
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		delete(values, name)
	}
	return values
}

// results of reading objects, by the objects: to check one takes a quarter of a reconcile.
type results[T any] struct{ memo *memo.Memo[result[T]] }

// A result is what an object was read as.
type result[T any] struct {
	object  T
	refused refusal.List
}

var (
	specs    = results[v1alpha1.PaymentDeliveryPipelineSpec]{memo.New[result[v1alpha1.PaymentDeliveryPipelineSpec]](2 << 20)}
	settings = results[v1beta1.PlatformSettings]{memo.New[result[v1beta1.PlatformSettings]](1 << 20)}
)

// once reads an object that was not read before.
func (r results[T]) once(s *structpb.Struct, read func(obj map[string]any) (T, refusal.List)) (T, refusal.List) {
	key, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	if err != nil {
		var none T
		return none, refusal.List{internal(nil, err)}
	}
	known := r.memo.Get(key, func() result[T] {
		object, refused := read(s.AsMap())
		return result[T]{object, refused}
	})
	return known.object, known.refused
}

// read applies a schema to an object and decodes it, unless it has mistakes.
func read[T any](obj map[string]any, root *field.Path, compiled func() (*schema.Schema, error)) (T, refusal.List) {
	var into T
	s, err := compiled()
	if err != nil {
		return into, refusal.List{internal(root, err)}
	}
	refused := s.Apply(obj, root)
	if mistakes, _ := divide(refused); len(mistakes) > 0 {
		return into, refused
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj, &into); err != nil {
		return into, refusal.List{internal(root, fmt.Errorf("cannot decode: %w", err))}
	}
	return into, refused
}

// readPlatform reads settings of the platform team.
func readPlatform(values map[string]any, root *field.Path) (v1beta1.PlatformSettings, refusal.List) {
	platform, wrong := read[v1beta1.PlatformSettings](values, root, inputSchema)
	if mistakes, _ := divide(wrong); len(mistakes) > 0 {
		return platform, wrong
	}
	return platform, append(wrong, checkPlaceholders(platform, root)...)
}

// internal is a mistake of ours.
func internal(at *field.Path, err error) refusal.Refusal {
	return refusal.Refusal{Field: at.String(), Problem: field.ErrorTypeInternal, Allowed: err.Error(), Rule: refusal.Package}
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
