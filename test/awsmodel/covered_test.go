package awsmodel

import "testing"

// TestCovered checks that there is something to check: the golden cases render each kind in the table, and whatever else is
// looked for.
func TestCovered(t *testing.T) {
	fields := map[string]map[string]bool{}
	for _, resources := range rendered(t) {
		for _, m := range resources {
			if fields[m.Kind()] == nil {
				fields[m.Kind()] = map[string]bool{}
			}
			for field := range m.Spec.ForProvider {
				fields[m.Kind()][field] = true
			}
		}
	}
	for kind := range Kinds() {
		if fields[kind] == nil {
			t.Errorf("no golden case renders a %s", kind)
		}
	}
	for kind, documents := range policies {
		for field := range documents {
			if !fields[kind][field] {
				t.Errorf("no golden case renders %s of a %s", field, kind)
			}
		}
	}
	if !fields[machineKind][machineField] {
		t.Errorf("no golden case renders %s of a %s", machineField, machineKind)
	}
	if !fields[dashboardKind][dashboardField] {
		t.Errorf("no golden case renders %s of a %s", dashboardField, dashboardKind)
	}
}
