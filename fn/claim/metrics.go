package claim

import (
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// aggregating are the functions of metric math that make one time series, or one number, of an array of time series. What is around them is
// no array any more. See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
var aggregating = []string{"AVG", "DATAPOINT_COUNT", "FIRST", "LAST", "MAX", "METRIC_COUNT", "MIN", "STDDEV", "SUM"}

// mathToken is what decides whether an expression is an array: a text, which decides nothing, an opening parenthesis with the function
// before it, a closing one, and the beginning of an array.
var mathToken = regexp.MustCompile(`'[^']*'|"[^"]*"|([A-Za-z_0-9]*)\s*\(|\)|\[`)

// checkMetrics reports expressions that are arrays, or parts of one: CloudWatch may answer with all their members, and the judgement counts one
// number a minute. The schema refuses the functions that look for metrics.
func checkMetrics(spec v1alpha1.PaymentDeliveryPipelineSpec) refusal.List {
	var refused refusal.List
	path := field.NewPath("spec", "rollout", "analysis", "metrics")
	for i, m := range spec.Rollout.Analysis.Metrics {
		if isArray(m.Expression) {
			refused = append(refused, refusal.Refusal{
				Field: path.Index(i).Child("expression").String(), Value: refusal.Show(m.Expression),
				Allowed: "an array gives more than one number for each minute", Rule: refusal.Package,
				Next: "put the array into SUM, AVG, MIN, MAX, FIRST or LAST",
			})
		}
	}
	return refused
}

// isArray reports whether an array in the expression is in no function that aggregates it.
func isArray(expression string) bool {
	var within []string
	for _, token := range mathToken.FindAllStringSubmatch(expression, -1) {
		switch {
		case strings.HasSuffix(token[0], "("):
			within = append(within, token[1])
		case token[0] == ")":
			within = within[:max(0, len(within)-1)]
		case token[0] == "[" && !slices.ContainsFunc(within, func(f string) bool { return slices.Contains(aggregating, f) }):
			return true
		}
	}
	return false
}
