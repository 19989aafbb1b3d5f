package claim

import (
	"cmp"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Origins say which object says a field of the platform team's settings, by the field's path, and by its name at the top of them. A field
// that is not there is of the Composition's input.
type Origins map[string]string

// rule of the platform team, by its path in the settings, and whose it is: what ends the refusal of a claim.
func (o Origins) rule(path string) string {
	top, _, _ := strings.Cut(path, ".")
	return "platform setting " + path + " of " + cmp.Or(o[path], o[top], "the Composition's input")
}

// blame a rule of the platform team for an error: its text ends with whose the rule is.
func (o Origins) blame(err *field.Error, path string) *field.Error {
	err.Detail += " (" + o.rule(path) + ")"
	return err
}
