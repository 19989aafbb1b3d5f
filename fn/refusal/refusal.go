// Package refusal says why a value of a claim, or of the platform team's settings, is not accepted, and words that in one place.
package refusal

import (
	"cmp"
	"slices"
	"strings"

	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/crossplane/function-sdk-go/errors"
)

// A Refusal says why a value is not accepted.
type Refusal struct { //nolint:errname // It is a value first, and an error only where it is returned.
	// Field is the value's path: spec.service.layers[0].
	Field string

	// Problem is what Kubernetes calls it. Empty: the value is invalid.
	Problem field.ErrorType

	// Value that is not accepted, as Show has it. Empty: there is none, or none to show.
	Value string

	// Allowed says what is accepted, or what is wrong with the value, as a clause: should match '^[a-z]+$'.
	Allowed string

	// Rule that the value breaks.
	Rule Rule

	// Next is what to do, as a clause. Empty: write what is allowed.
	Next string
}

// A Rule is named by whose it is.
type Rule string

// Whose a rule can be, beside the platform team.
const (
	// Schema is a rule of the API, which the API server enforces too.
	Schema Rule = ""

	// AWS refuses what breaks such a rule. A pipeline that exists goes on with all the rest.
	AWS Rule = "rule of AWS"

	// Package is a rule of this package: what would move or mix up pipelines.
	Package Rule = "rule of this package"
)

// PlatformSetting is a rule of the platform team, by its path in the settings and the object that says it.
func PlatformSetting(path, source string) Rule {
	return Rule("platform setting " + path + " of " + source)
}

// Error has the field, the value, what is allowed, whose the rule is if that is not plain, and what to do, in Kubernetes' form.
func (r Refusal) Error() string {
	said := []string{r.Field, cmp.Or(r.Problem, field.ErrorTypeInvalid).String(), r.Value, r.Allowed}
	text := strings.Join(slices.DeleteFunc(said, func(part string) bool { return part == "" }), ": ")
	if r.Rule != Schema && r.Rule != Package {
		text += " (" + string(r.Rule) + ")"
	}
	if r.Next != "" {
		text += "; " + r.Next
	}
	return text
}

// A List of refusals, in the order in which they are told.
type List []Refusal

// Of an object, as one error. Nil: nothing is refused.
func (l List) Of(object string) error {
	errs := make([]error, 0, len(l))
	for _, r := range l {
		errs = append(errs, r)
	}
	return errors.Wrap(utilerrors.NewAggregate(errs), "invalid "+object)
}
