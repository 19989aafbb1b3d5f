package release

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateReadBaseline        = "ReadBaseline"
	stateJudgeReadMetrics    = "Judge.ReadMetrics"
	stateJudgeCompare        = "Judge.Compare"
	stateJudgeIsBad          = "Judge.IsBad"
	stateJudgeStopDeployment = "Judge.StopDeployment"
)

// Whose metrics are read.
const (
	candidate = "candidate"
	live      = "live"
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

// A criterion is one way for an invocation to be bad, of which there may be a share.
type criterion struct {
	// id of the query that counts bad invocations, after whose they are.
	id string

	// says completes the sentence "3 of 10 invocations".
	says string

	maxPercent float64

	// queries that count bad invocations of a version.
	queries func(whose string) []metricQuery
}

// criteria of the claim's, in the order in which they are told.
func (c Config) criteria() []criterion {
	a := c.Rollout.Analysis
	all := []criterion{
		{id: "errors", says: "failed", maxPercent: a.MaxErrorPercent, queries: func(whose string) []metricQuery {
			return []metricQuery{lambdaMetric(whose, "errors", "Errors", "Sum", true)}
		}},
		{id: "throttles", says: "were throttled", maxPercent: a.MaxThrottlePercent, queries: func(whose string) []metricQuery {
			return []metricQuery{lambdaMetric(whose, "throttles", "Throttles", "Sum", true)}
		}},
	}
	if ms := a.P99Milliseconds; ms > 0 {
		all = append(all, criterion{id: "slow", says: fmt.Sprintf("took %d ms or longer", ms), maxPercent: 1, queries: func(whose string) []metricQuery {
			return []metricQuery{
				// The percentile rank is the share, in percent, of those that took so long.
				lambdaMetric(whose, "rank", "Duration", fmt.Sprintf("PR(%d:)", ms), false),
				{ID: queryID(whose, "slow"), Expression: queryID(whose, "rank") + " * " + queryID(whose, "invocations") + " / 100", ReturnData: true},
			}
		}})
	}
	for i, m := range a.Metrics {
		id := "metric" + strconv.Itoa(i)
		all = append(all, criterion{id: id, says: "counted as " + m.Name, maxPercent: m.MaxPercent, queries: func(whose string) []metricQuery {
			expression := asl.Expr(fmt.Sprintf("$replace(%s, '{version}', $%sVersion)", asl.Quote(m.Expression), whose))
			return []metricQuery{{ID: queryID(whose, id), Expression: expression, Period: lambdaPeriod, ReturnData: true}}
		}})
	}
	return all
}

// queryID of CloudWatch's begins with a small letter.
func queryID(whose, id string) string {
	return whose + "_" + id
}

// lambdaMetric of what a version answers through the alias.
func lambdaMetric(whose, id, name, stat string, returned bool) metricQuery {
	return metricQuery{
		ID: queryID(whose, id),
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
	for _, whose := range []string{candidate, live} {
		ids = append(ids, queryID(whose, "invocations"))
		for _, k := range c.criteria() {
			ids = append(ids, queryID(whose, k.id))
		}
	}
	return ids
}

// metricQueries count what both versions answer.
func (c Config) metricQueries() []metricQuery {
	var queries []metricQuery
	for _, whose := range []string{candidate, live} {
		queries = append(queries, lambdaMetric(whose, "invocations", "Invocations", "Sum", true))
		for _, k := range c.criteria() {
			queries = append(queries, k.queries(whose)...)
		}
	}
	return queries
}

// counts are what a look at the metrics adds to what was counted before.
func (c Config) counts() map[string]asl.Expr {
	counts := map[string]asl.Expr{}
	for _, id := range c.counted() {
		counts[id] = asl.Expr(fmt.Sprintf("$before.%s + $sum([$states.result.MetricDataResults[Id = '%s'].Values])", id, id))
	}
	return counts
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
				Assign: asl.Variables{"before": c.counts(), "liveDimensions": sideBySide},
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
		exits: []string{stateBakeIsOver, stateTakeBack},
		states: func(next string) []named {
			return []named{
				{stateJudgeReadMetrics, c.readMetrics()},
				{stateJudgeCompare, asl.Pass{Assign: asl.Variables{varVerdict: c.verdict()}, Next: stateJudgeIsBad}},
				{stateJudgeIsBad, asl.Choice{
					Choices: []asl.Rule{
						{Condition: "$verdict != '' and $baking", Next: stateTakeBack},
						{Condition: "$verdict != ''", Next: stateJudgeStopDeployment},
						{Condition: "$baking", Next: stateBakeIsOver},
					},
					Default: next,
				}},
				{stateJudgeStopDeployment, asl.Task{
					Comment:  "CodeDeploy takes traffic back. Should the deployment have ended meanwhile, that is seen at the next look.",
					Resource: c.integration("aws-sdk:codedeploy:stopDeployment"),
					Arguments: stopDeploymentArguments{
						DeploymentID:        deploymentID,
						AutoRollbackEnabled: true,
					},
					// One that has ended is not stopped by asking again: the next look sees it.
					Retry: retryUnless("CodeDeploy.DeploymentAlreadyCompletedException"),
					Catch: catchAll(next),
					Next:  next,
				}},
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
		Assign: asl.Variables{"counts": c.counts()},
		Next:   stateJudgeCompare,
	}
}

type stopDeploymentArguments struct {
	DeploymentID        asl.Expr `json:"DeploymentId"`
	AutoRollbackEnabled bool     `json:"AutoRollbackEnabled"`
}

// minBad invocations speak against a candidate. Fewer are chance.
const minBad = 3

// verdict is empty as long as nothing speaks against the candidate. Else it says what does.
//
// The share of bad invocations that is certain is the lower bound of Wilson's score interval at three standard deviations: of
// sixty, three must be bad to show with that certainty that more than 1 % are. It is looked at again and again, which is why
// two deviations would not do; and as the interval is too narrow for very few, three must be bad. What the live version may
// have too is not the candidate's fault: its upper bound, at two deviations.
func (c Config) verdict() asl.Expr {
	var judgements []string
	for _, k := range c.criteria() {
		judgements = append(judgements, fmt.Sprintf("$judge($counts.%s, $counts.%s, $counts.%s, $counts.%s, %g, %s)",
			queryID(candidate, k.id), queryID(candidate, "invocations"), queryID(live, k.id), queryID(live, "invocations"),
			k.maxPercent, asl.Quote(k.says)))
	}
	return asl.Expr("(" +
		"$bound := function($x, $n, $z) { $n = 0 ? 0 : ($p := $min([$x / $n, 1]); " +
		"100 * ($p + $z * $z / 2 / $n + $z * $sqrt($p * (1 - $p) / $n + $z * $z / 4 / $n / $n)) / (1 + $z * $z / $n)) }; " +
		"$judge := function($x, $n, $liveX, $liveN, $allowed, $says) { " +
		fmt.Sprintf("$n < %d or $x < %d ? '' : $bound($x, $n, -3) <= $max([$allowed, $bound($liveX, $liveN, 2)]) ? '' : ", c.Rollout.Analysis.MinInvocations, minBad) +
		"$string($round($x)) & ' of ' & $string($n) & ' invocations of version ' & $candidateVersion & ' ' & $says & ', and ' & " +
		"$string($round($liveX)) & ' of ' & $string($liveN) & ' of version ' & $liveVersion & '; allowed are ' & $string($allowed) & ' %, or as many as of that' }; " +
		"$join([$filter([" + strings.Join(judgements, ", ") + "], function($text) { $text != '' })], '. '))")
}
