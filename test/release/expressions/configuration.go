package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

// scheduled is what an execution that a schedule has started knows of settings.
func scheduled(members string) string {
	return `{"context": {"Execution": {"Input": {"action": "configuration"` + members + `}}}}`
}

const seenSettings = `, "settings": "a", "newestVersion": "10", "versionsWith": ["10"], "versionsWithout": ["9", "8"]`

func isKnown() map[string]Case {
	cases := of(logic.IsKnown, map[string]Case{
		"Known":     {Reason: "It was released with the version that serves.", Variables: `{"knownSettings": "a", "tried": 9, "knownVersion": 9}`, Want: `true`},
		"TakenBack": {Reason: "It was released, and taken back to an older version.", Variables: `{"knownSettings": "a", "tried": 9, "knownVersion": 10}`, Want: `true`},
		"Newer":     {Reason: "A newer version may have another one.", Variables: `{"knownSettings": "a", "tried": 10, "knownVersion": 9}`, Want: `false`},
		"Changed":   {Reason: "It has changed.", Variables: `{"knownSettings": "b", "tried": 9, "knownVersion": 9}`, Want: `false`},
		"Never":     {Reason: "None was released.", Variables: `{"knownSettings": "", "tried": 9, "knownVersion": 0}`, Want: `false`},
	})
	for name, c := range cases {
		c.States = scheduled(seenSettings)
		cases[name] = c
	}
	cases["EarlierSchedule"] = Case{
		Reason: "A schedule of an earlier release of this package knows of no settings.", Expression: logic.IsKnown,
		States: scheduled(""), Variables: `{"knownSettings": "", "tried": 9, "knownVersion": 9}`, Want: `false`,
	}
	return cases
}

func knownVersion() map[string]Case {
	return of(logic.KnownVersion, map[string]Case{
		"Known": {Reason: "It is a number.", States: `{"result": {"Item": {"version": {"S": "10"}}}}`, Want: `10`},
		"Never": {Reason: "Without an item it is older than all.", States: noItem, Want: `0`},
	})
}

func notSeen() map[string]Case {
	return of(logic.NotSeen, map[string]Case{
		"Newest":          {Reason: "The newest was seen.", States: scheduled(seenSettings), Variables: `{"tried": 10}`, Want: `false`},
		"Older":           {Reason: "Numbers are no text.", States: scheduled(seenSettings), Variables: `{"tried": 9}`, Want: `false`},
		"Newer":           {Reason: "A newer one was not.", States: scheduled(seenSettings), Variables: `{"tried": 11}`, Want: `true`},
		"EarlierSchedule": {Reason: "A schedule of an earlier release of this package has seen none.", States: scheduled(""), Variables: `{"tried": 1}`, Want: `true`},
	})
}

func hasSettings() map[string]Case {
	return of(logic.HasSettings, map[string]Case{
		"With":    {Reason: "It is among those that have them.", States: scheduled(seenSettings), Variables: `{"tried": 10}`, Want: `true`},
		"Without": {Reason: "It is among the others.", States: scheduled(seenSettings), Variables: `{"tried": 9}`, Want: `false`},
		"None":    {Reason: "There may be none that has them.", States: scheduled(`, "settings": "a", "newestVersion": "1"`), Variables: `{"tried": 1}`, Want: `false`},
	})
}

func isPublished() map[string]Case {
	return of(logic.IsPublished, map[string]Case{
		"Published": {Reason: "The newest version has them.", States: scheduled(seenSettings), Want: `true`},
		"Changing":  {Reason: "Only an older version has them.", States: scheduled(`, "settings": "a", "newestVersion": "11", "versionsWith": ["10"]`), Want: `false`},
		"Nothing":   {Reason: "None has.", States: scheduled(`, "settings": "a", "newestVersion": "0"`), Want: `false`},
	})
}

func isUnclear() map[string]Case {
	return of(logic.IsUnclear, map[string]Case{
		"Clear":   {Reason: "It has others, and these were not remembered.", States: scheduled(seenSettings), Variables: `{"tried": 9, "knownSettings": "b"}`, Want: `false`},
		"Never":   {Reason: "So if nothing was remembered.", States: scheduled(seenSettings), Variables: `{"tried": 8, "knownSettings": ""}`, Want: `false`},
		"Unknown": {Reason: "Nobody has seen its settings.", States: scheduled(seenSettings), Variables: `{"tried": 7, "knownSettings": "b"}`, Want: `true`},
		"Nothing": {Reason: "Nor those of any other.", States: scheduled(`, "settings": "a", "newestVersion": "9"`), Variables: `{"tried": 9, "knownSettings": ""}`, Want: `true`},
		"Earlier": {
			Reason: "What an earlier release of this package has remembered cannot be compared.", States: scheduled(seenSettings),
			Variables: `{"tried": 9, "knownSettings": "Runtime nodejs24.x, Handler index.handler, MemorySize 512"}`, Want: `true`,
		},
	})
}

func unclear() map[string]Case {
	const after = ". Nothing is released by itself. To release what the claim asks for, push to the branch, or choose Release change in CodePipeline"
	return of(logic.Unclear, map[string]Case{
		"Unknown": {
			Reason: "People should hear of which version nothing is known.", States: scheduled(seenSettings), Variables: `{"tried": 7}`,
			Want: written("nobody has seen which settings version 7 has, which is live" + after),
		},
		"Earlier": {
			Reason: "Or that it has others.", States: scheduled(seenSettings), Variables: `{"tried": 9}`,
			Want: written("version 9, which is live, has other settings than the claim asks for. It is not known whether these were released and taken back before an upgrade of the packages" + after),
		},
	})
}
