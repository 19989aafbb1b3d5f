package awsmodel

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// A Kind says what the provider asks AWS for, to make a managed resource of this kind.
type Kind struct {
	// Service by botocore's name.
	Service string

	// Create is the call that is always made. Others are made if a field is a parameter of theirs.
	Create string

	// Name are the parameters that the external name becomes.
	Name []string

	// Fields below forProvider and initProvider, and what becomes of them. A field in a list is written "list[].field".
	Fields map[string]Parameter

	// Adds are parameters that the provider adds by itself.
	Adds map[string]string

	// Local are fields that no call has, and why.
	Local map[string]string
}

// A Parameter of calls, or several with the same value: "Operation.Member.List[].Member". A field that is in more lists
// than its parameter has the one item that the parameter is: Terraform writes objects so.
type Parameter struct {
	paths []string

	// shape the value as the call wants it.
	shape func(any) any

	// none is the value for which the provider does not call.
	none any

	// format of the ARN by which the call names what the field refers to. Empty: by name.
	format string
}

// to the parameters, as it is.
func to(paths ...string) Parameter {
	return Parameter{paths: paths}
}

// arn of a resource that is referred to. Its format has the resource's name for a star.
func (p Parameter) arn(format string) Parameter {
	p.format = format
	return p
}

// but is a value for which the provider makes no such call.
func (p Parameter) but(none any) Parameter {
	p.none = none
	return p
}

// pairs are what the call wants a map to be: a list of objects with these two members.
func (p Parameter) pairs(key, value string) Parameter {
	p.shape = func(v any) any {
		object, ok := v.(map[string]any)
		if !ok {
			return v
		}
		list := []any{}
		for _, k := range slices.Sorted(maps.Keys(object)) {
			list = append(list, map[string]any{key: k, value: object[k]})
		}
		return list
	}
	return p
}

// each item is what the call wants in an object with this member.
func (p Parameter) each(member string) Parameter {
	p.shape = func(v any) any {
		items, ok := v.([]any)
		if !ok {
			return v
		}
		list := []any{}
		for _, item := range items {
			list = append(list, map[string]any{member: item})
		}
		return list
	}
	return p
}

// object is what the call wants an object to be whose members begin with a capital.
func (p Parameter) object() Parameter {
	p.shape = func(v any) any {
		members, ok := v.(map[string]any)
		if !ok {
			return v
		}
		object := map[string]any{}
		for name, value := range members {
			object[strings.ToUpper(name[:1])+name[1:]] = value
		}
		return object
	}
	return p
}

// query is what a header wants a map to be.
func (p Parameter) query() Parameter {
	p.shape = func(v any) any {
		object, ok := v.(map[string]any)
		if !ok {
			return v
		}
		values := url.Values{}
		for key, value := range object {
			text, _ := value.(string)
			values.Set(key, text)
		}
		return values.Encode()
	}
	return p
}

// regionField is one of every kind, and says where to call. refSuffix ends a field that names another managed resource.
const (
	regionField = "region"
	refSuffix   = "Ref.name"
)

// Fields of many kinds.
const (
	bucketField = "bucket"
	policyField = "policy"
	tagsField   = "tags"
)

// tables of kinds, by the files that they are in.
var tables = map[string]map[string]Kind{
	"kinds_buckets.go":    bucketKinds,
	"kinds_delivery.go":   deliveryKinds,
	"kinds_identities.go": identityKinds,
	"kinds_scaling.go":    scalingKinds,
	"kinds_services.go":   serviceKinds,
}

// Kinds that we render.
var Kinds = sync.OnceValue(func() map[string]Kind {
	kinds := map[string]Kind{}
	for _, table := range tables {
		maps.Copy(kinds, table)
	}
	return kinds
})

// operation that a parameter's path begins with, and the path below it.
func operation(path string) (name, below string) {
	name, below, _ = strings.Cut(path, ".")
	return name, below
}
