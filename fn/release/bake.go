package release

import (
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateStartBake      = "StartBake"
	stateWaitToBake     = "WaitToBake"
	stateHasBaked       = "HasBaked"
	stateTooFew         = "TooFew"
	stateRecordVerdict  = "RecordVerdict"
	stateVerdictUnknown = "VerdictUnknown"
	stateCountBake      = "CountBake"
	stateReadBaking     = "ReadBaking"
	stateIsStillLive    = "IsStillLive"
	stateRecordTaken    = "RecordTaken"
	stateCountTaken     = "CountTaken"
	stateTakenBack      = "TakenBack"
)

// maxWaitMinutes for invocations, where a claim waits for them.
const maxWaitMinutes = 24 * 60

// bakeStates judge a version on that has all traffic. Its metrics are the alias's now, and add to those of the shift; those of
// the version before it stay as they were.
func (c Config) bakeStates() map[string]asl.State {
	if !c.judged() {
		return nil
	}
	a := c.Rollout.Analysis
	enough := fmt.Sprintf("$counts.%s >= %d", queryID(candidate, "invocations"), a.MinInvocations)
	over := func(minutes int32) string { return fmt.Sprintf("$bakes * %d >= %d", c.bakeSeconds(), minutes*60) }

	hasBaked := asl.Choice{Default: stateWaitToBake}
	add := func(condition, next string) {
		hasBaked.Choices = append(hasBaked.Choices, asl.Rule{Condition: asl.Expr(condition), Next: next})
	}
	switch a.TooFewInvocations {
	case v1alpha1.TooFewFail:
		add(over(a.BakeMinutes)+" and "+enough, stateRecordVerdict)
		add(over(a.BakeMinutes), stateTooFew)
	case v1alpha1.TooFewWait:
		add(over(a.BakeMinutes)+" and "+enough, stateRecordVerdict)
		add(over(a.BakeMinutes+maxWaitMinutes), stateTooFew)
	default:
		add(over(a.BakeMinutes), stateRecordVerdict)
	}
	states := map[string]asl.State{
		stateStartBake: asl.Pass{
			Assign: asl.Variables{
				"baking": true,
				"bakes":  0,
				"before": asl.Expr("$counts"),
				// From the next minute on: in this one the other version has answered too.
				"judgeFrom":           inAMinute,
				"candidateDimensions": c.aliasDimensions(),
			},
			Next: stateHasBaked,
		},
		stateHasBaked: hasBaked,
		stateWaitToBake: asl.Wait{
			Seconds: c.bakeSeconds(),
			Next:    stateCountBake,
		},
		stateCountBake: asl.Pass{Assign: asl.Variables{"bakes": asl.Expr("$bakes + 1")}, Next: stateReadBaking},
		stateReadBaking: c.readAlias("Has somebody taken it back meanwhile? What the alias answers is another version's then.", asl.Variables{
			"stillLive": asl.Expr("$states.result.FunctionVersion = $targetVersion and $count($keys($states.result.RoutingConfig.AdditionalVersionWeights)) = 0"),
		}, stateReadMetrics, stateIsStillLive),
		stateIsStillLive: asl.Choice{
			Choices: []asl.Rule{{Condition: "$stillLive", Next: stateReadMetrics}},
			Default: stateRecordTaken,
		},
		stateRecordTaken: c.updateHistory(historyUpdate{
			Attributes: c.verdictAttributes("'taken back while it was judged'"),
			Catch:      catchAll(stateCountTaken),
			Next:       stateCountTaken,
		}),
		stateCountTaken: c.countTaken(),
		stateTakenBack: asl.Fail{
			Error: asl.Quote("TakenBack"),
			Cause: "'Somebody has taken version ' & $targetVersion & ' back while it was judged.'",
		},
		stateRecordVerdict: c.updateHistory(historyUpdate{
			Attributes: c.verdictAttributes(asl.Expr(enough + " ? 'good' : 'too few invocations to judge it'")),
			Catch:      catchAll(stateVerdictUnknown),
			Next:       stateCountRelease,
		}),
		stateVerdictUnknown: failWith("the version has been judged good, but its history could not be written"),
	}
	if a.TooFewInvocations != v1alpha1.TooFewPass {
		states[stateTooFew] = asl.Pass{
			Assign: asl.Variables{varVerdict: asl.Expr(fmt.Sprintf("'version ' & $candidateVersion & ' has had ' & $string($counts.%s) & ' invocations, and %d are too few to judge it'",
				queryID(candidate, "invocations"), a.MinInvocations))},
			Next: stateGoBack,
		}
	}
	return states
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
