package awsmodel

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStates checks the state machine of every golden case that has one.
func TestStates(t *testing.T) {
	check(t, CheckStates)
}

// TestCheckStateMachine changes one thing of a state machine that is fine.
func TestCheckStateMachine(t *testing.T) {
	const fine = `{"QueryLanguage":"JSONata","StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:lambda:getAlias","Arguments":{"Name":"live"},"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":2}],"Next":"B"},
		"B":{"Type":"Choice","Choices":[{"Condition":"{% true %}","Next":"C"}],"Default":"D"},
		"C":{"Type":"Wait","Seconds":5,"Next":"D"},
		"D":{"Type":"Succeed"}}}`

	cases := map[string]struct {
		reason   string
		old, new string
		want     []string
	}{
		"Fine":      {"What is fine is no finding.", "", "", nil},
		"NotJSON":   {"It is JSON.", "{", "", []string{"is not JSON: invalid character ':' after top-level value"}},
		"NoStart":   {"A machine starts somewhere.", `"StartAt":"A",`, "", []string{"/: missing property 'StartAt'"}},
		"Type":      {"States have types that exist.", `"Type":"Succeed"`, `"Type":"Success"`, []string{"/States/D/Type: value must be one of 'Pass', 'Task', 'Wait', 'Choice', 'Succeed', 'Fail', 'Parallel', 'Map'"}},
		"Field":     {"A state has the fields of its type.", `"Seconds":5`, `"Seconds":5,"Retries":3`, []string{"/States/C: additional properties 'Retries' not allowed"}},
		"Language":  {"JSONata has no paths, and others no arguments.", `"Arguments"`, `"Parameters"`, []string{"/States/A/Parameters: false schema"}},
		"JSONPath":  {"The machine's language is its states'.", `"Condition":"{% true %}",`, `"Variable":"$.a","IsNull":true,`, []string{"/States/B/Choices/0: missing property 'Condition'"}},
		"Condition": {"A choice has a condition.", `"Condition":"{% true %}",`, "", []string{"/States/B/Choices/0: missing property 'Condition'"}},
		"NoEnd":     {"A state has one that follows, or is the end.", `"Seconds":5,"Next":"D"`, `"Seconds":5`, []string{"/States/C: want one of Next, End"}},
		"TwoEnds":   {"And not both.", `"Seconds":5,`, `"Seconds":5,"End":true,`, []string{"/States/C: want one of Next, End"}},
		"TooLong":   {"Waits end.", `"Seconds":5`, `"Seconds":100000000`, []string{"/States/C/Seconds: maximum: got 1×10⁰⁸, want 9.9999999×10⁰⁷"}},
		"Resource":  {"Tasks name what they call.", "arn:aws:states:::aws-sdk:lambda:getAlias", "aws-sdk:lambda:getAlias", []string{`/States/A/Resource: 'aws-sdk:lambda:getAlias' does not match pattern '^arn:aws(-[a-z]+)*:([a-z]|-)+:([a-z]|[0-9]|-)*:[0-9]*:([a-z]|-)+:[a-zA-Z0-9-_.]+(:(\\$LATEST|[a-zA-Z0-9-_\\.]+))?$'`}},
		"Partition": {"In any partition.", "arn:aws:", "arn:aws-us-gov:", nil},
		"Errors":    {"Retries name errors.", `"ErrorEquals":["States.ALL"],`, "", []string{"/States/A/Retry/0: missing property 'ErrorEquals'"}},
		"NameTooLong": {
			"Names are short.", `"D":{"Type":"Succeed"}`, `"` + strings.Repeat("D", 81) + `":{"Type":"Succeed"}`,
			[]string{"/States: additional properties '" + strings.Repeat("D", 81) + "' not allowed"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := CheckStateMachine(strings.Replace(fine, tc.old, tc.new, 1))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
