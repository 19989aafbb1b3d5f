package main

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// examples of what tests draw are enough for each field to have some.
const examples = 200

// TestEveryFieldIsDrawn checks that the claims and settings that tests draw differ in each field that there is. If one is not drawn, it
// says here what changes it, or all below it.
func TestEveryFieldIsDrawn(t *testing.T) {
	const refuses = "it only refuses claims: TestLists, TestCheckRequired and TestSeparateTeams of fn/claim"
	cases := map[string]struct {
		of    reflect.Type
		draw  func(*rapid.T) map[string]any
		other map[string]string
	}{
		"Claim": {
			of:    reflect.TypeFor[v1alpha1.PaymentDeliveryPipelineSpec](),
			draw:  func(t *rapid.T) map[string]any { return drawSpec(t, drawRegion(t)) },
			other: map[string]string{"dryRun": "TestDryRunOfAPipeline"},
		},
		"Settings": {
			of:   reflect.TypeFor[v1beta1.PlatformSettings](),
			draw: func(t *rapid.T) map[string]any { return drawInput(t, drawRegion(t)).AsMap() },
			other: map[string]string{
				"apiVersion":                      "every object has it",
				"kind":                            "every object has it",
				"metadata":                        "every object has it",
				"match":                           "TestSettingsMoveNothing",
				"responseTTL":                     "TestRunFunctionPassesThrough",
				"require":                         refuses,
				"allowedActions":                  refuses,
				"allowedAlarms":                   refuses,
				"allowedBranches":                 refuses,
				"allowedBuildImages":              refuses,
				"allowedCodeArtifactAccounts":     refuses,
				"allowedCodeArtifactRepositories": refuses,
				"allowedComputeTypes":             refuses,
				"allowedConnectionArns":           refuses,
				"allowedDestinationArns":          refuses,
				"allowedEmails":                   refuses,
				"allowedEnvironmentSuffixes":      refuses,
				"allowedEventBusNames":            refuses,
				"allowedEventSourceArns":          refuses,
				"allowedHookFunctions":            refuses,
				"allowedInvokerAccounts":          refuses,
				"allowedInvokerOrganizations":     refuses,
				"allowedInvokerPrincipals":        refuses,
				"allowedInvokerSourceArns":        refuses,
				"allowedKmsKeyArns":               refuses,
				"allowedLayerArns":                refuses,
				"allowedPolicyArns":               refuses,
				"allowedPromotions":               refuses,
				"allowedRegions":                  refuses,
				"allowedRepositories":             refuses,
				"allowedResourceArns":             refuses,
				"allowedRuntimes":                 refuses,
				"allowedSecretArns":               refuses,
				"allowedSecurityGroupIds":         refuses,
				"allowedSourceAccounts":           refuses,
				"allowedSourceBuckets":            refuses,
				"allowedSubnetIds":                refuses,
				"allowedTagKeys":                  refuses,
				"allowedTopicArns":                refuses,
				"allowedVpcIds":                   refuses,
				"separateTeams":                   refuses,
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var drawn []map[string]any
			for i := range examples {
				drawn = append(drawn, rapid.Custom(tc.draw).Example(i))
			}
			explained := map[string]bool{}
			for path := range fntest.Fields(tc.of) {
				parent, _, _ := strings.Cut(path, ".")
				has := tc.other[parent] != ""
				explained[parent] = explained[parent] || has
				if n := len(valuesOf(t, drawn, path)); (n > 1) == has {
					t.Errorf("%s: want it drawn, or to be told here what changes it, and not both: %d different values are drawn", path, n)
				}
			}
			for path := range tc.other {
				if !explained[path] {
					t.Errorf("%s: there is no such field", path)
				}
			}
		})
	}
}

// valuesOf a field in any of the objects, as JSON. Not to be there is a value too.
func valuesOf(t *testing.T, objects []map[string]any, path string) map[string]bool {
	t.Helper()
	values := map[string]bool{}
	for _, object := range objects {
		value, err := json.Marshal(fntest.ValuesAt(object, path))
		must(t, err)
		values[string(value)] = true
	}
	return values
}
