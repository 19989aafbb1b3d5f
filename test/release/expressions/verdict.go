package expressions

import (
	"fmt"
	"math"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// ScoreBound is the bound of Wilson's interval by its definition, in percent: the share at which the share that was counted is so many
// standard deviations away. It is searched for by bisection, and so owes nothing to the formula.
func ScoreBound(bad, all, deviations float64) float64 {
	if all == 0 {
		return 0
	}
	counted := min(bad/all, 1)
	// Between near and far there is one such share.
	near, far := counted, 0.0
	if deviations > 0 {
		far = 1
	}
	for range 200 {
		p := (near + far) / 2
		if math.Abs(counted-p) < math.Abs(deviations)*math.Sqrt(p*(1-p)/all) {
			near = p
		} else {
			far = p
		}
	}
	return 100 * (near + far) / 2
}

func wilsonBound() map[string]Case {
	cases := map[string]Case{
		"Nothing": {Reason: "Of no invocation nothing is known.", Expression: logic.WilsonBound(0, 0, 2), Want: "0"},
		"MoreBad": {Reason: "More than all cannot be bad.", Expression: logic.WilsonBound(12, 10, -3), Want: written(1000.0 / 19)},
		"None":    {Reason: "If none is bad, the lower bound is 0.", Expression: logic.WilsonBound(0, 10, -3), Want: "0"},
		"All":     {Reason: "If all are, the upper bound is all.", Expression: logic.WilsonBound(10, 10, 2), Want: "100"},
	}
	// R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
	for _, published := range []struct{ bad, all, lower, upper float64 }{
		{81, 263, 25.53, 36.62}, {15, 148, 6.24, 16.05}, {0, 20, 0, 16.11}, {1, 29, 0.61, 17.18},
	} {
		const deviations = 1.959964 // 95 % of a normal distribution are within them.
		for z, want := range map[float64]float64{-deviations: published.lower, deviations: published.upper} {
			cases[fmt.Sprintf("Published%gOf%gAt%g", published.bad, published.all, z)] = Case{
				Reason:     "What others have published comes out.",
				Expression: "$round(" + logic.WilsonBound(published.bad, published.all, z) + ", 2)", Want: written(want),
			}
		}
	}
	for _, n := range []float64{1, 2, 3, 5, 9, 10, 33, 60, 100, 1000, 1e6} {
		for _, x := range []float64{0, 0.4, 1, 2, 3, 4.5, n / 10, n / 3, n / 2, n - 1, n} {
			for _, z := range []float64{-3, -1, 2, 3} {
				cases[fmt.Sprintf("%gOf%gAt%g", x, n, z)] = Case{
					Reason:     "The formula has the bound that the definition has.",
					Expression: logic.WilsonBound(x, n, z), Want: written(ScoreBound(x, n, z)),
				}
			}
		}
	}
	return cases
}

// failed is what a verdict says of a candidate.
func failed(bad, all, liveBad, liveAll string) string {
	return written(bad + " of " + all + " invocations of version 2 failed, and " + liveBad + " of " + liveAll + " of version 1; allowed are 1 %, or as many as of that")
}

// counted of the candidate and of the version before: which failed, of all.
func counted(bad, all, liveBad, liveAll any) string {
	return fmt.Sprintf(`{"candidateVersion": "2", "liveVersion": "1", "counts": {"candidate_errors": %v, "candidate_invocations": %v,`+
		` "live_errors": %v, "live_invocations": %v, "candidate_throttles": 0, "live_throttles": 0}}`, bad, all, liveBad, liveAll)
}

func verdict() map[string]Case {
	errors := logic.Criterion{ID: "errors", Says: "failed", MaxPercent: 1}
	throttles := logic.Criterion{ID: "throttles", Says: "were throttled: 5 %", MaxPercent: 5}
	half := logic.Verdict(5, []logic.Criterion{{ID: "errors", Says: "failed", MaxPercent: 50}})
	cases := of(logic.Verdict(5, []logic.Criterion{errors, throttles}), map[string]Case{
		"NoInvocations": {Reason: "Without traffic nothing speaks against it.", Variables: counted(0, 0, 0, 0), Want: `""`},
		"Good":          {Reason: "Nor without a bad invocation.", Variables: counted(0, 1000, 0, 1000), Want: `""`},
		"TooFew":        {Reason: "Fewer than are to be judged do not count.", Variables: counted(4, 4, 0, 100), Want: `""`},
		"JustEnough":    {Reason: "As many as are to be judged count.", Variables: counted(5, 5, 0, 100), Want: failed("5", "5", "0", "100")},
		"TwoBad":        {Reason: "Two may be chance.", Variables: counted(2, 5, 0, 100), Want: `""`},
		"ThreeBad":      {Reason: "Three are not.", Variables: counted(3, 10, 0, 100), Want: failed("3", "10", "0", "100")},
		"NearlyThree":   {Reason: "Part of an invocation, which a percentile counts, is no third one.", Variables: counted(2.9, 5, 0, 100), Want: `""`},
		"Parts":         {Reason: "It is told as a whole number.", Variables: counted(6.7, 10, 1.2, 500), Want: failed("7", "10", "1", "500")},
		"ThreeOf60":     {Reason: "3 of 60 are certainly more than 1 %.", Variables: counted(3, 60, 0, 0), Want: failed("3", "60", "0", "0")},
		"ThreeOf70":     {Reason: "3 of 70 are not.", Variables: counted(3, 70, 0, 0), Want: `""`},
		"ThreeOf100":    {Reason: "Nor are 3 of 100.", Variables: counted(3, 100, 0, 0), Want: `""`},
		"FourOf100":     {Reason: "4 of 100 are.", Variables: counted(4, 100, 0, 0), Want: failed("4", "100", "0", "0")},
		"19Of1000":      {Reason: "19 of 1,000 are not.", Variables: counted(19, 1000, 0, 0), Want: `""`},
		"20Of1000":      {Reason: "20 of 1,000 are.", Variables: counted(20, 1000, 0, 0), Want: failed("20", "1000", "0", "0")},
		"MoreBadThanAll": {
			Reason: "CloudWatch may know of more failures than invocations for a while.", Variables: counted(12, 10, 0, 100), Want: failed("12", "10", "0", "100"),
		},
		"AsBadAsLive":   {Reason: "What the version before fails at too is no fault of it.", Variables: counted(10, 100, 10, 100), Want: `""`},
		"WorseThanLive": {Reason: "It is, if it is certainly more.", Variables: counted(50, 100, 10, 100), Want: failed("50", "100", "10", "100")},
		"LiveUnknown":   {Reason: "Without a version before, what is allowed decides.", Variables: counted(10, 100, 0, 0), Want: failed("10", "100", "0", "0")},
		"OtherCriterion": {
			Reason:    "Each criterion has its own share.",
			Variables: `{"candidateVersion": "2", "liveVersion": "1", "counts": {"candidate_errors": 0, "candidate_invocations": 10, "live_errors": 0, "live_invocations": 90, "candidate_throttles": 5, "live_throttles": 1}}`,
			Want:      `"5 of 10 invocations of version 2 were throttled: 5 %, and 1 of 90 of version 1; allowed are 5 %, or as many as of that"`,
		},
		"BothCriteria": {
			Reason:    "What speaks against it is told in one text, in order.",
			Variables: `{"candidateVersion": "2", "liveVersion": "1", "counts": {"candidate_errors": 9, "candidate_invocations": 10, "live_errors": 0, "live_invocations": 9, "candidate_throttles": 8, "live_throttles": 0}}`,
			Want: `"9 of 10 invocations of version 2 failed, and 0 of 9 of version 1; allowed are 1 %, or as many as of that. ` +
				`8 of 10 invocations of version 2 were throttled: 5 %, and 0 of 9 of version 1; allowed are 5 %, or as many as of that"`,
		},
	})
	// The lower bound of 9 of 9 is 50 %, and so is the upper bound of 0 of 4.
	cases["AtTheLimit"] = Case{Reason: "As much as is allowed is allowed.", Expression: half, Variables: counted(9, 9, 0, 1000), Want: `""`}
	cases["OverTheLimit"] = Case{
		Reason: "More is not.", Expression: half, Variables: counted(10, 10, 0, 1000),
		Want: `"10 of 10 invocations of version 2 failed, and 0 of 1000 of version 1; allowed are 50 %, or as many as of that"`,
	}
	// A metric of the claim's may be any number, and the state that compares has no Catch.
	for _, told := range []string{"-1e300", "-5", "-0.5", "0", "1e-300", "1e308", "-1e308"} {
		for whose, variables := range map[string]string{
			"Candidate": counted(told, 1000, 1, 1000), "Live": counted(900, 1000, told, 1000), "Both": counted(told, told, told, told),
			"Invocations": counted(900, told, 1, 1000), "LiveInvocations": counted(900, 1000, 1, told),
		} {
			cases["Any"+whose+told] = Case{
				Reason: "Whatever the number is, there is a verdict.", Variables: variables, Want: `"string"`,
				Expression: "$type(" + logic.Verdict(5, []logic.Criterion{errors}) + ")",
			}
		}
	}
	cases["BelowNothingOfLive"] = Case{
		Reason: "Fewer than none are bad of the version before: then none is.", Variables: counted(900, 1000, -5, 1000),
		Expression: logic.Verdict(5, []logic.Criterion{errors}), Want: failed("900", "1000", "-5", "1000"),
	}
	strict := logic.Verdict(5, []logic.Criterion{errors})
	cases["AtTheLimitOfLive"] = Case{Reason: "As much as of the version before is allowed.", Expression: strict, Variables: counted(9, 9, 0, 4), Want: `""`}
	cases["OverTheLimitOfLive"] = Case{Reason: "More is not.", Expression: strict, Variables: counted(9, 9, 0, 5), Want: failed("9", "9", "0", "5")}
	return cases
}

func enough() map[string]Case {
	return of(logic.Enough(5), map[string]Case{
		"None": {Reason: "None are too few.", Variables: counted(0, 0, 0, 9), Want: `false`},
		"Four": {Reason: "One less is too few.", Variables: counted(0, 4, 0, 9), Want: `false`},
		"Five": {Reason: "As many as are asked for are enough.", Variables: counted(0, 5, 0, 0), Want: `true`},
	})
}

func counts() map[string]Case {
	return of(logic.Counts("$before"), map[string]Case{
		"Adds": {
			Reason:    "What is new adds to what was before, minute by minute, each by its id.",
			Variables: `{"before": {"candidate_errors": 1, "candidate_invocations": 10}}`,
			States:    `{"result": {"MetricDataResults": [{"Id": "candidate_errors", "Values": [2]}, {"Id": "candidate_invocations", "Values": [20, 30.5]}]}}`,
			Want:      `{"candidate_errors": 3, "candidate_invocations": 60.5}`,
		},
		"NoValues": {
			Reason:    "What has no values, or no result, stays.",
			Variables: `{"before": {"candidate_errors": 1, "candidate_invocations": 10}}`,
			States:    `{"result": {"MetricDataResults": [{"Id": "candidate_errors", "Values": []}]}}`,
			Want:      `{"candidate_errors": 1, "candidate_invocations": 10}`,
		},
		"NoResults": {
			Reason: "So does all without an answer.", Variables: `{"before": {"candidate_errors": 1, "live_errors": 0}}`,
			States: `{"result": {"MetricDataResults": []}}`, Want: `{"candidate_errors": 1, "live_errors": 0}`,
		},
		"Several": {
			Reason: "A query may have several results.", Variables: `{"before": {"candidate_metric0": 1, "live_metric0": 0}}`,
			States: `{"result": {"MetricDataResults": [{"Id": "candidate_metric0", "Values": [1, 2]}, {"Id": "candidate_metric0", "Values": [4]}]}}`,
			Want:   `{"candidate_metric0": 8, "live_metric0": 0}`,
		},
		"Unknown": {
			Reason: "What is not counted stays away.", Variables: `{"before": {"candidate_errors": 0, "live_errors": 0}}`,
			States: `{"result": {"MetricDataResults": [{"Id": "candidate_rank", "Values": [99]}]}}`, Want: `{"candidate_errors": 0, "live_errors": 0}`,
		},
	})
}

// settledUntil is what the expression of what is settled reads, if $settled is at 04:10 and some seconds.
const settledUntil = `{"settled": "2026-01-02T04:10:26.000Z", "before": {"candidate_errors": 1, "candidate_invocations": 10}}`

func settled() map[string]Case {
	return of(logic.Settled, map[string]Case{
		"Adds": {
			Reason:    "Minutes that were over by then are settled, and no others: an answer from then on has these.",
			Variables: settledUntil,
			States: `{"result": {"MetricDataResults": [
				{"Id": "candidate_errors", "Values": [1, 2], "Timestamps": ["2026-01-02T04:09:00Z", "2026-01-02T04:10:00Z"]},
				{"Id": "candidate_invocations", "Values": [20, 30.5, 40, 50], "Timestamps": ["2026-01-02T04:08:00Z", "2026-01-02T04:09:00Z", "2026-01-02T04:10:00Z", "2026-01-02T04:11:00Z"]}]}}`,
			Want: `{"candidate_errors": 2, "candidate_invocations": 60.5}`,
		},
		"AnyOrder": {
			Reason:    "In whichever order they come.",
			Variables: settledUntil,
			States:    `{"result": {"MetricDataResults": [{"Id": "candidate_errors", "Values": [2, 1], "Timestamps": ["2026-01-02T04:10:00Z", "2026-01-02T04:09:00Z"]}]}}`,
			Want:      `{"candidate_errors": 2, "candidate_invocations": 10}`,
		},
		"One": {
			Reason:    "One minute is a list too.",
			Variables: settledUntil,
			States: `{"result": {"MetricDataResults": [{"Id": "candidate_errors", "Values": [5], "Timestamps": ["2026-01-02T04:09:00Z"]},
				{"Id": "candidate_invocations", "Values": [7], "Timestamps": ["2026-01-02T04:10:00Z"]}]}}`,
			Want: `{"candidate_errors": 6, "candidate_invocations": 10}`,
		},
		"Several": {
			Reason:    "A query may have several results.",
			Variables: settledUntil,
			States: `{"result": {"MetricDataResults": [{"Id": "candidate_errors", "Values": [5, 6], "Timestamps": ["2026-01-02T04:08:00Z", "2026-01-02T04:09:00Z"]},
				{"Id": "candidate_errors", "Values": [7], "Timestamps": ["2026-01-02T04:09:00Z"]}]}}`,
			Want: `{"candidate_errors": 19, "candidate_invocations": 10}`,
		},
		"None": {
			Reason:    "What has no values, or no result, stays.",
			Variables: settledUntil,
			States:    `{"result": {"MetricDataResults": [{"Id": "candidate_errors", "Values": [], "Timestamps": []}]}}`,
			Want:      `{"candidate_errors": 1, "candidate_invocations": 10}`,
		},
	})
}

func settledNext() map[string]Case {
	entered := func(at string) string { return `{"context": {"State": {"EnteredTime": "` + at + `"}}}` }
	return of(logic.SettledNext, map[string]Case{
		"FirstHour": {Reason: "In the first hour nothing is.", States: entered("2026-01-02T05:10:25.000Z"), Variables: settledUntil, Want: `"2026-01-02T04:10:26.000Z"`},
		"Later":     {Reason: "Then what is older than an hour.", States: entered("2026-01-02T05:10:27.000Z"), Variables: settledUntil, Want: `"2026-01-02T04:10:27.000Z"`},
	})
}

func hasBaked() map[string]Case {
	return of(logic.HasBaked(60, 60), map[string]Case{
		"Began":  {Reason: "Nothing has passed at first.", Variables: `{"bakes": 0}`, Want: `false`},
		"Nearly": {Reason: "59 times 60 seconds are less than an hour.", Variables: `{"bakes": 59}`, Want: `false`},
		"Over":   {Reason: "60 times are one.", Variables: `{"bakes": 60}`, Want: `true`},
	})
}
