package release

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// byDefault is the analysis that a claim has which says nothing of it.
var byDefault = v1alpha1.Analysis{
	Enabled: true, BakeMinutes: 10, MinInvocations: 5, TooFewInvocations: v1alpha1.TooFewPass, MaxErrorPercent: 1, MaxThrottlePercent: 5,
}

// newJudge is a bench whose releases are judged in another way than those of any case that is rendered.
func newJudge(t *testing.T, analysis v1alpha1.Analysis, rollout v1alpha1.CustomRollout) *bench {
	t.Helper()
	r := load(t, ready)
	c := release.Config{
		Partition:       "aws",
		Pipeline:        r.awsName("pipeline"),
		SwitchStage:     release.SwitchStage{Name: "Switch-Traffic", Shift: "Shift_Traffic"},
		SourceAction:    "GitHub_Source",
		PublishAction:   "Deploy_Blue_Lambda",
		BlueFunction:    r.awsName("blue-function"),
		GreenFunction:   r.awsName("green-function"),
		Alias:           r.awsName("live-alias"),
		Application:     r.awsName("deploy-application"),
		DeploymentGroup: r.awsName("deployment-group"),
		Alarms:          []string{r.awsName("error-alarm")},
		HistoryTable:    r.awsName("history-table"),
		ArtifactBucket:  r.awsName("artifact-bucket"),
		Topic:           "arn:aws:sns:us-east-1:111122223333:" + r.awsName("alarm-topic"),
		Console:         "https://console.aws.amazon.com/states/home?region=us-east-1",
		Rollout:         v1alpha1.Rollout{Custom: &rollout, Analysis: analysis},
	}
	for name, machine := range map[string]asl.StateMachine{releaseMachine: c.Release(), rollbackMachine: c.Rollback(), watchMachine: c.Watch()} {
		definition, err := json.Marshal(machine)
		if err != nil {
			t.Fatal(err)
		}
		r.define(name, string(definition))
	}
	return newBenchOf(t, r, shiftOf(rollout))
}

// shiftOf a claim's rollout.
func shiftOf(rollout v1alpha1.CustomRollout) fakeaws.Shift {
	return fakeaws.Shift{
		Canary:     rollout.Type == v1alpha1.RolloutCanary,
		Percentage: int(rollout.Percentage),
		Interval:   time.Duration(rollout.IntervalMinutes) * time.Minute,
	}
}

var (
	tenPercent = v1alpha1.CustomRollout{Type: v1alpha1.RolloutLinear, Percentage: 10, IntervalMinutes: 10}
	canary     = v1alpha1.CustomRollout{Type: v1alpha1.RolloutCanary, Percentage: 5, IntervalMinutes: 20}
	atOnce     = v1alpha1.CustomRollout{Type: v1alpha1.RolloutCanary, Percentage: 100}
)

