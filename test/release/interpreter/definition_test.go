package interpreter

import (
	"strings"
	"testing"
)

const doIt = "arn:aws:states:::aws-sdk:test:do"

// machine returns a definition that begins with a state A, in JSON.
func machine(states string) string {
	return `{"QueryLanguage": "JSONata", "StartAt": "A", "TimeoutSeconds": 1000, "States": {` + states + `}}`
}

const end = `"End": {"Type": "Succeed"}`

func TestParseRefuses(t *testing.T) {
	task := func(fields string) string {
		return machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", "Next": "End"` + fields + `}, ` + end)
	}
	output := func(expression string) string {
		return machine(`"A": {"Type": "Succeed", "Output": {"x": ["{% ` + expression + ` %}"]}}`)
	}
	cases := map[string]struct {
		reason     string
		definition string
		want       string
	}{
		"QueryLanguage":    {"Only JSONata is known.", `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, "query language"},
		"TopLevelField":    {"Unknown fields are refused.", `{"Version": "1.0"}`, "Version"},
		"StartAt":          {"The first state must be there.", machine(end), "StartAt"},
		"Type":             {"Unknown types are refused.", machine(`"A": {"Type": "Parallel"}`), "Parallel"},
		"StateField":       {"Unknown fields are refused.", task(`, "ResultPath": "$"`), "ResultPath"},
		"FieldOfOtherType": {"Fields of another type are refused.", machine(`"A": {"Type": "Succeed", "Next": "A"}`), "Next"},
		"RetrierField":     {"Unknown fields are refused.", task(`, "Retry": [{"ErrorEquals": ["States.ALL"], "Times": 1}]`), "Times"},
		"Integration":      {"Unknown integrations are refused.", strings.ReplaceAll(task(""), ":do", ":dont"), "test:dont"},
		"Dangling":         {"The next state must be there.", machine(`"A": {"Type": "Pass", "Next": "B"}`), `"B"`},
		"NextAndEnd":       {"A state goes on or ends.", machine(`"A": {"Type": "Pass", "Next": "A", "End": true}`), "either Next or End"},
		"AllNotAlone":      {"States.ALL stands alone.", task(`, "Catch": [{"ErrorEquals": ["States.ALL", "X"], "Next": "End"}]`), "ErrorEquals"},
		"AllNotLast":       {"States.ALL comes last.", task(`, "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["X"]}]`), "ErrorEquals"},
		"Jitter":           {"Unknown strategies are refused.", task(`, "Retry": [{"ErrorEquals": ["States.ALL"], "JitterStrategy": "SOME"}]`), "JitterStrategy"},
		"PartlyExpression": {"An expression is a whole string.", machine(`"A": {"Type": "Succeed", "Output": "{% 1 %} "}`), "whole string"},
		"Syntax":           {"Expressions are parsed.", output("1 +"), "cannot parse expression"},
		"UnknownFunction":  {"Unknown functions are refused.", output("$eval('1')"), "$eval"},
		"UnknownVariable":  {"Variables that nobody sets are refused.", output("$nope"), "$nope"},
		"UnknownMember":    {"Unknown members of $states are refused.", output("$states.output"), `"output"`},
		"MemberElsewhere":  {"A result is there only in a task.", output("$states.result"), `"result"`},
		"UnknownContext":   {"Unknown members of the context are refused.", output("$states.context.Execution.Size"), `"Size"`},
		"WholeStates":      {"$states has members only.", output("$string($states)"), "$states as a whole"},
		"Name":             {"There is no data around an expression.", output("foo.bar"), `"foo"`},
		"Context":          {"There is no data around an expression.", output("$.foo"), "uses $ where"},
		"AssignStates":     {"$states is no variable.", machine(`"A": {"Type": "Pass", "Assign": {"states": 1}, "Next": "End"}, ` + end), "assigns $states"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(tc.definition), []string{doIt})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s\nwant an error with %q, got %v", tc.reason, tc.want, err)
			}
		})
	}
}

func TestParseAccepts(t *testing.T) {
	cases := map[string]struct {
		reason     string
		expression string
	}{
		"Locals":    {"Blocks and functions have variables of their own.", "($f := function($x) { $x + 1 }; $f(1))"},
		"Predicate": {"In a predicate there is data.", "$states.input.list[v = 'x' and $.k = 'y'].k"},
		"Context":   {"The context is there.", "$states.context.Execution.Input.foo & $states.context.State.Name"},
		"Sort":      {"In a sort there is data.", "$states.input.list^(v)"},
		"Step":      {"In a path there is data.", "$states.input.list.{'a': k}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			definition := machine(`"A": {"Type": "Succeed", "Output": "{% ` + tc.expression + ` %}"}`)
			if _, err := Parse([]byte(definition), nil); err != nil {
				t.Errorf("%s\n%v", tc.reason, err)
			}
		})
	}
}
