package release

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// TestDefinition checks the structure of the state machine in every rendered case that has one.
func TestDefinition(t *testing.T) {
	cases, err := golden.Cases("../..")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, c := range cases {
		r := load(t, c.Name())
		if len(r.definition()) == 0 {
			continue
		}
		seen++
		t.Run(c.Name(), func(t *testing.T) {
			if diff := cmp.Diff([]string(nil), r.machine(t).Check()); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
	if seen == 0 {
		t.Error("no rendered case has a state machine")
	}
}