// TestJudge follows releases of version 2, which answers as its traffic says, while version 1 is live.
func TestJudge(t *testing.T) {
	bad := func(b fakeaws.Bad) map[string]fakeaws.Bad { return map[string]fakeaws.Bad{"2": b} }
	cases := map[string]struct {
		reason   string
		analysis func(*v1alpha1.Analysis)
		rollout  v1alpha1.CustomRollout
		traffic  fakeaws.Traffic
		act      func(*bench)
	}{
		"Good": {
			reason: "A version that answers well is released, and the history has what was counted.", rollout: tenPercent,
			traffic: fakeaws.Traffic{PerMinute: 60},
		},
		"FailsAll": {
			reason: "A version that fails all of its calls is stopped within minutes.", rollout: canary,
			traffic: fakeaws.Traffic{PerMinute: 60, Bad: bad(fakeaws.Bad{Errors: 1})},
		},
		"FailsSome": {
			reason: "A version that fails one call in ten is stopped, long before the alias fails one in twenty.", rollout: tenPercent,
			traffic: fakeaws.Traffic{PerMinute: 600, Bad: bad(fakeaws.Bad{Errors: 0.1})},
		},
		"FailsAfterTheShift": {
			reason: "A version that has all traffic goes back.", rollout: atOnce,
			traffic: fakeaws.Traffic{PerMinute: 60, Bad: bad(fakeaws.Bad{Errors: 0.2})},
		},
		"AsBadAsLive": {
			reason: "What the live version fails at too is not the candidate's fault.", rollout: tenPercent,
			traffic: fakeaws.Traffic{PerMinute: 600, Others: fakeaws.Bad{Errors: 0.1}},
		},
		"Throttled": {
			reason: "A version that Lambda throttles is stopped.", rollout: tenPercent,
			traffic: fakeaws.Traffic{PerMinute: 600, Bad: bad(fakeaws.Bad{Throttles: 0.2})},
		},
		"Slow": {
			reason: "A version whose 99th percentile is too long is stopped.", rollout: tenPercent,
			analysis: func(a *v1alpha1.Analysis) { a.P99Milliseconds = 800 },
			traffic:  fakeaws.Traffic{PerMinute: 600, Bad: bad(fakeaws.Bad{Slow: 0.1})},
		},
		"Refuses": {
			reason: "A version that answers 500, which is no error to Lambda, is stopped by a metric of the claim's.", rollout: tenPercent,
			analysis: func(a *v1alpha1.Analysis) {
				a.Metrics = []v1alpha1.AnalysisMetric{{Name: "answers with status 5xx", MaxPercent: 0.5, Expression: "SELECT SUM(e) FROM SCHEMA(p, version) WHERE version = '{version}'"}}
			},
			traffic: fakeaws.Traffic{PerMinute: 600, Bad: bad(fakeaws.Bad{Refused: 0.1})},
		},
		"TooFewPass": {reason: "Without traffic there is nothing to judge.", rollout: atOnce},
		"TooFewFail": {
			reason: "A claim may want no version that nobody has tried.", rollout: atOnce,
			analysis: func(a *v1alpha1.Analysis) { a.TooFewInvocations = v1alpha1.TooFewFail },
			traffic:  fakeaws.Traffic{PerMinute: 0.5},
		},
		"TooFewWait": {
			reason: "A claim may wait for them.", rollout: atOnce,
			analysis: func(a *v1alpha1.Analysis) { a.TooFewInvocations = v1alpha1.TooFewWait },
			traffic:  fakeaws.Traffic{PerMinute: 0.1},
		},
		"NeverEnough": {
			reason: "It waits for a day, and goes back then.", rollout: atOnce,
			analysis: func(a *v1alpha1.Analysis) { a.TooFewInvocations = v1alpha1.TooFewWait },
		},
		"NotStoppedInTime": {
			reason: "A deployment that ends before it is stopped is undone by another.", rollout: v1alpha1.CustomRollout{Type: "Canary", Percentage: 50, IntervalMinutes: 3},
			traffic: fakeaws.Traffic{PerMinute: 60, Bad: bad(fakeaws.Bad{Errors: 1})},
			act:     func(b *bench) { b.cloud.Fail("codedeploy:StopDeployment", repeat(throttled, 20)...) },
		},
		"CloudWatchIsSilent": {
			reason: "Traffic does not shift while nobody can see.", rollout: tenPercent,
			act: func(b *bench) { b.cloud.Fail("cloudwatch:GetMetricData", repeat(broken, 20)...) },
		},
		"Pages": {
			reason: "What CloudWatch does not send at once comes with a later look.", rollout: tenPercent,
			traffic: fakeaws.Traffic{PerMinute: 60},
			act:     func(b *bench) { b.cloud.CloudWatch.Page = 30 },
		},
		"CannotGoBack": {
			reason: "Where it cannot go back, the release says what serves and should not.", rollout: atOnce,
			traffic: fakeaws.Traffic{PerMinute: 60, Bad: bad(fakeaws.Bad{Errors: 1})},
			act:     func(b *bench) { b.cloud.Fail("codedeploy:CreateDeployment", fakeaws.Fault{}, broken) },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			analysis := byDefault
			if tc.analysis != nil {
				tc.analysis(&analysis)
			}
			b := newJudge(t, analysis, tc.rollout)
			b.cloud.Lambda.Send(tc.traffic)
			if tc.act != nil {
				tc.act(b)
			}
			b.recordAlways(26 * time.Hour)
			b.shift("2")
			b.clock.Advance(time.Minute)
			b.golden("Judge" + name)
			if t.Failed() {
				t.Log(tc.reason)
			}
		})
	}
}

