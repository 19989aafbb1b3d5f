package expressions

import "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"

func wanted() map[string]Case {
	return of(logic.Wanted, map[string]Case{
		"Text":    {Reason: "A person may name a version as text.", States: `{"input": {"targetVersion": "7"}}`, Want: `"7"`},
		"Number":  {Reason: "Or as a number.", States: `{"input": {"targetVersion": 7}}`, Want: `"7"`},
		"Missing": {Reason: "Or none.", States: `{"input": {}}`, Want: `""`},
	})
}

// Items of the history that say what is live.
const (
	live    = `{"result": {"Item": {"version": {"S": "9"}, "previousVersion": {"S": "8"}, "at": {"S": "2026-01-02T03:04:05.000Z"}, "commitId": {"S": "abc"}}}}`
	other   = `{"result": {"Item": {"version": {"S": "10"}, "previousVersion": {"S": "9"}, "at": {"S": "2026-01-02T03:04:05.000Z"}, "commitId": {"S": "abc"}}}}`
	earlier = `{"result": {"Item": {"version": {"S": "9"}, "previousVersion": {"S": "8"}, "at": {"S": "2026-01-02T03:04:05.000Z"}}}}`
	back    = `{"result": {"Item": {"version": {"S": "9"}, "previousVersion": {"S": ""}, "at": {"S": "2026-01-02T03:04:05.000Z"}, "commitId": {"S": ""}}}}`
	noItem  = `{"result": {}}`
)

func goTo() map[string]Case {
	return of(logic.GoTo, map[string]Case{
		"Previous":   {Reason: "The version that was live before is the way back.", Variables: `{"wanted": "", "goFrom": "9"}`, States: live, Want: `"8"`},
		"Wanted":     {Reason: "A person knows better.", Variables: `{"wanted": "3", "goFrom": "9"}`, States: live, Want: `"3"`},
		"OfOther":    {Reason: "What is said of another version is of no use.", Variables: `{"wanted": "", "goFrom": "9"}`, States: other, Want: `""`},
		"AfterBack":  {Reason: "Behind a version that was gone back to, none is known to be good.", Variables: `{"wanted": "", "goFrom": "9"}`, States: back, Want: `""`},
		"NoItem":     {Reason: "Without a history nothing is known.", Variables: `{"wanted": "", "goFrom": "9"}`, States: noItem, Want: `""`},
		"WantedOnly": {Reason: "But what a person names.", Variables: `{"wanted": "3", "goFrom": "9"}`, States: noItem, Want: `"3"`},
	})
}

func badSince() map[string]Case {
	return of(logic.BadSince, map[string]Case{
		"Live":    {Reason: "It is bad since it went live.", Variables: `{"goFrom": "9"}`, States: live, Want: `"2026-01-02T03:04:05.000Z"`},
		"OfOther": {Reason: "What is said of another version is of no use.", Variables: `{"goFrom": "9"}`, States: other, Want: `""`},
		"NoItem":  {Reason: "Without a history nothing is known.", Variables: `{"goFrom": "9"}`, States: noItem, Want: `""`},
	})
}

func badCommit() map[string]Case {
	return of(logic.BadCommit, map[string]Case{
		"Live":    {Reason: "The item has the commit.", Variables: `{"goFrom": "9", "badCommit": ""}`, States: live, Want: `"abc"`},
		"Both":    {Reason: "A shift that was stopped has another.", Variables: `{"goFrom": "9", "badCommit": "def"}`, States: live, Want: `"def abc"`},
		"Twice":   {Reason: "Or the same.", Variables: `{"goFrom": "9", "badCommit": "abc"}`, States: live, Want: `"abc"`},
		"Back":    {Reason: "Of a version that was gone back to it has none.", Variables: `{"goFrom": "9", "badCommit": ""}`, States: back, Want: `""`},
		"Earlier": {Reason: "One of an earlier release of ours has none.", Variables: `{"goFrom": "9", "badCommit": ""}`, States: earlier, Want: `""`},
		"OfOther": {Reason: "What is said of another version is of no use.", Variables: `{"goFrom": "9", "badCommit": "def"}`, States: other, Want: `"def"`},
		"NoItem":  {Reason: "Without a history nothing is known.", Variables: `{"goFrom": "9", "badCommit": ""}`, States: noItem, Want: `""`},
		"Shift":   {Reason: "But what the shift was of.", Variables: `{"goFrom": "9", "badCommit": "def"}`, States: noItem, Want: `"def"`},
	})
}

