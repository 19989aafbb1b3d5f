package release

import (
	"fmt"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateBakeStart             = "Bake.Start"
	stateBakeIsOver            = "Bake.IsOver"
	stateBakeWait              = "Bake.Wait"
	stateBakeCountLook         = "Bake.CountLook"
	stateBakeReadAlias         = "Bake.ReadAlias"
	stateBakeIsStillLive       = "Bake.IsStillLive"
	stateBakeRecordTakenBack   = "Bake.RecordTakenBack"
	stateBakeCountTakenBack    = "Bake.CountTakenBack"
	stateBakeTakenBack         = "Bake.TakenBack"
	stateBakeRecordVerdict     = "Bake.RecordVerdict"
	stateBakeNotRecorded       = "Bake.NotRecorded"
	stateBakeTooFewInvocations = "Bake.TooFewInvocations"
)

// maxWaitMinutes for invocations, where a claim waits for them.
const maxWaitMinutes = 24 * 60

// bake keeps judging a version after it has all traffic. Its metrics are the alias's now, and add to those of the shift; those of the
// version before it stay as they were.
func (c Config) bake() step {
	return step{
		name:  "Bake",
		needs: slices.Concat(recorded, []string{"counts", "candidateVersion", varDeployment, "deployment"}),
		exits: []string{stateJudgeReadMetrics, c.takeBackBegins()},
		states: func(next string) []named {
			return slices.Concat([]named{
				{stateBakeStart, asl.Pass{
					Assign: asl.Variables{
						"baking": true,
						"bakes":  0,
						"before": asl.Expr("$counts"),
						// From the next minute on: in this one the other version has answered too.
						"judgeFrom":           inAMinute,
						"settled":             inAMinute,
						"candidateDimensions": c.aliasDimensions(),
					},
					Next: stateBakeIsOver,
				}},
				{stateBakeIsOver, c.hasBaked()},
				{stateBakeWait, asl.Wait{
					Seconds: c.bakeSeconds(),
					Next:    stateBakeCountLook,
				}},
				{stateBakeCountLook, asl.Pass{Assign: asl.Variables{"bakes": asl.Expr("$bakes + 1")}, Next: stateBakeReadAlias}},
			}, c.watchOthers(), c.endBake(next))
		},
	}
}

// hasBaked chooses whether to look again.
func (c Config) hasBaked() asl.Choice {
	a := c.Rollout.Analysis
	enough := logic.Enough(a.MinInvocations)
	over := func(minutes int32) asl.Expr {
		return logic.HasBaked(minutes, c.bakeSeconds())
	}
	baked := asl.Choice{Default: stateBakeWait}
	add := func(condition asl.Expr, next string) {
		baked.Choices = append(baked.Choices, asl.Rule{Condition: condition, Next: next})
	}
	switch a.TooFewInvocations {
	case v1alpha1.TooFewFail:
		add(over(a.BakeMinutes)+" and "+enough, stateBakeRecordVerdict)
		add(over(a.BakeMinutes), stateBakeTooFewInvocations)
	case v1alpha1.TooFewWait:
		add(over(a.BakeMinutes)+" and "+enough, stateBakeRecordVerdict)
		add(over(a.BakeMinutes+maxWaitMinutes), stateBakeTooFewInvocations)
	default:
		add(over(a.BakeMinutes), stateBakeRecordVerdict)
	}
	return baked
}

// watchOthers ends the release if somebody else has moved traffic meanwhile.
func (c Config) watchOthers() []named {
	return []named{
		{stateBakeReadAlias, c.readAlias("Has somebody taken it back meanwhile? What the alias answers is another version's then.", asl.Variables{
			"stillLive": logic.IsStillLive,
		}, stateJudgeReadMetrics, stateBakeIsStillLive)},
		{stateBakeIsStillLive, asl.Choice{
			Choices: []asl.Rule{{Condition: "$stillLive", Next: stateJudgeReadMetrics}},
			Default: stateBakeRecordTakenBack,
		}},
		{stateBakeRecordTakenBack, c.updateHistory(historyUpdate{
			Attributes: c.verdictAttributes("'taken back while it was judged'"),
			Catch:      catchAll(stateBakeCountTakenBack),
			Next:       stateBakeCountTakenBack,
		})},
		{stateBakeCountTakenBack, c.countTaken()},
		{stateBakeTakenBack, asl.Fail{
			Error: asl.Quote("TakenBack"),
			Cause: "'Somebody has taken version ' & $targetVersion & ' back while it was judged.'",
		}},
	}
}

// endBake records that the version is good, and goes back from one that nobody can judge if the claim asks for that.
func (c Config) endBake(next string) []named {
	a := c.Rollout.Analysis
	states := []named{
		{stateBakeRecordVerdict, c.updateHistory(historyUpdate{
			// Should it not have been written when the deployment ended, it is now.
			Attributes: slices.Concat(c.releaseAttributes(), currentAttributes(),
				c.verdictAttributes(logic.Enough(a.MinInvocations)+" ? 'good' : 'too few invocations to judge it'")),
			Catch: catchAll(stateBakeNotRecorded),
			Next:  next,
		})},
		{stateBakeNotRecorded, failWith("the version has been judged good, but its history could not be written")},
	}
	if a.TooFewInvocations == v1alpha1.TooFewPass {
		return states
	}
	return append(states, named{stateBakeTooFewInvocations, asl.Pass{
		Assign: asl.Variables{varVerdict: asl.Expr(fmt.Sprintf("'version ' & $candidateVersion & ' has had ' & $string($counts.%s) & ' invocations, and %d are too few to judge it'",
			logic.CountID(logic.Candidate, logic.Invocations), a.MinInvocations))},
		Next: c.takeBackBegins(),
	}})
}

// verdictAttributes of a history item: what became of the candidate, and what was counted.
func (c Config) verdictAttributes(verdict asl.Expr) []historyAttribute {
	if !c.judged() {
		return nil
	}
	return []historyAttribute{
		{Name: varVerdict, Type: "S", Value: verdict},
		{Name: "measured", Type: "S", Value: "$string($counts)"},
	}
}
