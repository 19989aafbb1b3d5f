package schema

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// refuse what the API server's libraries report, with the value that it is about, if there is one, and what is allowed in plain
// words.
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
		r.Problem, r.Rule = field.ErrorTypeInvalid, refusal.AWS
	case field.ErrorTypeTooLong:
		// An error of this type hides the value, and speaks of bytes.
		r.Problem = field.ErrorTypeInvalid
		r.Allowed = strings.ReplaceAll(r.Allowed, "bytes", "characters")
	case field.ErrorTypeTypeInvalid:
		// The detail says which type it is. An object in place of a scalar may be of any size and depth.
		if isContainer(value) {
			r.Value = ""
		}
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
