// Package refusal says why a value of a claim, or of the platform team's settings, is not accepted, and words that in one place.
package refusal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
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

// Error has the field, the value, what is allowed, whose the rule is if that is not plain, and what to do, in Kubernetes' form. It is
// bounded: keys of a claim are in Field, and patterns of the platform team's in Allowed.
func (r Refusal) Error() string {
	said := []string{cut(r.Field, maxField), cmp.Or(r.Problem, field.ErrorTypeInvalid).String(), r.Value, cut(r.Allowed, maxAllowed)}
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

const (
	// maxTold is how many refusals an error tells, or texts that are allowed: more than the platform team has rules.
	maxTold = 50

	// maxText is how many bytes of refusals an error tells. It becomes a condition and an event, which Crossplane writes to the API server
	// each time, and gRPC takes answers of 4 MiB.
	maxText = 16 << 10

	// maxSupported is how many bytes a refusal tells of texts that are allowed: less than maxAllowed, so that their number is not cut off.
	maxSupported = maxAllowed - 64
)

// Of an object, as one error, which counts what it does not tell. Nil: nothing is refused.
func (l List) Of(object string) error {
	if len(l) == 0 {
		return nil
	}
	return &Error{Object: object, Refusals: l}
}

// An Error refuses an object.
type Error struct {
	// Object that is refused, by its kind and perhaps its name.
	Object string

	Refusals List
}

// Error has the refusals, as many as there is room for, and how many more there are.
func (e *Error) Error() string {
	text := some(e.Refusals, Refusal.Error, maxText)
	if len(e.Refusals) > 1 {
		text = "[" + text + "]"
	}
	return "invalid " + e.Object + ": " + text
}

// IsUnknownField reports whether the API has no such field.
func (r Refusal) IsUnknownField() bool {
	return strings.HasPrefix(r.Allowed, unknownField)
}

const unknownField = "unknown field"

// UnknownField refuses a field that the API does not have, where it has others.
func UnknownField(path string, known []string) Refusal {
	return Refusal{Field: path, Allowed: unknownField + ", known are: " + strings.Join(known, ", ")}
}

// Supported says which texts are, and counts those that it does not tell: a platform team may list many, and a claim break the rule often.
func Supported(texts []string) string {
	return "supported values: " + some(texts, func(text string) string { return Show(text) }, maxSupported)
}

// some of all, as long as there is room for their bytes, and how many more there are.
func some[T any](all []T, text func(T) string, room int) string {
	var told []string
	for _, one := range all[:min(maxTold, len(all))] {
		t := text(one)
		if room -= len(t); room < 0 {
			break
		}
		told = append(told, t)
	}
	if rest := len(all) - len(told); rest > 0 {
		told = append(told, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(told, ", ")
}
