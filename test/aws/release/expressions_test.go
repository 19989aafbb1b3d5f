package release

import (
	"bytes"
	"encoding/json"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/expressions"
)

// An evaluation is what evaluate.js takes of an expression.
type evaluation struct {
	Expression string         `json:"expression"`
	Variables  map[string]any `json:"variables"`
}

// evaluated is what it makes of it.
type evaluated struct {
	Value any    `json:"value"`
	Error string `json:"error"`
}

// TestExpressions evaluates each expression of a release with the reference implementation of JSONata, in the version that Step Functions
// says it runs. What comes of it must be what our own interpreter makes of it.
func TestExpressions(t *testing.T) {
	cases := expressions.All()
	names := slices.Sorted(maps.Keys(cases))
	var all []evaluation
	for _, name := range names {
		states, variables := cases[name].Scope(t)
		variables["states"] = states
		all = append(all, evaluation{Expression: string(cases[name].Expression), Variables: variables})
	}
	for i, got := range evaluate(t, all) {
		t.Run(names[i], func(t *testing.T) {
			if got.Error != "" {
				t.Fatalf("%s\n%s: %s", cases[names[i]].Reason, all[i].Expression, got.Error)
			}
			cases[names[i]].Check(t, got.Value)
		})
	}
}

func evaluate(t *testing.T, all []evaluation) (results []evaluated) {
	t.Helper()
	runNode(t, "jsonata/evaluate.js", all, &results)
	if len(results) != len(all) {
		t.Fatalf("want %d values, got %d", len(all), len(results))
	}
	return results
}

// runNode gives a program in .cache an input as JSON, and reads its output.
func runNode(t *testing.T, program string, input, output any) {
	t.Helper()
	given, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	var failure bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", filepath.Join(root, ".cache", program))
	node.Stdin, node.Stderr = bytes.NewReader(given), &failure
	written, err := node.Output()
	if err != nil {
		t.Fatalf("cannot run %s: %v\n%s", program, err, &failure)
	}
	if err := json.Unmarshal(written, output); err != nil {
		t.Fatal(err)
	}
}
