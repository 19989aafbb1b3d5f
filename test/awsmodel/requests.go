package awsmodel

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// CheckRequests that a managed resource leads to. It is rendered together with others that it may refer to. What the tables do not
// know of it is not checked, and is among Gaps.
func CheckRequests(resource Managed, all []Managed) []string {
	kind, ok := Kinds()[resource.Kind()]
	if !ok {
		return nil
	}
	api, err := LoadAPI(kind.Service)
	if err != nil {
		return nil
	}
	requests, findings, _ := NewRequests(kind, resource, all)
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		if _, modelled := api.Operations[name]; modelled {
			findings = append(findings, api.Check(name, requests[name])...)
		}
	}
	return findings
}

// Requests that the provider makes of a managed resource: parameters by operation.
type Requests map[string]any

// A requester makes the requests of one managed resource.
type requester struct {
	kind     Kind
	resource Managed

	// names are the AWS names of the managed resources in the case, by the resources' own names.
	names map[string]string

	requests Requests
	findings []string
	unknown  []string
}

// NewRequests of a managed resource that is rendered together with others. A finding is a reference to nothing, for instance. Unknown are
// the fields that have no parameter in the table.
func NewRequests(kind Kind, resource Managed, all []Managed) (requests Requests, findings, unknown []string) {
	r := requester{kind: kind, resource: resource, names: map[string]string{}, requests: Requests{}}
	for _, m := range all {
		r.names[m.Metadata.Name] = m.AWSName()
	}

	r.requests[kind.Create] = map[string]any{}
	r.walk("", nil, resource.Spec.ForProvider)
	r.walk("", nil, resource.Spec.InitProvider)
	for _, path := range kind.Name {
		r.add(path, resource.AWSName())
	}
	for path, value := range kind.Adds {
		r.add(path, value)
	}
	return r.requests, r.findings, r.unknown
}

// walk a field and those below it. The indexes are those of the lists it is in.
func (r *requester) walk(path string, indexes []int, value any) {
	if p, ok := r.kind.Fields[path]; ok {
		r.set(path, p, indexes, value)
		return
	}
	if field, ok := strings.CutSuffix(path, refSuffix); ok {
		r.follow(path, field, indexes, value)
		return
	}
	if _, ok := r.kind.Local[path]; ok || path == regionField {
		return
	}

	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 && path != "" {
			r.unknown = append(r.unknown, path)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			r.walk(strings.TrimPrefix(path+"."+key, "."), indexes, v[key])
		}
	case []any:
		for i, item := range v {
			r.walk(path+"[]", append(slices.Clone(indexes), i), item)
		}
	default:
		r.unknown = append(r.unknown, path)
	}
}

// follow a reference to another managed resource, as the provider does before it makes its request.
func (r *requester) follow(path, field string, indexes []int, value any) {
	p, known := r.kind.Fields[field]
	to, _ := value.(string)
	name, rendered := r.names[to]
	switch {
	case !known:
		r.unknown = append(r.unknown, path)
	case !rendered || name == "":
		r.find(path, fmt.Sprintf("refers to %q, which has no AWS name here", to))
	case p.format != "":
		r.set(path, p, indexes, strings.ReplaceAll(p.format, "*", name))
	default:
		r.set(path, p, indexes, name)
	}
}

// set the parameters that a field becomes.
func (r *requester) set(path string, p Parameter, indexes []int, value any) {
	if p.none != nil && p.none == value {
		return
	}
	if p.shape != nil {
		value = p.shape(value)
	}
	for _, to := range p.paths {
		lists := strings.Count(to, "[]")
		if len(indexes) < lists {
			r.find(path, to+" is in more lists than the field")
			continue
		}
		if slices.ContainsFunc(indexes[lists:], func(i int) bool { return i > 0 }) {
			r.find(path, fmt.Sprintf("%s is one, and not a list", to))
			continue
		}
		for _, i := range indexes[:lists] {
			to = strings.Replace(to, "[]", "["+strconv.Itoa(i)+"]", 1)
		}
		name, below := operation(to)
		r.requests[name] = put(r.requests[name], steps(below), value)
	}
}

// add a parameter of a request that is made anyway.
func (r *requester) add(path string, value any) {
	name, below := operation(path)
	if _, ok := r.requests[name]; ok {
		r.requests[name] = put(r.requests[name], steps(below), value)
	}
}

func (r *requester) find(path, problem string) {
	r.findings = append(r.findings, path+": "+problem)
}

// steps of a path such as "List[0].Member".
func steps(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' })
}

// put a value into an object or list, and make those that are missing. Steps that are numbers lead into lists.
func put(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if i, err := strconv.Atoi(path[0]); err == nil {
		list, _ := node.([]any)
		for len(list) <= i {
			list = append(list, nil)
		}
		list[i] = put(list[i], path[1:], value)
		return list
	}
	object, _ := node.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	object[path[0]] = put(object[path[0]], path[1:], value)
	return object
}
