package release

import (
	"fmt"
	"strconv"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateReadBaseline = "ReadBaseline"

	stateJudgeReadMetrics    = "Judge.ReadMetrics"
	stateJudgeCompare        = "Judge.Compare"
	stateJudgeIsBad          = "Judge.IsBad"
	stateJudgeStopDeployment = "Judge.StopDeployment"
)

// inAMinute is the time a minute from now. CloudWatch takes no period of time without a length.
const inAMinute asl.Expr = "$fromMillis($toMillis($states.context.State.EnteredTime) + 60000)"

// lambdaPeriod is how often Lambda reports, in seconds.
const lambdaPeriod = 60

// Arguments of CloudWatch's GetMetricData.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
type (
	metricDataArguments struct {
		StartTime         asl.Expr      `json:"StartTime"`
		EndTime           asl.Expr      `json:"EndTime"`
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
}

// criteria of the claim's, in the order in which they are told.
func (c Config) criteria() []criterion {
	a := c.Rollout.Analysis
	all := []criterion{
		{logic.Criterion{ID: "errors", Says: "failed", MaxPercent: a.MaxErrorPercent}, func(whose string) []metricQuery {
			return []metricQuery{lambdaMetric(whose, "errors", "Errors", "Sum", true)}
		}},
		{logic.Criterion{ID: "throttles", Says: "were throttled", MaxPercent: a.MaxThrottlePercent}, func(whose string) []metricQuery {
			return []metricQuery{lambdaMetric(whose, "throttles", "Throttles", "Sum", true)}
		}},
	}
	if ms := a.P99Milliseconds; ms > 0 {
		all = append(all, criterion{logic.Criterion{ID: "slow", Says: fmt.Sprintf("took %d ms or longer", ms), MaxPercent: 1}, func(whose string) []metricQuery {
			return []metricQuery{
				// The percentile rank is the share, in percent, of those that took so long.
				lambdaMetric(whose, "rank", "Duration", fmt.Sprintf("PR(%d:)", ms), false),
				{ID: logic.CountID(whose, "slow"), Expression: logic.CountID(whose, "rank") + " * " + logic.CountID(whose, logic.Invocations) + " / 100", ReturnData: true},
			}
		}})
	}
	for i, m := range a.Metrics {
		id := "metric" + strconv.Itoa(i)
		all = append(all, criterion{logic.Criterion{ID: id, Says: "counted as " + m.Name, MaxPercent: m.MaxPercent}, func(whose string) []metricQuery {
			expression := asl.Expr(fmt.Sprintf("$replace(%s, '{version}', $%sVersion)", asl.Quote(m.Expression), whose))
			return []metricQuery{{ID: logic.CountID(whose, id), Expression: expression, Period: lambdaPeriod, ReturnData: true}}
		}})
	}
	return all
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

// judged says whether releases are judged.
func (c Config) judged() bool {
	return c.Rollout.Analysis.Enabled
}

// analysisVariables are what the judge begins with.
func (c Config) analysisVariables() asl.Variables {
	if !c.judged() {
		return nil
	}
	none := map[string]int{}
	for _, id := range c.counted() {
		none[id] = 0
	}
	return asl.Variables{
		"judgeFrom":           asl.Expr("$states.context.State.EnteredTime"),
		"candidateVersion":    asl.Expr("$targetVersion"),
		"liveVersion":         asl.Expr("$currentVersion"),
		"candidateDimensions": c.versionDimensions("$targetVersion"),
		"liveDimensions":      c.aliasDimensions(),
		"baking":              false,
		"bakes":               0,
		"before":              none,
		"counts":              none,
		varVerdict:            "",
	}
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

// metricQueries count what both versions answer.
func (c Config) metricQueries() []metricQuery {
	var queries []metricQuery
	for _, whose := range []string{logic.Candidate, logic.Live} {
		queries = append(queries, lambdaMetric(whose, logic.Invocations, "Invocations", "Sum", true))
		for _, k := range c.criteria() {
			queries = append(queries, k.queries(whose)...)
		}
	}
	return queries
}

// readBaseline counts what production has answered in the hour before. Without an answer the release goes on, and has less to
// compare with.
func (c Config) readBaseline() step {
	// From now on the two versions answer side by side.
	sideBySide := c.versionDimensions("$currentVersion")
	return step{
		name:  "ReadBaseline",
		needs: []string{"currentVersion", "before", "candidateVersion", "liveVersion", "candidateDimensions", "liveDimensions"},
		gives: []string{"liveDimensions"},
		states: func(next string) []named {
			return []named{{stateReadBaseline, asl.Task{
				Comment:  "What has production answered in the hour before?",
				Resource: c.integration("aws-sdk:cloudwatch:getMetricData"),
				Arguments: metricDataArguments{
					StartTime:         "$fromMillis($toMillis($states.context.State.EnteredTime) - 3600000)",
					EndTime:           "$states.context.State.EnteredTime",
					MetricDataQueries: c.metricQueries(),
				},
				Retry:  retryAlways(),
				Catch:  []asl.Catcher{{ErrorEquals: []string{asl.ErrAll}, Assign: asl.Variables{"liveDimensions": sideBySide}, Next: next}},
				Assign: asl.Variables{"before": logic.Counts, "liveDimensions": sideBySide},
				Next:   next,
			}}}
		},
	}
}

// judge counts what both versions have answered since the release began, and says whether the candidate is too bad. It stops
// traffic at once if CloudWatch does not tell: traffic must not shift while nobody can see.
func (c Config) judge() step {
	return step{
		name:  "Judge",
		needs: judgement,
		exits: []string{stateBakeIsOver, c.takeBackBegins()},
		states: func(next string) []named {
			return []named{
				{stateJudgeReadMetrics, c.readMetrics()},
				{stateJudgeCompare, asl.Pass{Assign: asl.Variables{varVerdict: c.verdict()}, Next: stateJudgeIsBad}},
				{stateJudgeIsBad, asl.Choice{
					Choices: []asl.Rule{
						{Condition: "$verdict != '' and $baking", Next: c.takeBackBegins()},
						{Condition: "$verdict != ''", Next: stateJudgeStopDeployment},
						{Condition: "$baking", Next: stateBakeIsOver},
					},
					Default: next,
				}},
				// Should the deployment have ended meanwhile, that is seen at the next look.
				{stateJudgeStopDeployment, c.stop(catchAll(next), next)},
			}
		},
	}
}

func (c Config) readMetrics() asl.Task {
	return asl.Task{
		Resource: c.integration("aws-sdk:cloudwatch:getMetricData"),
		Arguments: metricDataArguments{
			StartTime:         "$judgeFrom",
			EndTime:           inAMinute,
			MetricDataQueries: c.metricQueries(),
		},
		Retry: retryAlways(),
		Catch: []asl.Catcher{{
			ErrorEquals: []string{asl.ErrAll},
			Assign:      asl.Variables{varVerdict: asl.Quote("CloudWatch does not tell how it does: ") + " & $states.errorOutput.Cause"},
			Next:        stateJudgeIsBad,
		}},
		Assign: asl.Variables{"counts": logic.Counts},
		Next:   stateJudgeCompare,
	}
}

// verdict is empty as long as nothing speaks against the candidate.
func (c Config) verdict() asl.Expr {
	var criteria []logic.Criterion
	for _, k := range c.criteria() {
		criteria = append(criteria, k.Criterion)
	}
	return logic.Verdict(c.Rollout.Analysis.MinInvocations, criteria)
}
