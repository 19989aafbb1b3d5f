package interpreter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	const handled = `"Retry": [{"ErrorEquals": ["States.ALL"]}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}]`
	cases := map[string]struct {
		reason     string
		definition string
		want       []string
	}{
		"Good": {
			reason: "A loop may go on as long as it waits and a choice can leave it.",
			definition: machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", ` + handled + `, "Assign": {"x": 1}, "Next": "B"},
				"B": {"Type": "Choice", "Choices": [{"Condition": "{% $x = 1 %}", "Next": "End"}], "Default": "C"},
				"C": {"Type": "Wait", "Seconds": 1, "Next": "A"}, ` + end),
		},
		"NoTimeLimit": {
			reason:     "An execution must not run for a year.",
			definition: `{"QueryLanguage": "JSONata", "StartAt": "End", "States": {` + end + `}}`,
			want:       []string{"the state machine has no time limit"},
		},
		"Unreachable": {
			reason:     "A state that nothing leads to is a mistake.",
			definition: machine(`"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}`),
			want:       []string{`state "B" cannot be reached`},
		},
		"NotHandled": {
			reason:     "Calls fail.",
			definition: machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", "End": true}`),
			want:       []string{`state "A" must have Retry, and Catch everything`},
		},
		"NoDefault": {
			reason:     "None of the rules may hold.",
			definition: machine(`"A": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "End"}]}, ` + end),
			want:       []string{`state "A" must have a Default`},
		},
		"Endless": {
			reason:     "A loop needs a way out.",
			definition: machine(`"A": {"Type": "Wait", "Seconds": 1, "Next": "A"}`),
			want:       []string{`state "A" cannot come to an end`, `state "A" is in a loop that no Choice leaves`},
		},
		"Busy": {
			reason:     "A loop must not call AWS as fast as it can.",
			definition: machine(`"A": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "A"}], "Default": "End"}, ` + end),
			want:       []string{`state "A" is in a loop without a Wait`},
		},
		"MayBeUnset": {
			reason: "A variable must be set on every way to where it is used.",
			definition: machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", ` + handled + `, "Assign": {"x": 1}, "Next": "End"},
				"End": {"Type": "Succeed", "Output": "{% $x %}"}`),
			want: []string{`state "End" uses $x, which may not be set`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, err := Parse([]byte(tc.definition), []string{doIt})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, m.Check()); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
