package main

import (
	"encoding/json"
	"testing"
)

func TestGuardrailTables(t *testing.T) {
	g := guardrails{}
	err := json.Unmarshal([]byte(`{
		"rules": [
			{"Name": "allowedCakes", "Fields": ["cakes[].name", "icing"], "How": "matches", "Separate": ["a*", "b"]},
			{"Name": "require.oven", "Fields": ["icing"], "How": "is true", "Separate": true},
			{"Name": "allowedBowls", "Fields": ["bowl"], "How": "matches"}],
		"unlimited": [{"Why": "it is water", "Fields": ["water"]}]}`), &g)
	checkText(t, g.ruleTable(), err,
		"| rule | fields of the claim | a value keeps it if it | under `separateTeams` |",
		"|---|---|---|---|",
		"| `allowedCakes` | `cakes[].name`, `icing` | matches | `a*`, `b` |",
		"| `require.oven` | `icing` | is true | `true` |",
		"| `allowedBowls` | `bowl` | matches | — |",
	)
	checkText(t, g.fieldTable(), err,
		"| field | rule |",
		"|---|---|",
		"| `bowl` | `allowedBowls` |",
		"| `cakes[].name` | `allowedCakes` |",
		"| `icing` | `allowedCakes`, `require.oven` |",
		"| `water` | none: it is water |",
	)
}
