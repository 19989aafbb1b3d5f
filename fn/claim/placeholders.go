package claim

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// Placeholders in patterns stand for a claim's own.
const (
	namespacePlaceholder = "${namespace}"
	suffixPlaceholder    = "${suffix}"
)

// separators may follow a placeholder: neither a namespace nor a suffix has any of them, so what matches for one matches for no other.
const separators = "/_.:=+@,"

// fill in the namespace and the suffix of the claim. What is not known stays as it is, and matches nothing.
func (c subject) fill(patterns []string) []string {
	filled := slices.Clone(patterns)
	for i := range filled {
		if c.owner.Namespace != "" {
			filled[i] = strings.ReplaceAll(filled[i], namespacePlaceholder, c.owner.Namespace)
		}
		if c.suffix != "" {
			filled[i] = strings.ReplaceAll(filled[i], suffixPlaceholder, c.suffix)
		}
	}
	return filled
}

// checkPlaceholders reports patterns that would match what another namespace or suffix has: ${namespace}-* is team-a-* for team-a, and so is
// what team-a-b has. Root begins their paths.
func checkPlaceholders(settings v1beta1.PlatformSettings, root *field.Path) refusal.List {
	var refused refusal.List
	for _, r := range rules {
		list := r.setting(reflect.ValueOf(settings))
		if list.Kind() != reflect.Slice {
			continue
		}
		for i, text := range textsOf(list) {
			if wrong := r.judge.pattern.sloppy(text); wrong != "" {
				refused = append(refused, refusal.Refusal{Field: root.Child(r.name).Index(i).String(), Value: refusal.Show(text), Allowed: wrong})
			}
		}
	}
	return refused
}

// placeholder, and what follows it in a pattern.
var placeholder = regexp.MustCompile(`\$\{([^}]*)\}?`)

// sloppy says what is wrong with the placeholders of a pattern. Empty: nothing.
func (p pattern) sloppy(text string) string {
	for _, part := range p.split(text) {
		for _, at := range placeholder.FindAllStringIndex(part, -1) {
			name, before, after := part[at[0]:at[1]], part[:at[0]], part[at[1]:]
			switch {
			case name != namespacePlaceholder && name != suffixPlaceholder:
				return name + " is unknown; known are: " + namespacePlaceholder + ", " + suffixPlaceholder
			case strings.Contains(before, "*"):
				return "a * before " + name + " matches also what begins with the name of another; write out what stands before it"
			case after != "" && !strings.ContainsRune(separators, rune(after[0])):
				return name + " must stand at the end or be followed by one of " + strings.Join(strings.Split(separators, ""), " ") +
					" because " + name + "-* for team-a matches also what team-a-b has"
			}
		}
	}
	return ""
}
