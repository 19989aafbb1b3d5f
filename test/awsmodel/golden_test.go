package awsmodel

import (
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// rendered golden cases, by name.
func rendered(t *testing.T) map[string][]Managed {
	t.Helper()
	all, err := golden.Cases("../..")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]Managed{}
	for _, c := range all {
		if resources := managedIn(t, c); len(resources) > 0 {
			cases[c.Name()] = resources
		}
	}
	if len(cases) == 0 {
		t.Fatal("no golden case renders a managed resource")
	}
	return cases
}

// managedIn what is expected of a case. A claim that is refused has none.
func managedIn(t *testing.T, c golden.Case) []Managed {
	t.Helper()
	expected, err := c.Expected()
	if err != nil {
		t.Fatal(err)
	}
	resources, err := ReadManaged(expected)
	if err != nil {
		t.Fatal(err)
	}
	return resources
}

// check every managed resource of every golden case.
func check(t *testing.T, findings func(Managed) []string) {
	t.Helper()
	for name, resources := range rendered(t) {
		t.Run(name, func(t *testing.T) {
			for _, m := range resources {
				for _, finding := range findings(m) {
					t.Errorf("%s %s: %s", m.Kind(), m.Metadata.Name, finding)
				}
			}
		})
	}
}
