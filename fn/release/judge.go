package release

import (
	"slices"

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

// judged says whether releases are judged.
func (c Config) judged() bool {
	return c.Rollout.Analysis.Enabled
}

// analysisVariables are what the judge begins with.
func (c Config) analysisVariables() asl.Variables {
	if !c.judged() {
		return nil
	}
	none := c.noCounts()
	return asl.Variables{
		"judgeFrom":           asl.Expr("$states.context.State.EnteredTime"),
		"settled":             asl.Expr("$states.context.State.EnteredTime"),
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

// readBaseline counts what production has answered in the hour before. Without an answer the release goes on, and has less to
// compare with.
func (c Config) readBaseline() step {
	return step{
		name:  stateReadBaseline,
		needs: []string{"currentVersion", "judgeFrom", "before", "candidateVersion", "liveVersion", "candidateDimensions", "liveDimensions"},
		gives: []string{"before", "liveDimensions"},
		states: func(next string) []named {
			// From now on the two versions answer side by side.
			sideBySide := c.versionDimensions("$currentVersion")
			return c.readMetrics(window{stateReadBaseline, stateReadBaseline, "$fromMillis($toMillis($judgeFrom) - 3600000)", "$judgeFrom"}, func(int) asl.Variables {
				return asl.Variables{"before": logic.Counts("$before"), "liveDimensions": sideBySide}
			}, asl.Catcher{
				ErrorEquals: []string{asl.ErrAll},
				// Shares of which only a part was counted would be wrong.
				Assign: asl.Variables{"before": c.noCounts(), "liveDimensions": sideBySide},
				Next:   next,
			}, next)
		},
	}
}

// judge counts what both versions have answered since the release began, and says whether the candidate is too bad. It stops
// traffic at once if CloudWatch does not tell: traffic must not shift while nobody can see.
//
// A look asks for the last hour or two, whatever the release takes: an answer for days would be more than Step Functions takes, which ends
// the execution while traffic goes on shifting. What is older is settled: it is counted in $before, and not asked for again.
func (c Config) judge() step {
	return step{
		name:  "Judge",
		needs: judgement,
		exits: []string{stateBakeIsOver, c.takeBackBegins()},
		states: func(next string) []named {
			return slices.Concat(c.readAnswers(), []named{
				{stateJudgeCompare, asl.Pass{
					Assign: asl.Variables{varVerdict: c.verdict(), "judgeFrom": asl.Expr("$settled"), "settled": logic.SettledNext},
					Next:   stateJudgeIsBad,
				}},
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
			})
		},
	}
}

// readAnswers of both versions into $counts, and what is settled of them into $before.
func (c Config) readAnswers() []named {
	return c.readMetrics(window{"Judge", stateJudgeReadMetrics, "$judgeFrom", inAMinute}, func(i int) asl.Variables {
		so := asl.Expr("$counts")
		if i == 0 {
			so = "$before"
		}
		return asl.Variables{"counts": logic.Counts(so), "before": logic.Settled}
	}, asl.Catcher{
		ErrorEquals: []string{asl.ErrAll},
		Assign:      asl.Variables{varVerdict: asl.Quote("CloudWatch does not tell how it does: ") + " & $states.errorOutput.Cause"},
		Next:        stateJudgeIsBad,
	}, stateJudgeCompare)
}

// verdict is empty as long as nothing speaks against the candidate.
func (c Config) verdict() asl.Expr {
	var criteria []logic.Criterion
	for _, k := range c.criteria() {
		criteria = append(criteria, k.Criterion)
	}
	return logic.Verdict(c.Rollout.Analysis.MinInvocations, criteria)
}
