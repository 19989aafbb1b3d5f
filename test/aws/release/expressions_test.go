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

func evaluate(t *testing.T, all []evaluation) []evaluated {
	t.Helper()
	input, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	var failure bytes.Buffer
	node := exec.CommandContext(t.Context(), "node", filepath.Join(root, ".cache", "jsonata", "evaluate.js"))
	node.Stdin, node.Stderr = bytes.NewReader(input), &failure
	output, err := node.Output()
	if err != nil {
		t.Fatalf("cannot evaluate expressions: %v\n%s", err, &failure)
	}
	var results []evaluated
	if err := json.Unmarshal(output, &results); err != nil {
		t.Fatal(err)
	}
	if len(results) != len(all) {
		t.Fatalf("want %d values, got %d", len(all), len(results))
	}
	return results
}
