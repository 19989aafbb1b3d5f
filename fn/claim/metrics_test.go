package claim

import (
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestArraysAreNoMetrics files metrics of a judgement. One that is an array is refused, and so nothing of a pipeline that has it changes.
func TestArraysAreNoMetrics(t *testing.T) {
	t.Parallel()
	cases := map[string]bool{
		"candidateErrors": false,
		"SUM([candidateErrors, candidateThrottles])":                                                              false,
		"SUM(FILL([candidateErrors, candidateThrottles], 0))":                                                     false,
		"SUM(-[candidateErrors, candidateThrottles])":                                                             false,
		"MIN( ABS ([candidateErrors])) + 1":                                                                       false,
		"FIRST(SORT([candidateErrors, candidateThrottles], AVG, DESC))":                                           false,
		"SELECT SUM(Errors) FROM SCHEMA(Payments, version) WHERE version = '{version}' AND path = '[a]'":          false,
		`SELECT SUM("Errors[1]") FROM SCHEMA(Payments, version) WHERE version = '{version}'`:                      false,
		"[candidateErrors, candidateThrottles]":                                                                   true,
		" 2 * [candidateErrors]":                                                                                  true,
		"FILL([candidateErrors, candidateThrottles], 0)":                                                          true,
		"SORT([candidateErrors, candidateThrottles], SUM, DESC)":                                                  true,
		"SUM([candidateErrors]) * [candidateErrors]":                                                              true,
		"SUM([candidateErrors])) + [candidateErrors, SUM(candidateErrors)]":                                       true,
		"(candidateErrors) + ([candidateErrors])":                                                                 true,
		"IF(candidateErrors > SUM([candidateErrors, candidateThrottles]), 1, [candidateErrors])":                  true,
		"candidateErrors + REMOVE_EMPTY([candidateErrors, candidateThrottles, candidateErrors, candidateErrors])": true,
	}
	for expression, refused := range cases {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			xr := fntest.Struct(t, fntest.Spec+"  rollout: {analysis: {metrics: [{name: bad, maxPercent: 1, expression: '"+strings.ReplaceAll(expression, "'", "''")+"'}]}}")
			_, err := Read(Sources{}, xr, Existing{})
			if got := err != nil && strings.Contains(err.Error(), "spec.rollout.analysis.metrics[0].expression: Invalid value: ") &&
				strings.Contains(err.Error(), "an array gives more than one number for each minute; put the array into SUM"); got != refused || err != nil && !got {
				t.Errorf("want refused: %t, got %v", refused, err)
			}
		})
	}
}
