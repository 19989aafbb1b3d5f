package release

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
