// Package expressions has what the expressions of fn/release/logic are, by value: for each of them inputs and what comes of them. Tests
// evaluate it with each engine of JSONata that there is.
package expressions

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

// A Case is one evaluation of an expression. All values are JSON.
type Case struct {
	Reason     string
	Expression asl.Expr

	// States is what $states has, and Variables what the state machine's variables are, by their names. Empty: none.
	States    string
	Variables string

	Want string
}

// All cases, by the name of the expression and what is special.
func All() map[string]Case {
	all := map[string]Case{}
	for expression, cases := range map[string]map[string]Case{
		"Or": or(), "Text": text(), "AllBut": allBut(),
		"WilsonBound": wilsonBound(), "Verdict": verdict(), "Enough": enough(), "Counts": counts(), "Settled": settled(), "SettledNext": settledNext(), "HasBaked": hasBaked(),
		"IsShifting": isShifting(), "IsStillLive": isStillLive(), "NewestServing": newestServing(),
		"HasNoTraffic": hasNoTraffic(), "CandidateServing": candidateServing(), "Traffic": traffic(), "IsRollback": isRollback(), "ShiftsTo": shiftsTo(), "ShiftsFrom": shiftsFrom(), "Direction": direction(), "Older": older(),
		"Old": old(), "InUse": inUse(), "Kept": kept(),
		"Wanted": wanted(), "GoTo": goTo(), "BadSince": badSince(), "BadCommit": badCommit(), "IsWayBack": isWayBack(), "IsOlder": isOlder(),
		"Held": held(), "BegunAt": begunAt(), "IsHeld": isHeld(),
		"Closed": closed(), "SecondsBetween": secondsBetween(), "IsTime": isTime(), "ExpiryIn": expiryIn(), "DaysBeforeStart": daysBeforeStart(),
		"IsKnown": isKnown(), "KnownVersion": knownVersion(), "NotSeen": notSeen(), "HasSettings": hasSettings(),
		"IsPublished": isPublished(), "IsUnclear": isUnclear(), "Unclear": unclear(),
		"AnswersBelow": answersBelow(), "Payload": payload(),
		"HasStartedThis": hasStartedThis(), "HasSucceeded": hasSucceeded(), "Approver": approver(), "Waiting": waiting(),
		"BuiltKey": builtKey(), "IsComplete": isComplete(), "ArtifactDiffers": artifactDiffers(), "CodeDiffers": codeDiffers(),
		"Run": shownRun(), "Told": told(), "ToldPromoted": toldPromoted(), "BegunAction": begunAction(), "ServingKeys": servingKeys(),
		"Progress": progress(), "IsBehind": isBehind(),
		"LastLive": lastLive(), "LastBack": lastBack(), "WasLive": wasLive(), "Unread": unread(), "OutputOf": outputOf(),
		"OnlyVersion": onlyVersion(), "IsTested": isTested(), "IsOtherCode": isOtherCode(), "Configuration": configuration(), "Differing": differing(),
		"Keys": keys(), "Pending": pending(), "About": about(), "HasShifted": hasShifted(),
	} {
		for name, c := range cases {
			all[expression+"/"+name] = c
		}
	}
	return all
}

// Scope returns what $states has, and the variables.
func (c Case) Scope(t *testing.T) (states, variables map[string]any) {
	t.Helper()
	return object(t, c.States), object(t, c.Variables)
}

// Check that the expression has come to what is wanted. A number is as good as wanted if it differs by a billionth.
func (c Case) Check(t *testing.T, got any) {
	t.Helper()
	var want any
	if err := json.Unmarshal([]byte(c.Want), &want); err != nil {
		t.Fatalf("cannot read what is wanted: %v", err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-9, 1e-9)); diff != "" {
		t.Errorf("%s\n%s\nstates %s, variables %s: -want, +got:\n%s", c.Reason, c.Expression, c.States, c.Variables, diff)
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	if text == "" {
		return map[string]any{}
	}
	var members map[string]any
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		t.Fatalf("cannot read %s: %v", text, err)
	}
	return members
}

// of one expression, the cases.
func of(expression asl.Expr, cases map[string]Case) map[string]Case {
	all := maps.Clone(cases)
	for name, c := range all {
		c.Expression = expression
		all[name] = c
	}
	return all
}

// written is JSON.
func written(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // Only texts, numbers, and lists and objects of them are written.
	}
	return string(data)
}
