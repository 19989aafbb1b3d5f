package claim

import (
	"cmp"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// Origins say which object says a field of the platform team's settings, by the field's path, and by its name at the top of them. A field
// that is not there is of the Composition's input.
type Origins map[string]string

// rule of the platform team, by its path in the settings.
func (o Origins) rule(path string) refusal.Rule {
	return refusal.PlatformSetting(path, o.of(path))
}

// of which object a field is.
func (o Origins) of(path string) string {
	top, _, _ := strings.Cut(path, ".")
	return cmp.Or(o[path], o[top], "the Composition's input")
}
