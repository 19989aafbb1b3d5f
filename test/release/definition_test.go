package release

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// TestDefinition checks the structure of the state machines in every rendered case that has some.
func TestDefinition(t *testing.T) {
	cases, err := golden.Cases("../..")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, c := range cases {
		r := load(t, c.Name())
		for _, machine := range machineNames {
			if r.definition(machine) == "" {
				continue
			}
			seen++
			t.Run(c.Name()+"/"+machine, func(t *testing.T) {
				if diff := cmp.Diff([]string(nil), r.machine(t, machine).Check()); diff != "" {
					t.Errorf("-want, +got:\n%s", diff)
				}
			})
		}
	}
	if seen == 0 {
		t.Error("no rendered case has a state machine")
	}
}

// TestKeepsNoVariables checks that no state keeps a whole answer, and none keeps what may have the variables of a function, but as a hash.
// Step Functions itself records each answer once: see docs/audit.md.
func TestKeepsNoVariables(t *testing.T) {
	cases, err := golden.Cases("../..")
	if err != nil {
		t.Fatal(err)
	}
	runner := sdk.New("", "")
	looked := 0
	for _, c := range cases {
		r := load(t, c.Name())
		for _, machine := range machineNames {
			if r.definition(machine) == "" {
				continue
			}
			for _, k := range r.machine(t, machine).Kept() {
				if runner.HasVariables(k.Resource) {
					looked++
				}
				for _, problem := range tooMuch(runner, k) {
					t.Errorf("%s: the %s: %s", c.Name(), machine, problem)
				}
			}
		}
	}
	if looked == 0 {
		t.Error("no call has an answer with variables")
	}
}

// tooMuch is what a state keeps of an answer, and should not.
func tooMuch(runner *sdk.Runner, k interpreter.Kept) []string {
	var problems []string
	for _, path := range k.Paths {
		if len(path) == 0 {
			problems = append(problems, k.State+" keeps the whole answer")
			continue
		}
		if !runner.HasVariables(k.Resource) {
			continue
		}
		tells, err := runner.Tells(k.Resource, path)
		if err != nil {
			problems = append(problems, k.State+": "+err.Error())
		}
		if tells {
			problems = append(problems, k.State+" keeps "+strings.Join(path, ".")+", which may have variables")
		}
	}
	return problems
}

// TestTooMuch checks what is found in a state that looks at a version of a function.
func TestTooMuch(t *testing.T) {
	cases := map[string]struct {
		reason, operation, keeps string
		want                     []string
	}{
		"Member": {reason: "A member without variables may be kept.", operation: "getFunctionConfiguration", keeps: `"Assign": {"x": "{% $states.result.State %}"}, "Output": {}`},
		"Inner":  {reason: "One of each item too.", operation: "listVersionsByFunction", keeps: `"Assign": {"x": "{% [$states.result.Versions.Version] %}"}, "Output": {}`},
		"NoOutput": {
			reason: "Without an output the next state gets the answer.", operation: "getFunctionConfiguration", keeps: `"Assign": {"x": "{% $states.result.State %}"}`,
			want: []string{"A keeps the whole answer"},
		},
		"Whole": {
			reason: "So does a variable that is the answer.", operation: "getFunctionConfiguration", keeps: `"Assign": {"x": "{% $states.result %}"}, "Output": {}`,
			want: []string{"A keeps the whole answer"},
		},
		"Part": {
			reason: "And a part in which they are.", operation: "listVersionsByFunction", keeps: `"Output": {"x": "{% $states.result.Versions[0] %}"}`,
			want: []string{"A keeps Versions, which may have variables"},
		},
		"Made": {
			reason: "A value that is made of them tells them.", operation: "getFunctionConfiguration",
			keeps: `"Assign": {"x": "{% $string($states.result.Environment.Variables) %}"}, "Output": {}`,
			want:  []string{"A keeps Environment.Variables, which may have variables"},
		},
		"Hash": {
			reason: "A hash tells nothing that the answer, which is recorded beside it, does not tell.", operation: "getFunctionConfiguration",
			keeps: `"Assign": {"x": "{% $hash($string($states.result.Environment.Variables), 'SHA-256') %}"}, "Output": {}`,
		},
		"Unknown": {
			reason: "A member must exist.", operation: "getFunctionConfiguration", keeps: `"Output": {"x": "{% $states.result.Surroundings %}"}`,
			want: []string{"A: the answer to arn:aws:states:::aws-sdk:lambda:getFunctionConfiguration has no Surroundings"},
		},
	}
	runner := sdk.New("", "")
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, err := interpreter.Parse([]byte(`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:lambda:`+
				tc.operation+`", `+tc.keeps+`, "End": true}}}`), runner.Resources())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, tooMuch(runner, m.Kept()[0])); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
