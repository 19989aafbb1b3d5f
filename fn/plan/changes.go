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

// takenAway are fields that the provider takes away, or sets back, where nobody asks for them: in Terraform's schemas they are
// optional and not computed. Of other fields AWS keeps what it has. Read in terraform-provider-aws, internal/service:
// lambda/function.go, iam/role.go, sns/topic.go, cloudwatch/metric_alarm.go.
var takenAway = []string{
	"alarmDescription", "deadLetterConfig", "displayName", "fileSystemConfig", "insufficientDataActions", "kmsKeyArn",
	"layers", "okActions", "permissionsBoundary", "reservedConcurrentExecutions", "vpcConfig",
}

// noReservation is what the provider tells of a function for which nothing is reserved.
const noReservation = -1

// providerTags begins the keys of the tags that provider-aws adds to what it manages, once it may.
const providerTags = "crossplane-"

// changes that an update would make: the fields of what is asked for that AWS has otherwise, and what it would take away. A field
// that the provider never tells of is left out.
func changes(asked *structpb.Struct, seen compose.Observed) []string {
	told := observationOf(asked)
	if told == nil || !mayUpdate(asked) {
		return nil
	}
	c := comparison{}
	c.structs("", parameters(asked, seen), observation(seen), told)
	return c.bounded()
}

// mayUpdate reports whether the provider may change what exists.
func mayUpdate(asked *structpb.Struct) bool {
	policies := member(asked, "spec", "managementPolicies").GetListValue().GetValues()
	return slices.ContainsFunc(policies, func(p *structpb.Value) bool { return p.GetStringValue() == "Update" })
}

// parameters that are asked for. Those that follow from references are the provider's to find: it writes them beside the
// references. To ask for none of what is taken away then is an answer too.
func parameters(asked *structpb.Struct, seen compose.Observed) *structpb.Struct {
	fields := maps.Clone(member(asked, "spec", "forProvider").GetStructValue().GetFields())
	if fields == nil {
		fields = map[string]*structpb.Value{}
	}
	resolved := seen.Object("spec", "forProvider").GetFields()
	for name := range fields {
		if field, isReference := strings.CutSuffix(name, "Ref"); isReference && resolved[field] != nil {
			fields[field] = resolved[field]
		}
	}
	for _, name := range append([]string{"tags"}, takenAway...) {
		if fields[name] == nil {
			fields[name] = structpb.NewNullValue()
		}
	}
	return &structpb.Struct{Fields: fields}
}

// observation is what the provider tells of a resource, but for the tags that it has added itself, and for what means nothing.
func observation(seen compose.Observed) *structpb.Struct {
	fields := maps.Clone(seen.Object("status", "atProvider").GetFields())
	tags := maps.Clone(fields["tags"].GetStructValue().GetFields())
	maps.DeleteFunc(tags, func(key string, _ *structpb.Value) bool { return strings.HasPrefix(key, providerTags) })
	if fields["tags"] != nil {
		fields["tags"] = structpb.NewStructValue(&structpb.Struct{Fields: tags})
	}
	if fields["reservedConcurrentExecutions"].GetNumberValue() == noReservation {
		delete(fields, "reservedConcurrentExecutions")
	}
	return &structpb.Struct{Fields: fields}
}

// observationOf is the type of what the provider tells of a resource: status.atProvider. Nil if nothing is known of the kind.
func observationOf(asked *structpb.Struct) reflect.Type {
	t := typeOf(schema.FromAPIVersionAndKind(member(asked, "apiVersion").GetStringValue(), member(asked, "kind").GetStringValue()))
	if t == nil {
		return nil
	}
	for _, name := range []string{"Status", "AtProvider"} {
		field, ok := t.FieldByName(name)
		if !ok {
			return nil
		}
		t = field.Type
	}
	return t
}

// typeOf a kind. A namespaced kind has the fields of the newest version of the cluster-scoped one.
func typeOf(gvk schema.GroupVersionKind) reflect.Type {
	known := composed.Scheme.AllKnownTypes()
	group, namespaced := strings.CutSuffix(gvk.Group, ".aws.m.upbound.io")
	if !namespaced {
		return known[gvk]
	}
	gvk.Group = group + ".aws.upbound.io"
	for _, gvk.Version = range []string{"v1beta2", "v1beta1"} {
		if t := known[gvk]; t != nil {
			return t
		}
	}
	return nil
}

// member of an object at a path, or nil.
func member(object *structpb.Struct, path ...string) *structpb.Value {
	v := structpb.NewStructValue(object)
	for _, name := range path {
		v = v.GetStructValue().GetFields()[name]
	}
	return v
}
