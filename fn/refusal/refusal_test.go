package refusal

import (
	"strings"
	"testing"

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
