package sdk

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// environment has the variables of a function, which may be secret.
var environment = reflect.TypeFor[types.EnvironmentResponse]()

// HasVariables says whether the answer to an integration's call may have variables of a function.
func (r *Runner) HasVariables(resource string) bool {
	return holds(r.operations[resource].answer, nil)
}

// Tells says whether what is at a path in the answer to an integration's call may have variables of a function. It returns an error if there
// is nothing there.
func (r *Runner) Tells(resource string, path []string) (bool, error) {
	at := r.operations[resource].answer
	for _, name := range path {
		member, ok := memberOf(at, name)
		if !ok {
			return false, fmt.Errorf("the answer to %s has no %s", resource, strings.Join(path, "."))
		}
		if at = member; at == environment {
			return true, nil
		}
	}
	return holds(at, nil), nil
}

// memberOf a type. Step Functions writes Kms where this SDK writes KMS. What a map holds has any name.
func memberOf(t reflect.Type, name string) (reflect.Type, bool) {
	t = plainType(t)
	switch t.Kind() {
	case reflect.Map:
		return plainType(t.Elem()), true
	case reflect.Struct:
		field, ok := t.FieldByNameFunc(func(other string) bool { return strings.EqualFold(other, name) })
		if !ok {
			return nil, false
		}
		return plainType(field.Type), true
	default:
		return nil, false
	}
}

// plainType is that of the items of a list, and of what is pointed to.
func plainType(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// holds says whether a type has the variables of a function in it. Seen are the types that it is in.
func holds(t reflect.Type, seen []reflect.Type) bool {
	t = plainType(t)
	if t == environment {
		return true
	}
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	if t.Kind() == reflect.Map {
		return holds(t.Elem(), seen)
	}
	if t.Kind() != reflect.Struct {
		return false
	}
	for field := range t.Fields() {
		if field.IsExported() && holds(field.Type, seen) {
			return true
		}
	}
	return false
}