// TestJudgeIsAsRendered checks that TestJudge judges as a claim does by default.
func TestJudgeIsAsRendered(t *testing.T) {
	definition := load(t, ready).definition(releaseMachine)
	for _, part := range []string{`$counts.candidate_invocations >= 5 ? `, `$judge('errors', 1, `, `$judge('throttles', 5, `, `$bakes * 60 >= 600`} {
		if !strings.Contains(definition, part) {
			t.Errorf("the rendered definition has no %q", part)
		}
	}
}

// TestLongestRelease follows the longest release that a claim can ask for, with the most metrics: CloudWatch has a number of each query for
// every minute of four days. An answer with all of them would end the execution while traffic shifts.
func TestLongestRelease(t *testing.T) {
	cases := map[string]struct {
		reason     string
		expression string
	}{
		"Insights":   {reason: "Each Metrics Insights query has a call of its own.", expression: "SELECT SUM(e) FROM SCHEMA(p, version) WHERE version = '{version}'"},
		"MetricMath": {reason: "Metric math is asked for with all else in one call.", expression: "FILL(m, 0) + '{version}'"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			analysis := byDefault
			analysis.BakeMinutes, analysis.TooFewInvocations, analysis.MinInvocations, analysis.P99Milliseconds = 1440, v1alpha1.TooFewWait, 1000000, 800
			for i := range 5 {
				analysis.Metrics = append(analysis.Metrics, v1alpha1.AnalysisMetric{Name: fmt.Sprint("bad ", i), Expression: tc.expression, MaxPercent: 1})
			}
			b := newJudge(t, analysis, v1alpha1.CustomRollout{Type: v1alpha1.RolloutCanary, Percentage: 1, IntervalMinutes: 2880})
			const perMinute = 60
			b.cloud.Lambda.Send(fakeaws.Traffic{PerMinute: perMinute, Others: fakeaws.Bad{Errors: 0.001, Slow: 0.003, Refused: 0.001}})

			result := b.shift("2")
			if result.Error != "CandidateJudgedBad" || !strings.Contains(result.Cause, "are too few to judge it") {
				t.Fatalf("%s\nwant it to wait for invocations until the end, got %s: %s", tc.reason, result.Error, result.Cause)
			}
			if took := b.clock.Now().Sub(b.begin); took < 4*24*time.Hour {
				t.Errorf("%s\nwant a release of 4 days, got %s", tc.reason, took)
			}
			// No minute counts twice, and none is missed but those between the last look while traffic shifted and the first after it, and
			// those at the end, which CloudWatch does not have yet.
			const missed = 30 * perMinute
			counted, answered := countedInvocations(t, result.Cause), b.cloud.Lambda.Answered("2").Invocations
			if counted > answered || counted < answered-missed {
				t.Errorf("%s\nwant at most %d fewer than %d invocations, got %d", tc.reason, missed, answered, counted)
			}
		})
	}
}

// countedInvocations are those of which a verdict tells that they are too few.
func countedInvocations(t *testing.T, cause string) int {
	t.Helper()
	_, text, _ := strings.Cut(cause, "has had ")
	text, _, _ = strings.Cut(text, " invocations")
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("no invocations are told of in %q: %v", cause, err)
	}
	return n
}
