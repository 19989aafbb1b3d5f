package asl

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// marshal writes JSON as the release does: for people to read.
func marshal(t *testing.T, v any) string {
	t.Helper()
	b := &bytes.Buffer{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatalf("cannot marshal: %v", err)
	}
	return strings.TrimSpace(b.String())
}

func TestMarshal(t *testing.T) {
	cases := map[string]struct {
		reason string
		value  any
		want   string
	}{
		"StateMachine": {
			reason: "States are told apart by their type.",
			value: StateMachine{
				Comment: "c", QueryLanguage: JSONata, StartAt: "A", TimeoutSeconds: 60,
				States: map[string]State{"B": Succeed{}, "A": Pass{Next: "B"}},
			},
			want: `{"Comment":"c","QueryLanguage":"JSONata","StartAt":"A","TimeoutSeconds":60,"States":{` +
				`"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}`,
		},
		"Task": {
			reason: "A task says what it calls and what happens then.",
			value: Task{
				Comment:        "c",
				Resource:       "arn:aws:states:::lambda:invoke",
				Arguments:      map[string]any{"Text": "t", "Value": Expr("$x < 1 & 'a'")},
				TimeoutSeconds: 5,
				Retry: []Retrier{
					{ErrorEquals: []string{"A.B"}, MaxAttempts: new(0)},
					{ErrorEquals: []string{ErrAll}, IntervalSeconds: 2, MaxDelaySeconds: 60, MaxAttempts: new(8), BackoffRate: 1.5, JitterStrategy: "FULL"},
				},
				Catch: []Catcher{
					{ErrorEquals: []string{"A.B"}, Assign: Variables{"error": Expr("$states.errorOutput")}, Next: "M"},
					{ErrorEquals: []string{ErrAll}, Next: "N"},
				},
				Assign: Variables{"n": 0, "m": Expr("$n + 1")},
				Output: Output{"p": "$states.result.P"},
				Next:   "O",
			},
			want: `{"Type":"Task","Comment":"c","Resource":"arn:aws:states:::lambda:invoke",` +
				`"Arguments":{"Text":"t","Value":"{% $x < 1 & 'a' %}"},"TimeoutSeconds":5,` +
				`"Retry":[{"ErrorEquals":["A.B"],"MaxAttempts":0},` +
				`{"ErrorEquals":["States.ALL"],"IntervalSeconds":2,"MaxDelaySeconds":60,"MaxAttempts":8,"BackoffRate":1.5,"JitterStrategy":"FULL"}],` +
				`"Catch":[{"ErrorEquals":["A.B"],"Assign":{"error":"{% $states.errorOutput %}"},"Next":"M"},{"ErrorEquals":["States.ALL"],"Next":"N"}],` +
				`"Assign":{"m":"{% $n + 1 %}","n":0},"Output":{"p":"{% $states.result.P %}"},"Next":"O"}`,
		},
		"BareTask": {
			reason: "What a task does not say is left to Step Functions, but that it hands nothing on.",
			value:  Task{Resource: "r", Next: "N"},
			want:   `{"Type":"Task","Resource":"r","Output":{},"Next":"N"}`,
		},
		"Choice": {
			reason: "A choice has rules, in their order, and a default.",
			value:  Choice{Comment: "c", Choices: []Rule{{Condition: "$b >= 1", Next: "B"}, {Condition: "$a", Next: "A"}}, Default: "D"},
			want:   `{"Type":"Choice","Comment":"c","Choices":[{"Condition":"{% $b >= 1 %}","Next":"B"},{"Condition":"{% $a %}","Next":"A"}],"Default":"D"}`,
		},
		"Wait": {
			reason: "A wait says how long, even if that is nothing.",
			value:  Wait{Seconds: 0, Next: "N"},
			want:   `{"Type":"Wait","Seconds":0,"Next":"N"}`,
		},
		"Pass": {
			reason: "A pass sets variables.",
			value:  Pass{Assign: Variables{"spec": map[string]Expr{"v": "$v"}}, Next: "N"},
			want:   `{"Type":"Pass","Assign":{"spec":{"v":"{% $v %}"}},"Next":"N"}`,
		},
		"Succeed": {
			reason: "An output is optional.",
			value:  Succeed{Output: map[string]Expr{"id": "$id"}},
			want:   `{"Type":"Succeed","Output":{"id":"{% $id %}"}}`,
		},
		"Fail": {
			reason: "A failure says what and why.",
			value:  Fail{Error: Quote("E"), Cause: "$cause"},
			want:   `{"Type":"Fail","Error":"{% \"E\" %}","Cause":"{% $cause %}"}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, marshal(t, tc.value)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
