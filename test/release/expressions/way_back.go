package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

// shifts are answers of DynamoDB's with items of deployments to and from version 2.
const (
	shifts = `{"result": {"Responses": {"my-table": [` +
		`{"status": {"S": "Succeeded"}, "startedAt": {"S": "2026-01-02T03:00:00Z"}, "fromVersion": {"S": "1"}, "toVersion": {"S": "2"}},` +
		`{"status": {"S": "Succeeded"}, "startedAt": {"S": "2026-01-02T05:00:00.123Z"}, "fromVersion": {"S": "2"}, "toVersion": {"S": "1"}, "requestedBy": {"S": "ada"}, "rollbackOf": {"S": ""}},` +
		`{"status": {"S": "Succeeded"}, "startedAt": {"S": "2026-01-02T04:00:00Z"}, "fromVersion": {"S": "1"}, "toVersion": {"S": "2"}, "rollbackOf": {"S": ""}},` +
		`{"status": {"S": "Stopped"}, "startedAt": {"S": "2026-01-02T06:00:00Z"}, "fromVersion": {"S": "1"}, "toVersion": {"S": "2"}},` +
		`{"status": {"S": "Failed"}, "startedAt": {"S": "2026-01-02T06:30:00Z"}, "fromVersion": {"S": "2"}, "toVersion": {"S": "1"}, "requestedBy": {"S": "ada"}},` +
		`{"status": {"S": "Succeeded"}, "startedAt": {"S": "2026-01-02T07:00:00Z"}, "fromVersion": {"S": "2"}, "toVersion": {"S": "3"}, "rollbackOf": {"S": ""}}` +
		`]}}}`
	undone    = `{"result": {"Responses": {"my-table": [{"status": {"S": "Succeeded"}, "startedAt": {"S": "2026-01-02T03:00:00Z"}, "fromVersion": {"S": "2"}, "toVersion": {"S": "1"}, "rollbackOf": {"S": "d-1"}}]}}}`
	noShifts  = `{"result": {"Responses": {"my-table": []}}}`
	noVersion = `{"result": {"Responses": {"my-table": [{"status": {"S": "Succeeded"}, "startedAt": {"S": "2026-01-02T03:00:00Z"}}]}}}`
)

func lastLive() map[string]Case {
	return of(logic.LastLive("my-table"), map[string]Case{
		"Latest":    {Reason: "The latest deployment that has succeeded counts, in whatever order they come.", Variables: `{"goTo": "2", "lastLive": ""}`, States: shifts, Want: `"2026-01-02T04:00:00"`},
		"Before":    {Reason: "One that was read before may be later.", Variables: `{"goTo": "2", "lastLive": "2026-01-02T05:00:00"}`, States: shifts, Want: `"2026-01-02T05:00:00"`},
		"After":     {Reason: "Or earlier.", Variables: `{"goTo": "2", "lastLive": "2026-01-02T03:30:00"}`, States: shifts, Want: `"2026-01-02T04:00:00"`},
		"Never":     {Reason: "A version that no deployment has made live was never live.", Variables: `{"goTo": "7", "lastLive": ""}`, States: shifts, Want: `""`},
		"NoItems":   {Reason: "Items may have expired.", Variables: `{"goTo": "2", "lastLive": ""}`, States: noShifts, Want: `""`},
		"NoVersion": {Reason: "An item may not say of which version it is.", Variables: `{"goTo": "2", "lastLive": ""}`, States: noVersion, Want: `""`},
		"NoAnswer":  {Reason: "DynamoDB may have processed nothing.", Variables: `{"goTo": "2", "lastLive": ""}`, States: `{"result": {"Responses": {}}}`, Want: `""`},
	})
}

func lastBack() map[string]Case {
	return of(logic.LastBack("my-table"), map[string]Case{
		"Asked":    {Reason: "Somebody has taken it back. A release that replaces it does not, nor does a rollback that has failed.", Variables: `{"goTo": "2", "lastBack": ""}`, States: shifts, Want: `"2026-01-02T05:00:00"`},
		"Undone":   {Reason: "CodeDeploy has.", Variables: `{"goTo": "2", "lastBack": ""}`, States: undone, Want: `"2026-01-02T03:00:00"`},
		"Replaced": {Reason: "Only what leaves a version takes it back.", Variables: `{"goTo": "1", "lastBack": ""}`, States: shifts, Want: `""`},
		"Before":   {Reason: "One that was read before may be later.", Variables: `{"goTo": "2", "lastBack": "2026-01-02T09:00:00"}`, States: undone, Want: `"2026-01-02T09:00:00"`},
	})
}

