package plan

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/crossplane/function-sdk-go/resource/composed"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// providerTags begins the keys of the tags that provider-aws adds to what it manages, once it may.
const providerTags = "crossplane-"

// changes that an update would make: the fields of what is asked for that AWS has otherwise. What AWS has and nobody asks for
// is AWS's, but for tags, which the provider takes away. A field that the provider never tells of is left out.
func changes(asked *structpb.Struct, seen compose.Observed) []string {
	told := observationOf(asked)
	if told == nil || !mayUpdate(asked) {
		return nil
	}
	c := comparison{}
	c.structs("", parameters(asked, seen), withoutProviderTags(seen.Object("status", "atProvider")), told)
	return c.bounded()
}

// mayUpdate reports whether the provider may change what exists.
func mayUpdate(asked *structpb.Struct) bool {
	policies := member(asked, "spec", "managementPolicies").GetListValue().GetValues()
	return slices.ContainsFunc(policies, func(p *structpb.Value) bool { return p.GetStringValue() == "Update" })
}

// parameters that are asked for. Those that follow from references are the provider's to find: it writes them beside the
// references. No tags are an answer too.
func parameters(asked *structpb.Struct, seen compose.Observed) *structpb.Struct {
	fields := maps.Clone(member(asked, "spec", "forProvider").GetStructValue().GetFields())
	resolved := seen.Object("spec", "forProvider").GetFields()
	for name := range fields {
		if field, isReference := strings.CutSuffix(name, "Ref"); isReference && resolved[field] != nil {
			fields[field] = resolved[field]
		}
	}
	if fields["tags"] == nil {
		fields["tags"] = structpb.NewStructValue(&structpb.Struct{})
	}
	return &structpb.Struct{Fields: fields}
}

// withoutProviderTags is what the provider tells, but for the tags that it has added itself.
func withoutProviderTags(observation *structpb.Struct) *structpb.Struct {
	tags := maps.Clone(observation.GetFields()["tags"].GetStructValue().GetFields())
	maps.DeleteFunc(tags, func(key string, _ *structpb.Value) bool { return strings.HasPrefix(key, providerTags) })
	fields := maps.Clone(observation.GetFields())
	fields["tags"] = structpb.NewStructValue(&structpb.Struct{Fields: tags})
	return &structpb.Struct{Fields: fields}
}

// observationOf is the type of what the provider tells of a resource: status.atProvider. Nil if nothing is known of the kind.
func observationOf(asked *structpb.Struct) reflect.Type {
	gvk := schema.FromAPIVersionAndKind(member(asked, "apiVersion").GetStringValue(), member(asked, "kind").GetStringValue())
	known, ok := composed.Scheme.AllKnownTypes()[gvk]
	if !ok {
		return nil
	}
	t := known
	for _, name := range []string{"Status", "AtProvider"} {
		field, ok := t.FieldByName(name)
		if !ok {
			return nil
		}
		t = field.Type
	}
	return t
}

// member of an object at a path, or nil.
func member(object *structpb.Struct, path ...string) *structpb.Value {
	v := structpb.NewStructValue(object)
	for _, name := range path {
		v = v.GetStructValue().GetFields()[name]
	}
	return v
}
