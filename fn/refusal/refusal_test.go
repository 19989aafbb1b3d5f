package refusal

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// TestError checks what a person reads of each part of a refusal, in its order.
func TestError(t *testing.T) {
	cases := map[string]struct {
		reason  string
		refusal Refusal
		want    string
	}{
		"Value": {
			reason:  "The API server says the same of its schema, and calls nobody's rule.",
			refusal: Refusal{Field: "spec.region", Value: `"moon"`, Allowed: "should match '^[a-z]+-1$'"},
			want:    `spec.region: Invalid value: "moon": should match '^[a-z]+-1$'`,
		},
		"NoValue": {
			reason:  "A field that is not there has no value.",
			refusal: Refusal{Field: "spec.source", Problem: field.ErrorTypeRequired},
			want:    "spec.source: Required value",
		},
		"AWS": {
			reason:  "Nobody here can change what AWS takes.",
			refusal: Refusal{Field: "spec.tags", Value: `{"R&D":"a"}`, Allowed: "AWS takes letters", Rule: AWS},
			want:    `spec.tags: Invalid value: {"R&D":"a"}: AWS takes letters (rule of AWS)`,
		},
		"PlatformTeam": {
			reason: "The platform team can, and finds its rule. What to do comes last.",
			refusal: Refusal{
				Field: "spec.region", Problem: field.ErrorTypeNotSupported, Value: `"moon"`, Allowed: `supported values: "earth"`,
				Rule: PlatformSetting("allowedRegions", "EnvironmentConfig payments"), Next: "file another claim",
			},
			want: `spec.region: Unsupported value: "moon": supported values: "earth" (platform setting allowedRegions of EnvironmentConfig payments); file another claim`,
		},
		"Package": {
			reason:  "What to do is enough where the rule is in nobody's hands.",
			refusal: Refusal{Field: "spec.environmentSuffix", Value: `"prod"`, Allowed: "held by another claim", Rule: Package, Next: "choose another"},
			want:    `spec.environmentSuffix: Invalid value: "prod": held by another claim; choose another`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.refusal.Error()); diff != "" {
				t.Errorf("%s\nError(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestOf(t *testing.T) {
	if err := (List{}).Of("Claim"); err != nil {
		t.Errorf("want no error of nothing, got %v", err)
	}
	err := List{{Field: "b", Allowed: "must go"}, {Field: "a", Allowed: "must stay"}}.Of("Claim")
	if err == nil {
		t.Fatal("want an error")
	}
	if diff := cmp.Diff("invalid Claim: [b: Invalid value: must go, a: Invalid value: must stay]", err.Error()); diff != "" {
		t.Errorf("-want all, in their order, +got:\n%s", diff)
	}
}

// TestOfMany checks that an error tells some of many refusals, the first, and how many there are, whatever each of them says.
func TestOfMany(t *testing.T) {
	cases := map[string]struct {
		reason  string
		refusal Refusal
		told    int
	}{
		"Short": {reason: "Many are told.", refusal: Refusal{Field: "spec.a", Allowed: "must go"}, told: maxTold},
		"Long": {
			reason:  "As many are told as there is room for.",
			refusal: Refusal{Field: strings.Repeat("é", 1<<20), Value: Show(strings.Repeat("\x00", 1<<20)), Allowed: strings.Repeat("é", 1<<20)},
			told:    5,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			const all = 1000
			got := slices.Repeat(List{tc.refusal}, all).Of("Claim").Error()
			if told := strings.Count(got, "Invalid value"); told != tc.told || !strings.HasSuffix(got, fmt.Sprintf(", and %d more]", all-told)) {
				t.Errorf("%s\nwant %d told and the others counted, got %d and ...%s", tc.reason, tc.told, told, got[len(got)-20:])
			}
			if len(got) > maxText+100 || !utf8.ValidString(got) {
				t.Errorf("%s\nwant at most %d bytes of text, got %d", tc.reason, maxText, len(got))
			}
		})
	}
}

func TestSupported(t *testing.T) {
	if diff := cmp.Diff(`supported values: "a", "b"`, Supported([]string{"a", "b"})); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	for length, told := range map[int]int{1: maxTold, 100: 9} {
		got := Supported(slices.Repeat([]string{strings.Repeat("x", length)}, 500))
		if n := strings.Count(got, `"x`); n != told || !strings.HasSuffix(got, fmt.Sprintf(", and %d more", 500-n)) {
			t.Errorf("texts of %d: want %d told and the others counted, got %s", length, told, got)
		}
		if n := len(got); n > maxAllowed {
			t.Errorf("texts of %d: want at most %d characters, got %d", length, maxAllowed, n)
		}
	}
}

func TestShow(t *testing.T) {
	list := func(length int) []any { return []any{strings.Repeat("x", length-len(`[""]`))} }
	cases := map[string]struct {
		reason string
		value  any
		want   string
	}{
		"Nothing":    {reason: "Nothing has no text."},
		"Omitted":    {reason: "Kubernetes hides some values.", value: field.OmitValueType{}},
		"Number":     {reason: "A number is short.", value: 7.5, want: "7.5"},
		"Account":    {reason: "The id of an account, without quotes, has no exponent.", value: 111122223333.0, want: "111122223333"},
		"Huge":       {reason: "A number that no person writes digit by digit is short.", value: 1e300, want: "1e+300"},
		"Text":       {reason: "A text that fits is whole, in quotes.", value: strings.Repeat("é", maxValue), want: `"` + strings.Repeat("é", maxValue) + `"`},
		"LongText":   {reason: "A longer one is cut, and says so.", value: strings.Repeat("é", maxValue+1), want: `"` + strings.Repeat("é", maxValue) + `..."`},
		"Object":     {reason: "An object is JSON, as a person writes it.", value: map[string]any{"a&b": true}, want: `{"a&b":true}`},
		"List":       {reason: "So is a list that just fits.", value: list(maxValue), want: `["` + strings.Repeat("x", maxValue-4) + `"]`},
		"LongList":   {reason: "A longer one is cut like text.", value: list(maxValue + 1), want: `["` + strings.Repeat("x", maxValue-3) + `"...`},
		"NotForJSON": {reason: "What JSON cannot hold is its type.", value: []any{func() {}}, want: "[]interface {}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Show(tc.value)); diff != "" {
				t.Errorf("%s\nShow(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