func wasLive() map[string]Case {
	return of(logic.WasLive, map[string]Case{
		"Live":     {Reason: "It was live.", Variables: `{"lastLive": "2026-01-02T03:00:00", "lastBack": ""}`, Want: `true`},
		"Again":    {Reason: "It was live again after it was taken back.", Variables: `{"lastLive": "2026-01-02T03:00:01", "lastBack": "2026-01-02T03:00:00"}`, Want: `true`},
		"Back":     {Reason: "It was taken back.", Variables: `{"lastLive": "2026-01-02T03:00:00", "lastBack": "2026-01-02T03:00:01"}`, Want: `false`},
		"Together": {Reason: "Who cannot tell does not let it pass.", Variables: `{"lastLive": "2026-01-02T03:00:00", "lastBack": "2026-01-02T03:00:00"}`, Want: `false`},
		"Never":    {Reason: "It was never live.", Variables: `{"lastLive": "", "lastBack": ""}`, Want: `false`},
	})
}

func unread() map[string]Case {
	const left = `{"result": {"UnprocessedKeys": {"my-table": {"Keys": [{"id": {"S": "b"}}]}}}}`
	return of(logic.Unread("my-table", "id", 2), map[string]Case{
		"Rest":        {Reason: "The first were read.", Variables: `{"unread": ["d", "c", "b", "a"]}`, States: `{"result": {"UnprocessedKeys": {}}}`, Want: `["b", "a"]`},
		"None":        {Reason: "All were read.", Variables: `{"unread": ["a"]}`, States: `{"result": {"UnprocessedKeys": {}}}`, Want: `[]`},
		"Unprocessed": {Reason: "What DynamoDB has not processed stays unread.", Variables: `{"unread": ["c", "b", "a"]}`, States: left, Want: `["b", "a"]`},
		"Alone":       {Reason: "One is a list.", Variables: `{"unread": ["c", "b"]}`, States: left, Want: `["b"]`},
	})
}

func outputOf() map[string]Case {
	const (
		once  = `{"result": {"ActionExecutionDetails": [{"ActionName": "Deploy", "Status": "Succeeded", "StartTime": "2026-01-02T03:00:00Z", "Output": {"OutputVariables": {"FunctionVersion": "2"}}}]}}`
		again = `{"result": {"ActionExecutionDetails": [` +
			`{"ActionName": "Deploy", "Status": "Succeeded", "StartTime": "2026-01-02T03:00:00Z", "Output": {"OutputVariables": {"FunctionVersion": "2"}}},` +
			`{"ActionName": "Deploy", "Status": "Failed", "StartTime": "2026-01-02T05:00:00Z", "Output": {"OutputVariables": {"FunctionVersion": "4"}}},` +
			`{"ActionName": "Deploy", "Status": "Succeeded", "StartTime": "2026-01-02T04:00:00Z", "Output": {"OutputVariables": {"FunctionVersion": "3"}}},` +
			`{"ActionName": "Shift", "Status": "Succeeded", "StartTime": "2026-01-02T06:00:00Z", "Output": {"OutputVariables": {"FunctionVersion": "5"}}}` +
			`]}}`
		none   = `{"result": {"ActionExecutionDetails": []}}`
		silent = `{"result": {"ActionExecutionDetails": [{"ActionName": "Deploy", "Status": "Succeeded", "StartTime": "2026-01-02T03:00:00Z"}]}}`
	)
	return of(logic.OutputOf("Deploy", "FunctionVersion"), map[string]Case{
		"Once":   {Reason: "The action has run once.", States: once, Want: `"2"`},
		"Again":  {Reason: "Of several runs the last one counts that has succeeded.", States: again, Want: `"3"`},
		"None":   {Reason: "It has not run.", States: none, Want: `""`},
		"Silent": {Reason: "It has put nothing out.", States: silent, Want: `""`},
	})
}
