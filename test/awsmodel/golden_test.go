package awsmodel

import (
	"sync"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// rendered golden cases, by name, which are not to be changed.
func rendered(t *testing.T) map[string][]Managed {
	t.Helper()
	cases, err := readRendered()
	if err != nil || len(cases) == 0 {
		t.Fatalf("no golden case renders a managed resource: %v", err)
	}
	return cases
}

// readRendered once: it takes longer than any test of what is rendered.
var readRendered = sync.OnceValues(func() (map[string][]Managed, error) {
	all, err := golden.Cases("../..")
	if err != nil {
		return nil, err
	}
	cases := map[string][]Managed{}
	for _, c := range all {
		resources, err := readCase(c)
		if err != nil {
			return nil, err
		}
		if len(resources) > 0 {
			cases[c.Name()] = resources
		}
	}
	return cases, nil
})

// readCase is what is expected of a case. A claim that is refused has none.
func readCase(c golden.Case) ([]Managed, error) {
	expected, err := c.Expected()
	if err != nil {
		return nil, err
	}
	return ReadManaged(expected)
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