func isRollback() map[string]Case {
	return of(logic.IsRollback("Back to version "), map[string]Case{
		"CodeDeploys": {Reason: "CodeDeploy undoes a deployment.", States: `{"result": {"DeploymentInfo": {"Creator": "codeDeployRollback", "Description": "d-1"}}}`, Want: `true`},
		"Ours":        {Reason: "A state machine takes production back.", States: `{"result": {"DeploymentInfo": {"Creator": "user", "Description": "Back to version 8, by x"}}}`, Want: `true`},
		"Release":     {Reason: "A release is none.", States: `{"result": {"DeploymentInfo": {"Creator": "user", "Description": "Release x"}}}`, Want: `false`},
		"Console":     {Reason: "A person in the console need not describe it.", States: `{"result": {"DeploymentInfo": {"Creator": "user"}}}`, Want: `false`},
	})
}

func shiftsFrom() map[string]Case {
	return of(logic.ShiftsFrom, map[string]Case{
		"Recorded": {Reason: "The history knows.", Variables: `{"goFrom": "9", "candidate": ""}`, States: `{"result": {"Item": {"fromVersion": {"S": "8"}}}}`, Want: `"8"`},
		"NoItem":   {Reason: "The alias has both.", Variables: `{"goFrom": "9", "candidate": "10"}`, States: noItem, Want: `"9"`},
		"Unknown":  {Reason: "Before and after traffic shifts nobody knows.", Variables: `{"goFrom": "9", "candidate": ""}`, States: noItem, Want: `""`},
	})
}

func direction() map[string]Case {
	return of("["+logic.IsForward+", "+logic.IsBackward+"]", map[string]Case{
		"Forward":  {Reason: "A newer version gets traffic.", Variables: `{"goFrom": "10", "goTo": "9"}`, Want: `[true, false]`},
		"Backward": {Reason: "An older one gets it back.", Variables: `{"goFrom": "9", "goTo": "10"}`, Want: `[false, true]`},
		"Same":     {Reason: "One version is neither.", Variables: `{"goFrom": "9", "goTo": "9"}`, Want: `[false, false]`},
		"NoFrom":   {Reason: "Nor is what is not known.", Variables: `{"goFrom": "", "goTo": "9"}`, Want: `[false, false]`},
		"NoTo":     {Reason: "On either side.", Variables: `{"goFrom": "9", "goTo": ""}`, Want: `[false, false]`},
	})
}

func older() map[string]Case {
	return of("["+logic.Older+", "+logic.Newer+"]", map[string]Case{
		"Release":  {Reason: "Versions are compared as numbers.", Variables: `{"goFrom": "9", "candidate": "10"}`, Want: `["9", "10"]`},
		"Rollback": {Reason: "Whichever way traffic went.", Variables: `{"goFrom": "10", "candidate": "9"}`, Want: `["9", "10"]`},
	})
}

func shiftsTo() map[string]Case {
	return of(logic.ShiftsTo, map[string]Case{
		"Recorded": {Reason: "The history knows.", Variables: `{"candidate": "10"}`, States: `{"result": {"Item": {"toVersion": {"S": "11"}}}}`, Want: `"11"`},
		"Bare":     {Reason: "An item may not have it yet.", Variables: `{"candidate": "10"}`, States: `{"result": {"Item": {"status": {"S": "Created"}}}}`, Want: `"10"`},
		"NoItem":   {Reason: "The alias has it.", Variables: `{"candidate": "10"}`, States: noItem, Want: `"10"`},
		"Unknown":  {Reason: "Before traffic shifts nobody knows.", Variables: `{"candidate": ""}`, States: noItem, Want: `""`},
	})
}

func isWayBack() map[string]Case {
	return of(logic.IsWayBack, map[string]Case{
		"Other":   {Reason: "Another version is one.", Variables: `{"goTo": "8", "goFrom": "9"}`, Want: `true`},
		"Same":    {Reason: "The same is none.", Variables: `{"goTo": "9", "goFrom": "9"}`, Want: `false`},
		"Unknown": {Reason: "Nor is one that is not known.", Variables: `{"goTo": "", "goFrom": "9"}`, Want: `false`},
	})
}

func isOlder() map[string]Case {
	return of(logic.IsOlder, map[string]Case{
		"Older":   {Reason: "9 is older than 10, as a number.", Variables: `{"goFrom": "10"}`, States: `{"result": {"Version": "9"}}`, Want: `true`},
		"Newer":   {Reason: "10 is newer than 9.", Variables: `{"goFrom": "9"}`, States: `{"result": {"Version": "10"}}`, Want: `false`},
		"Digits":  {Reason: "So is 100.", Variables: `{"goFrom": "99"}`, States: `{"result": {"Version": "100"}}`, Want: `false`},
		"Same":    {Reason: "The same is not older.", Variables: `{"goFrom": "9"}`, States: `{"result": {"Version": "9"}}`, Want: `false`},
		"Latest":  {Reason: "$LATEST is newer than all.", Variables: `{"goFrom": "9"}`, States: `{"result": {"Version": "$LATEST"}}`, Want: `false`},
		"Biggest": {Reason: "Also of many digits.", Variables: `{"goFrom": "1000000"}`, States: `{"result": {"Version": "999999"}}`, Want: `true`},
	})
}

