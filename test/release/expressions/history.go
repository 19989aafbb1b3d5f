package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

func keys() map[string]Case {
	return of(logic.Keys("id", 2), map[string]Case{
		"Many": {Reason: "The first are asked for.", Variables: `{"unread": ["c", "b", "a"]}`, Want: `[{"id": {"S": "c"}}, {"id": {"S": "b"}}]`},
		"One":  {Reason: "One is a list too.", Variables: `{"unread": ["a"]}`, Want: `[{"id": {"S": "a"}}]`},
	})
}

func pending() map[string]Case {
	const (
		none  = `{"result": {"Responses": {"my-table": []}}}`
		final = `{"result": {"Responses": {"my-table": [{"deploymentId": {"S": "b"}, "status": {"S": "Stopped"}}]}}}`
		both  = `{"result": {"Responses": {"my-table": [{"deploymentId": {"S": "b"}, "status": {"S": "Stopped"}}, {"deploymentId": {"S": "a"}, "status": {"S": "InProgress"}}]}}}`
	)
	return of(logic.Pending("my-table", []string{"Succeeded", "Stopped"}, 3, 4), map[string]Case{
		"Unknown":   {Reason: "What the history does not know is pending.", Variables: `{"unread": ["b", "a"], "pending": []}`, States: none, Want: `["b", "a"]`},
		"One":       {Reason: "One is a list.", Variables: `{"unread": ["a"], "pending": []}`, States: none, Want: `["a"]`},
		"Final":     {Reason: "What it knows the end of is not.", Variables: `{"unread": ["c", "b", "a"], "pending": []}`, States: final, Want: `["c", "a"]`},
		"None":      {Reason: "It may know the end of all.", Variables: `{"unread": ["b"], "pending": []}`, States: final, Want: `[]`},
		"Running":   {Reason: "What it has no end of is pending.", Variables: `{"unread": ["b", "a"], "pending": []}`, States: both, Want: `["a"]`},
		"NoAnswer":  {Reason: "So is what DynamoDB has not looked for.", Variables: `{"unread": ["a"], "pending": []}`, States: `{"result": {"Responses": {}}}`, Want: `["a"]`},
		"Event":     {Reason: "The event's deployment stays the first, and counts once.", Variables: `{"unread": ["c", "a"], "pending": ["a"]}`, States: none, Want: `["a", "c"]`},
		"EventOnly": {Reason: "It stays without others.", Variables: `{"unread": ["b"], "pending": ["a"]}`, States: final, Want: `["a"]`},
		"NotAsked":  {Reason: "Nothing is known of what was not asked for.", Variables: `{"unread": ["d", "c", "a", "z"], "pending": []}`, States: none, Want: `["d", "c", "a"]`},
		"Limit":     {Reason: "No more than so many are pending.", Variables: `{"unread": ["e", "d", "c"], "pending": ["a", "b"]}`, States: none, Want: `["a", "b", "e", "d"]`},
	})
}

func about() map[string]Case {
	const (
		both   = `{"result": {"DeploymentTargets": [{"LambdaTarget": {"LambdaFunctionInfo": {"CurrentVersion": "1", "TargetVersion": "2"}}}]}}`
		target = `{"result": {"DeploymentTargets": [{"LambdaTarget": {"LambdaFunctionInfo": {"TargetVersion": "2"}}}]}}`
	)
	return of(logic.About, map[string]Case{
		"First":      {Reason: "A deployment is about two versions.", Variables: `{"about": []}`, States: both, Want: `["1", "2"]`},
		"Next":       {Reason: "Those of the next are added.", Variables: `{"about": ["2", "3"]}`, States: both, Want: `["2", "3", "1", "2"]`},
		"OneVersion": {Reason: "One is a list too.", Variables: `{"about": []}`, States: target, Want: `["2"]`},
		"Unknown":    {Reason: "So is none.", Variables: `{"about": []}`, States: `{"result": {}}`, Want: `[]`},
	})
}

func hasShifted() map[string]Case {
	const (
		event = `{"context": {"Execution": {"Input": {"detail": {"deploymentId": "d-1", "state": "SUCCESS"}}}}}`
		early = `{"context": {"Execution": {"Input": {"detail": {"deploymentId": "d-1", "state": "START"}}}}}`
		daily = `{"context": {"Execution": {"Input": {"detail": {}}}}}`

		succeeded = `{"deploymentId": "d-1", "deployment": {"Status": "Succeeded"}, "shifted": false}`
		stopped   = `{"deploymentId": "d-1", "deployment": {"Status": "Stopped"}, "shifted": false}`
		before    = `{"deploymentId": "d-1", "deployment": {"Status": "Stopped"}, "shifted": true}`
		other     = `{"deploymentId": "d-2", "deployment": {"Status": "Succeeded"}, "shifted": false}`
	)
	return of(logic.HasShifted, map[string]Case{
		"Event":  {Reason: "An event tells of a shift.", Variables: succeeded, States: event, Want: `true`},
		"Early":  {Reason: "An earlier event that comes late does not.", Variables: succeeded, States: early, Want: `false`},
		"Failed": {Reason: "What has not succeeded is none.", Variables: stopped, States: event, Want: `false`},
		"Before": {Reason: "One that was recorded before may have been one.", Variables: before, States: event, Want: `true`},
		"Daily":  {Reason: "The daily look finds one.", Variables: succeeded, States: daily, Want: `true`},
		"Missed": {Reason: "So does the event of another deployment, whatever it tells of that.", Variables: other, States: early, Want: `true`},
	})
}
