package schema

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// refuse what the API server's libraries report, with the value that it is about, if there is one, and what is allowed in plain
// words. Messages of rules about objects, and of those that forbid, name the value themselves.
func refuse(err *field.Error, value any, found bool) refusal.Refusal {
	if !found {
		value = err.BadValue
	}
	r := refusal.Refusal{Field: err.Field, Problem: err.Type, Value: refusal.Show(value), Allowed: err.Detail}
	// The libraries repeat the field, which the refusal already begins with.
	if _, detail, ok := strings.Cut(err.Detail, " in body "); ok {
		r.Allowed = detail
	}
	switch err.Type {
	case field.ErrorTypeRequired:
		r.Value = ""
	case field.ErrorTypeTooMany:
		// The number of items says more than the items.
		r.Value = refusal.Show(err.BadValue)
	case field.ErrorTypeForbidden:
		// So the schema marks what the API takes and AWS does not.
		r.Problem, r.Rule, r.Value = field.ErrorTypeInvalid, refusal.AWS, ""
	case field.ErrorTypeInvalid:
		if err.BadValue == (field.OmitValueType{}) {
			r.Value = ""
		}
	case field.ErrorTypeTooLong:
		// An error of this type hides the value, and speaks of bytes.
		r.Problem = field.ErrorTypeInvalid
		r.Allowed = strings.ReplaceAll(r.Allowed, "bytes", "characters")
	case field.ErrorTypeTypeInvalid:
		// The detail says which type it is. An object in place of a scalar may be of any size and depth.
		if isContainer(value) {
			r.Value = ""
		}
		r.Next = inYAML(value, err.Detail)
	default:
	}
	return r
}

// isContainer is true of objects and arrays.
func isContainer(x any) bool {
	switch x.(type) {
	case map[string]any, []any:
		return true
	default:
		return false
	}
}

// inYAML is how to write what was meant where YAML reads it as another type: 111122223333 is a number, and n is false.
func inYAML(value any, detail string) string {
	switch value.(type) {
	case bool, int64, float64:
		if strings.Contains(detail, "must be of type string") {
			return "write it in quotes"
		}
	}
	if strings.Contains(detail, "must be of type array") {
		return "write a list, with a hyphen before each item"
	}
	return ""
}