func held() map[string]Case {
	all := logic.HeldAt + " & '/' & " + logic.HeldCommit + " & '/' & (" + logic.HeldFor + ")"
	return of(all, map[string]Case{
		"RolledBack": {
			Reason: "A rollback is told in words.",
			States: `{"result": {"Item": {"at": {"S": "2026-01-02T03:04:05.000Z"}, "commitId": {"S": "abc"}, "fromVersion": {"S": "9"}, "requestedBy": {"S": "ada"}, "reason": {"S": "5 % fail"}}}}`,
			Want:   `"2026-01-02T03:04:05.000Z/abc/version 9 was taken back at 2026-01-02T03:04:05.000Z by ada: 5 % fail"`,
		},
		"NoCommit": {
			Reason: "Its commit may not be known.",
			States: `{"result": {"Item": {"at": {"S": "now"}, "fromVersion": {"S": "9"}, "requestedBy": {"S": "ada"}, "reason": {"S": "why"}}}}`,
			Want:   `"now//version 9 was taken back at now by ada: why"`,
		},
		"Never": {Reason: "There may have been none.", States: noItem, Want: `"//"`},
	})
}

func begunAt() map[string]Case {
	return of(logic.BegunAt, map[string]Case{
		"Found": {
			Reason: "The release's run is among others.", Variables: `{"pipelineExecutionId": "b"}`,
			States: `{"result": {"PipelineExecutionSummaries": [{"PipelineExecutionId": "a", "StartTime": "1"}, {"PipelineExecutionId": "b", "StartTime": "2026-01-02T03:04:05.678Z"}]}}`,
			Want:   `"2026-01-02T03:04:05.678Z"`,
		},
		"Missing": {
			Reason: "One that is too old is not.", Variables: `{"pipelineExecutionId": "c"}`,
			States: `{"result": {"PipelineExecutionSummaries": [{"PipelineExecutionId": "a", "StartTime": "1"}]}}`, Want: `""`,
		},
		"None": {Reason: "There may be none.", Variables: `{"pipelineExecutionId": "c"}`, States: `{"result": {"PipelineExecutionSummaries": []}}`, Want: `""`},
	})
}

func isHeld() map[string]Case {
	return of(logic.IsHeld, map[string]Case{
		"Before":     {Reason: "A run that began a second before knows nothing of it.", Variables: `{"commitId": "new", "heldCommit": "bad", "begunAt": "2026-01-02T03:04:04.999Z", "heldAt": "2026-01-02T03:04:05.000Z"}`, Want: `true`},
		"SameSecond": {Reason: "One of the same second may go.", Variables: `{"commitId": "new", "heldCommit": "bad", "begunAt": "2026-01-02T03:04:05Z", "heldAt": "2026-01-02T03:04:05.999Z"}`, Want: `false`},
		"After":      {Reason: "So may a later one.", Variables: `{"commitId": "new", "heldCommit": "bad", "begunAt": "2026-01-02T03:04:06+00:00", "heldAt": "2026-01-02T03:04:05.999Z"}`, Want: `false`},
		"NextYear":   {Reason: "Also over the end of a year.", Variables: `{"commitId": "new", "heldCommit": "bad", "begunAt": "2027-01-01T00:00:00Z", "heldAt": "2026-12-31T23:59:59.999Z"}`, Want: `false`},
		"TooOld":     {Reason: "One that is not known any more is older.", Variables: `{"commitId": "new", "heldCommit": "bad", "begunAt": "", "heldAt": "2026-01-02T03:04:05.000Z"}`, Want: `true`},
		"SameCommit": {Reason: "What was taken back is held, as late as its run began.", Variables: `{"commitId": "bad", "heldCommit": "bad", "begunAt": "2026-02-02T03:04:05Z", "heldAt": "2026-01-02T03:04:05.000Z"}`, Want: `true`},
		"OneOfTwo":   {Reason: "So is each of two.", Variables: `{"commitId": "bad", "heldCommit": "worse bad", "begunAt": "2026-02-02T03:04:05Z", "heldAt": "2026-01-02T03:04:05.000Z"}`, Want: `true`},
		"Unknown":    {Reason: "The commit that was taken back may not be known.", Variables: `{"commitId": "new", "heldCommit": "", "begunAt": "2026-02-02T03:04:05Z", "heldAt": "2026-01-02T03:04:05.000Z"}`, Want: `false`},
	})
}
