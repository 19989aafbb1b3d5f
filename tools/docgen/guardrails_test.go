package main

import (
	"encoding/json"
	"testing"
)

func TestGuardrailTables(t *testing.T) {
	g := guardrails{}
	err := json.Unmarshal([]byte(`{
		"rules": [
			{"name": "allowedCakes", "fields": ["cakes[].name", "icing"], "how": "matches", "separate": ["a*", "b"]},
			{"name": "require.oven", "fields": ["icing"], "how": "is true", "separate": true},
			{"name": "allowedBowls", "fields": ["bowl"], "how": "matches"}],
		"unlimited": [{"why": "it is water", "fields": ["water"]}]}`), &g)
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
