package sdk

import (
	"reflect"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// Names that the members of the SDK's structs have in a state machine. Without the names of the SDK for Java they are the API's own, as
// the optimised integrations have them.
type names struct {
	java *awsmodel.Java
}

// javaNames of a service, by the name of its package in the SDK for Java.
func javaNames(service string) names {
	java, err := awsmodel.LoadJava(service)
	if err != nil {
		panic(err) // Its data are part of the tests.
	}
	return names{java: &java}
}

// of a field.
func (n names) of(structure reflect.Type, field string) (string, error) {
	// Go's SDK gives an underscore to names that are taken.
	name := strings.TrimSuffix(field, "_")
	if n.java == nil {
		return name, nil
	}
	return n.java.Member(shapeOf(structure), name)
}

// field that has a name in a state machine.
func (n names) field(structure reflect.Type, name string) (reflect.StructField, bool) {
	field, ok := structure.FieldByNameFunc(func(f string) bool { return strings.EqualFold(strings.TrimSuffix(f, "_"), name) })
	if !ok || !field.IsExported() || field.Anonymous {
		return field, false
	}
	want, err := n.of(structure, field.Name)
	return field, err == nil && want == name
}

// knows an error of the service's.
func (n names) knows(exception string) bool {
	return n.java == nil || slices.Contains(n.java.Errors, exception)
}

// shapeOf a struct is its name in the SDK for Java, which names an operation's input and output in another way.
func shapeOf(structure reflect.Type) string {
	name := structure.Name()
	if strings.HasSuffix(structure.PkgPath(), "/types") {
		return name
	}
	if input, ok := strings.CutSuffix(name, "Input"); ok {
		return input + "Request"
	}
	return strings.TrimSuffix(name, "Output") + "Response"
}
