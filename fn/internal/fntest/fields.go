package fntest

import (
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Fields of a struct that have no fields themselves, by their paths in JSON, and their types: "service.eventSources[].sqs.queueArn".
// Maps and values of any JSON have none.
func Fields(of reflect.Type) iter.Seq2[string, reflect.Type] {
	return func(yield func(string, reflect.Type) bool) { fieldsBelow("", of, yield) }
}

func fieldsBelow(path string, t reflect.Type, yield func(string, reflect.Type) bool) bool {
	switch {
	case t.Kind() == reflect.Pointer:
		return fieldsBelow(path, t.Elem(), yield)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return fieldsBelow(path+"[]", t.Elem(), yield)
	case t.Kind() != reflect.Struct || t == reflect.TypeFor[extv1.JSON]():
		return yield(path, t)
	}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		at := strings.Trim(path+"."+name, ".")
		if !fieldsBelow(at, f.Type, yield) {
			return false
		}
	}
	return true
}

// ValuesAt the path of a field in an object of JSON's types. There are none if it is not set, and many if it is in a list.
func ValuesAt(object any, path string) []any {
	if path == "" {
		return []any{object}
	}
	name, rest, _ := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(name, "[]")
	members, _ := object.(map[string]any)
	value, found := members[name]
	switch {
	case !found:
		return nil
	case !isList:
		return ValuesAt(value, rest)
	}
	var values []any
	items, _ := value.([]any)
	for _, item := range items {
		values = append(values, ValuesAt(item, rest)...)
	}
	return values
}

// Variants of a struct differ from it in one field, whose path and type are of Fields: the first has another value, valid or not, and the
// second none. If what the field is in is not there, they do not differ.
func Variants[T any](tb testing.TB, of T, path string, field reflect.Type) []T {
	tb.Helper()
	edits := []func(members map[string]any, name string){
		func(members map[string]any, name string) { members[name] = another(members[name], field.Kind()) },
		func(members map[string]any, name string) { delete(members, name) },
	}
	variants := make([]T, len(edits))
	for i, change := range edits {
		object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&of)
		if err != nil {
			tb.Fatalf("cannot convert %T: %v", of, err)
		}
		edit(object, path, change)
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object, &variants[i]); err != nil {
			tb.Fatalf("cannot convert %T: %v", of, err)
		}
	}
	return variants
}

// edit the field of an object, or of each item of the list that it is in.
func edit(object any, path string, change func(members map[string]any, name string)) {
	name, rest, below := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(name, "[]")
	members, there := object.(map[string]any)
	switch {
	case !there:
	case !below:
		change(members, name)
	case isList:
		items, _ := members[name].([]any)
		for _, item := range items {
			edit(item, rest, change)
		}
	default:
		edit(members[name], rest, change)
	}
}

// another value than the supplied one, which may not be set, of JSON's types.
func another(value any, kind reflect.Kind) any {
	switch kind {
	case reflect.Bool:
		is, _ := value.(bool)
		return !is
	case reflect.String:
		text, _ := value.(string)
		return text + "x"
	case reflect.Slice:
		items, _ := value.([]any)
		return append(slices.Clone(items), "x")
	case reflect.Map, reflect.Struct:
		return map[string]any{"x": "x"}
	case reflect.Float64:
		n, _ := value.(float64)
		return n + 1
	default:
		n, _ := value.(int64)
		return n + 1
	}
}
