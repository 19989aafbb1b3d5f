package compose

import (
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// annotationExternalName is the annotation with a managed resource's name in the outside world.
const annotationExternalName = "crossplane.io/external-name"

// An Observation is what exists: the composite resource (XR) and its composed resources, as the API server has them.
type Observation struct {
	XR Observed

	// Resources by their names in the composition.
	Resources map[string]*fnv1.Resource
}

// NewObservation returns the observed state of a request.
func NewObservation(s *fnv1.State) Observation {
	return Observation{XR: Observe(s.GetComposite()), Resources: s.GetResources()}
}

// Composed returns the composed resource with the supplied name. One that does not exist reads as empty.
func (o Observation) Composed(name resource.Name) Observed {
	return Observe(o.Resources[string(name)])
}

// Exists reports whether the API server has a composed resource with the supplied name.
func (o Observation) Exists(name resource.Name) bool {
	return o.Resources[string(name)] != nil
}

// Observed is a resource as the API server has it. It reads single fields straight from the request, since converting
// every observed resource costs more than all the rest of a reconcile. A field that is missing or of an unexpected type
// reads as absent, never as an error.
type Observed struct {
	object *structpb.Struct
}

// Observe returns the supplied resource of a request as Observed. Nil reads as a resource without fields.
func Observe(r *fnv1.Resource) Observed {
	return Observed{object: r.GetResource()}
}

// String returns the text at the supplied path, or "" where there is none.
func (o Observed) String(path ...string) string {
	return o.value(path...).GetStringValue()
}

// Numbers returns the numeric members of the object at the supplied path.
func (o Observed) Numbers(path ...string) map[string]float64 {
	out := map[string]float64{}
	for k, v := range o.value(path...).GetStructValue().GetFields() {
		if n, ok := v.GetKind().(*structpb.Value_NumberValue); ok {
			out[k] = n.NumberValue
		}
	}
	return out
}

// Strings returns the members of the object at the supplied path that are text.
func (o Observed) Strings(path ...string) map[string]string {
	out := map[string]string{}
	for k, v := range o.value(path...).GetStructValue().GetFields() {
		if s, ok := v.GetKind().(*structpb.Value_StringValue); ok {
			out[k] = s.StringValue
		}
	}
	return out
}

// List returns the objects in the list at the supplied path.
func (o Observed) List(path ...string) []Observed {
	var out []Observed
	for _, v := range o.value(path...).GetListValue().GetValues() {
		out = append(out, Observed{object: v.GetStructValue()})
	}
	return out
}

// Value returns what is at the supplied path, as encoding/json reads it, or nil where there is nothing.
func (o Observed) Value(path ...string) any {
	return o.value(path...).AsInterface()
}

// Object returns the object at the supplied path, or nil where there is none.
func (o Observed) Object(path ...string) *structpb.Struct {
	return o.value(path...).GetStructValue()
}

// ObjectName returns the resource's metadata.name.
func (o Observed) ObjectName() string {
	return o.String("metadata", "name")
}

// ExternalName returns the resource's name in the outside world.
func (o Observed) ExternalName() string {
	return o.annotation(annotationExternalName)
}

func (o Observed) annotation(key string) string {
	return o.String("metadata", "annotations", key)
}

// Label returns the resource's label with the supplied key, or "".
func (o Observed) Label(key string) string {
	return o.String("metadata", "labels", key)
}

// Namespace returns the resource's metadata.namespace. One that is cluster-scoped has none.
func (o Observed) Namespace() string {
	return o.String("metadata", "namespace")
}

// Claim returns the namespace and the name of the claim that a cluster-scoped resource belongs to, as "namespace/name".
func (o Observed) Claim() string {
	return o.Label(v1alpha1.LabelClaimNamespace) + "/" + o.Label(v1alpha1.LabelClaimName)
}

// ControllerUID returns the UID of the object that controls the resource, or "" if none does.
func (o Observed) ControllerUID() string {
	for _, v := range o.value("metadata", "ownerReferences").GetListValue().GetValues() {
		if owner := v.GetStructValue().GetFields(); owner["controller"].GetBoolValue() {
			return owner["uid"].GetStringValue()
		}
	}
	return ""
}

// A Condition is what a resource says of itself. Its status is "True", "False" or "Unknown".
type Condition struct {
	Status  string
	Reason  string
	Message string
}

// Condition returns the resource's condition of the supplied type. One that it does not have reads as empty.
func (o Observed) Condition(kind string) Condition {
	for _, v := range o.value("status", "conditions").GetListValue().GetValues() {
		c := v.GetStructValue().GetFields()
		if c["type"].GetStringValue() == kind {
			return Condition{Status: c["status"].GetStringValue(), Reason: c["reason"].GetStringValue(), Message: c["message"].GetStringValue()}
		}
	}
	return Condition{}
}

// value walks the supplied path. The generated getters make a nil or mistyped step read as nil.
func (o Observed) value(path ...string) *structpb.Value {
	v := structpb.NewStructValue(o.object)
	for _, p := range path {
		v = v.GetStructValue().GetFields()[p]
	}
	return v
}
