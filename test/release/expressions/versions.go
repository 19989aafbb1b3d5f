package expressions

import (
	"maps"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// Answers of Lambda about an alias.
const (
	oneVersion  = `{"result": {"FunctionVersion": "9"}}`
	noWeights   = `{"result": {"FunctionVersion": "9", "RoutingConfig": {"AdditionalVersionWeights": {}}}}`
	emptyRoutes = `{"result": {"FunctionVersion": "9", "RoutingConfig": {}}}`
	twoVersions = `{"result": {"FunctionVersion": "9", "RoutingConfig": {"AdditionalVersionWeights": {"10": 0.1}}}}`
	noWeight    = `{"result": {"FunctionVersion": "9", "RoutingConfig": {"AdditionalVersionWeights": {"10": 0}}}}`
)

func isShifting() map[string]Case {
	return of(logic.IsShifting, map[string]Case{
		"OneVersion":  {Reason: "One version has all traffic.", States: oneVersion, Want: `false`},
		"NoWeights":   {Reason: "No other has a weight.", States: noWeights, Want: `false`},
		"EmptyRoutes": {Reason: "Nor here.", States: emptyRoutes, Want: `false`},
		"TwoVersions": {Reason: "Another has a weight.", States: twoVersions, Want: `true`},
		"NoWeight":    {Reason: "Another is about to get some.", States: noWeight, Want: `true`},
	})
}

func isStillLive() map[string]Case {
	return of(logic.IsStillLive, map[string]Case{
		"Live":    {Reason: "It has all traffic.", Variables: `{"targetVersion": "9"}`, States: oneVersion, Want: `true`},
		"Other":   {Reason: "Another has it.", Variables: `{"targetVersion": "10"}`, States: oneVersion, Want: `false`},
		"Leaving": {Reason: "It shares it with another.", Variables: `{"targetVersion": "9"}`, States: twoVersions, Want: `false`},
		"Coming":  {Reason: "It has some of it.", Variables: `{"targetVersion": "10"}`, States: twoVersions, Want: `false`},
	})
}

func hasNoTraffic() map[string]Case {
	return of(logic.HasNoTraffic("$targetVersion"), map[string]Case{
		"Other":   {Reason: "Another has all traffic.", Variables: `{"targetVersion": "10"}`, States: oneVersion, Want: `true`},
		"Live":    {Reason: "It has all of it.", Variables: `{"targetVersion": "9"}`, States: oneVersion, Want: `false`},
		"Coming":  {Reason: "It has some of it.", Variables: `{"targetVersion": "10"}`, States: twoVersions, Want: `false`},
		"Third":   {Reason: "The alias is not whole yet, whichever versions it has.", Variables: `{"targetVersion": "11"}`, States: twoVersions, Want: `false`},
		"Unknown": {Reason: "A version that is not known has none, if one has all.", Variables: `{"targetVersion": ""}`, States: oneVersion, Want: `true`},
	})
}

func candidateServing() map[string]Case {
	return of(logic.CandidateServing, map[string]Case{
		"OneVersion":  {Reason: "There is none.", States: oneVersion, Want: `""`},
		"NoWeights":   {Reason: "Nor here.", States: noWeights, Want: `""`},
		"EmptyRoutes": {Reason: "Nor here.", States: emptyRoutes, Want: `""`},
		"TwoVersions": {Reason: "The other one is.", States: twoVersions, Want: `"10"`},
	})
}

func traffic() map[string]Case {
	return of(logic.Traffic, map[string]Case{
		"OneVersion":  {Reason: "One version is named.", States: oneVersion, Want: `"version 9"`},
		"EmptyRoutes": {Reason: "And here.", States: emptyRoutes, Want: `"version 9"`},
		"TwoVersions": {Reason: "The other has a share.", States: twoVersions, Want: `"version 9, and version 10 with 10 % of traffic"`},
		"NoWeight":    {Reason: "Or none.", States: noWeight, Want: `"version 9, and version 10 with 0 % of traffic"`},
	})
}

func newestServing() map[string]Case {
	return of(logic.NewestServing, map[string]Case{
		"OneVersion":  {Reason: "The only version serves.", States: oneVersion, Want: `9`},
		"NoWeights":   {Reason: "So it does here.", States: noWeights, Want: `9`},
		"EmptyRoutes": {Reason: "And here.", States: emptyRoutes, Want: `9`},
		"TwoVersions": {Reason: "Traffic shifts to the other.", States: twoVersions, Want: `10`},
	})
}

func old() map[string]Case {
	cases := of(logic.Old(3, 2, ""), map[string]Case{
		"None":      {Reason: "Of no version none goes.", Variables: `{"versions": []}`, Want: `[]`},
		"NoVersion": {Reason: "$LATEST is no version.", Variables: `{"versions": ["$LATEST"]}`, Want: `[]`},
		"One":       {Reason: "One stays.", Variables: `{"versions": ["$LATEST", "1"]}`, Want: `[]`},
		"Few":       {Reason: "So do as many as are to stay.", Variables: `{"versions": ["$LATEST", "1", "2", "3"]}`, Want: `[]`},
		"OneMore":   {Reason: "Of one more, the oldest goes, as a list.", Variables: `{"versions": ["$LATEST", "1", "2", "3", "4"]}`, Want: `[1]`},
		"Numbers":   {Reason: "Versions are compared as numbers.", Variables: `{"versions": ["$LATEST", "100", "9", "10", "8", "11"]}`, Want: `[9, 8]`},
		"Limit":     {Reason: "Only so many go at once, from the newest on.", Variables: `{"versions": ["1", "2", "3", "4", "5", "6", "7"]}`, Want: `[4, 3]`},
		"Gaps":      {Reason: "Versions that are gone do not count.", Variables: `{"versions": ["1", "50", "60", "70"]}`, Want: `[1]`},
	})
	maps.Copy(cases, of(logic.Old(1, 3, logic.InUse), map[string]Case{
		"InUse":   {Reason: "What is in use stays, as old as it is.", Variables: `{"versions": ["$LATEST", "1", "2", "3", "10"], "serving": "10", "kept": ["2"]}`, Want: `[3, 1]`},
		"Serving": {Reason: "So does what is not older than what serves.", Variables: `{"versions": ["1", "2", "3", "10"], "serving": "2", "kept": ["2"]}`, Want: `[1]`},
		"AllInUse": {
			Reason: "All may be in use.", Variables: `{"versions": ["1", "2"], "serving": "1", "kept": []}`, Want: `[]`,
		},
		"InUseCounts": {
			Reason:    "What is in use counts among the newest, and among those that go at once.",
			Variables: `{"versions": ["1", "2", "3", "4", "5"], "serving": "5", "kept": ["5", "4"]}`, Want: `[3, 2]`,
		},
	}))
	return cases
}

func inUse() map[string]Case {
	return of(logic.InUse, map[string]Case{
		"Older":     {Reason: "An old version that nobody needs is not.", Variables: `{"v": 3, "serving": "10", "kept": ["10", "9"]}`, Want: `false`},
		"Kept":      {Reason: "One that is kept is.", Variables: `{"v": 9, "serving": "10", "kept": ["10", "9"]}`, Want: `true`},
		"Serves":    {Reason: "So is the one that serves.", Variables: `{"v": 10, "serving": "10", "kept": []}`, Want: `true`},
		"Newer":     {Reason: "And a newer one, compared as a number.", Variables: `{"v": 10, "serving": "9", "kept": []}`, Want: `true`},
		"NoneKept":  {Reason: "None may be kept.", Variables: `{"v": 3, "serving": "10", "kept": []}`, Want: `false`},
		"EmptyKept": {Reason: "A version that is not known keeps none.", Variables: `{"v": 3, "serving": "10", "kept": ["10", ""]}`, Want: `false`},
	})
}

func kept() map[string]Case {
	return of(logic.Kept, map[string]Case{
		"All": {
			Reason: "All that are known are kept.", Variables: `{"about": ["1", "2"]}`,
			States: `{"result": {"Item": {"version": {"S": "2"}, "previousVersion": {"S": "1"}}}}`, Want: `["1", "2", "2", "1"]`,
		},
		"NoItem":     {Reason: "The history may have no item.", Variables: `{"about": ["1", "2"]}`, States: `{"result": {}}`, Want: `["1", "2"]`},
		"OneVersion": {Reason: "One is a list too.", Variables: `{"about": ["2"]}`, States: `{"result": {}}`, Want: `["2"]`},
		"Nothing":    {Reason: "None is one too.", Variables: `{"about": []}`, States: `{"result": {}}`, Want: `[]`},
	})
}
