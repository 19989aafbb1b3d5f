package release

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// lambdaPeriod is how often Lambda reports, in seconds.
const lambdaPeriod = 60

// Arguments of CloudWatch's GetMetricData.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
type (
	metricDataArguments struct {
		StartTime         asl.Expr      `json:"StartTime"`
		EndTime           asl.Expr      `json:"EndTime"`
		ScanBy            string        `json:"ScanBy"`
		MetricDataQueries []metricQuery `json:"MetricDataQueries"`
	}

	metricQuery struct {
		ID         string      `json:"Id"`
		Expression any         `json:"Expression,omitempty"`
		Period     int         `json:"Period,omitempty"`
		MetricStat *metricStat `json:"MetricStat,omitempty"`
		ReturnData bool        `json:"ReturnData"`
	}

	metricStat struct {
		Metric metric `json:"Metric"`
		Period int    `json:"Period"`
		Stat   string `json:"Stat"`
	}

	metric struct {
		Namespace  string   `json:"Namespace"`
		MetricName string   `json:"MetricName"`
		Dimensions asl.Expr `json:"Dimensions"`
	}
)

// A criterion is one way for an invocation to be bad, and how CloudWatch counts it.
type criterion struct {
	logic.Criterion

	// queries that count bad invocations of a version.
	queries func(whose string) []metricQuery

	// alone: they need a call of their own.
	alone bool
}

// criteria of the claim's, in the order in which they are told.
func (c Config) criteria() []criterion {
	a := c.Rollout.Analysis
	all := []criterion{
		{
			Criterion: logic.Criterion{ID: "errors", Says: "failed", MaxPercent: a.MaxErrorPercent},
			queries: func(whose string) []metricQuery {
				return []metricQuery{lambdaMetric(whose, "errors", "Errors", "Sum", true)}
			},
		},
		{
			Criterion: logic.Criterion{ID: "throttles", Says: "were throttled", MaxPercent: a.MaxThrottlePercent},
			queries: func(whose string) []metricQuery {
				return []metricQuery{lambdaMetric(whose, "throttles", "Throttles", "Sum", true)}
			},
		},
	}
	if ms := a.P99Milliseconds; ms > 0 {
		all = append(all, isSlow(ms))
	}
	for i, m := range a.Metrics {
		all = append(all, claimed(m, i))
	}
	return all
}

// isSlow is the criterion that an invocation takes so many milliseconds or longer.
func isSlow(ms int32) criterion {
	return criterion{
		Criterion: logic.Criterion{ID: "slow", Says: fmt.Sprintf("took %d ms or longer", ms), MaxPercent: 1},
		queries: func(whose string) []metricQuery {
			return []metricQuery{
				// The percentile rank is the share, in percent, of those that took so long.
				lambdaMetric(whose, "rank", "Duration", fmt.Sprintf("PR(%d:)", ms), false),
				{ID: logic.CountID(whose, "slow"), Expression: logic.CountID(whose, "rank") + " * " + logic.CountID(whose, logic.Invocations) + " / 100", ReturnData: true},
			}
		},
	}
}

// claimed is the criterion of the claim's i-th metric.
func claimed(m v1alpha1.AnalysisMetric, i int) criterion {
	id := "metric" + strconv.Itoa(i)
	return criterion{
		Criterion: logic.Criterion{ID: id, Says: "counted as " + m.Name, MaxPercent: m.MaxPercent},
		queries: func(whose string) []metricQuery {
			expression := asl.Expr(fmt.Sprintf("$replace(%s, '{version}', $%sVersion)", asl.Quote(m.Expression), whose))
			return []metricQuery{{ID: logic.CountID(whose, id), Expression: expression, Period: lambdaPeriod, ReturnData: true}}
		},
		alone: isInsightsQuery(m.Expression),
	}
}

// lambdaMetric of what a version answers through the alias.
func lambdaMetric(whose, id, name, stat string, returned bool) metricQuery {
	return metricQuery{
		ID: logic.CountID(whose, id),
		MetricStat: &metricStat{
			Metric: metric{Namespace: "AWS/Lambda", MetricName: name, Dimensions: asl.Expr("$" + whose + "Dimensions")},
			Period: lambdaPeriod,
			Stat:   stat,
		},
		ReturnData: returned,
	}
}

// A dimension of a metric.
type dimension struct {
	Name  string `json:"Name"`
	Value any    `json:"Value"`
}

// aliasDimensions are those of what the alias answers.
func (c Config) aliasDimensions() []dimension {
	return []dimension{
		{Name: "FunctionName", Value: c.BlueFunction},
		{Name: "Resource", Value: c.BlueFunction + ":" + c.Alias},
	}
}

// versionDimensions are those of what one of the alias's two versions answers.
// See https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
func (c Config) versionDimensions(version asl.Expr) []dimension {
	return append(c.aliasDimensions(), dimension{Name: "ExecutedVersion", Value: version})
}

// counted are the ids of what is counted.
func (c Config) counted() []string {
	var ids []string
	for _, whose := range []string{logic.Candidate, logic.Live} {
		ids = append(ids, logic.CountID(whose, logic.Invocations))
		for _, k := range c.criteria() {
			ids = append(ids, logic.CountID(whose, k.ID))
		}
	}
	return ids
}

// noCounts are the counts of nothing.
func (c Config) noCounts() map[string]int {
	none := map[string]int{}
	for _, id := range c.counted() {
		none[id] = 0
	}
	return none
}

// A reading is one call of GetMetricData.
type reading struct {
	// name of its state within the step. Empty: it is the first call.
	name string

	queries []metricQuery
}

// readings count what both versions answer. AWS takes one Metrics Insights query in a call: each of them has a call of its own.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
func (c Config) readings() []reading {
	var together []metricQuery
	var alone []reading
	for _, whose := range []string{logic.Candidate, logic.Live} {
		together = append(together, lambdaMetric(whose, logic.Invocations, "Invocations", "Sum", true))
		for _, k := range c.criteria() {
			if k.alone {
				alone = append(alone, reading{name: "Read" + capital(whose) + capital(k.ID), queries: k.queries(whose)})
				continue
			}
			together = append(together, k.queries(whose)...)
		}
	}
	return append([]reading{{queries: together}}, alone...)
}

func capital(s string) string {
	return strings.ToUpper(s[:1]) + s[1:]
}

// isInsightsQuery says whether an expression is a Metrics Insights query, and no metric math.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
func isInsightsQuery(expression string) bool {
	words := strings.Fields(expression)
	return len(words) > 0 && strings.EqualFold(words[0], "SELECT")
}

// A window of time whose metrics a step reads.
type window struct {
	step string

	// first state that reads.
	first string

	from, to asl.Expr
}

// readMetrics of a window, by one state for each reading. It asks for the oldest numbers first: should CloudWatch not send all at once, the
// newest come with the next look.
func (c Config) readMetrics(w window, assign func(i int) asl.Variables, onError asl.Catcher, next string) []named {
	readings := c.readings()
	var states []named
	for i, r := range slices.Backward(readings) {
		name := w.first
		if i > 0 {
			name = w.step + "." + r.name
		}
		states = append(states, named{name, asl.Task{
			Resource: c.integration("aws-sdk:cloudwatch:getMetricData"),
			Arguments: metricDataArguments{
				StartTime:         w.from,
				EndTime:           w.to,
				ScanBy:            "TimestampAscending",
				MetricDataQueries: r.queries,
			},
			Retry:  retryAlways(),
			Catch:  []asl.Catcher{onError},
			Assign: assign(i),
			Next:   next,
		}})
		next = name
	}
	slices.Reverse(states)
	return states
}
