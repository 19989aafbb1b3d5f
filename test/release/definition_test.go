package release

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDefinition checks the structure of the state machine in every rendered case that has one.
func TestDefinition(t *testing.T) {
	files, err := filepath.Glob("../render/*/expected.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find rendered cases: %v", err)
	}
	seen := 0
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		r := load(t, name)
		if len(r.definition()) == 0 {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff([]string(nil), r.machine(t).Check()); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
	if seen == 0 {
		t.Error("no rendered case has a state machine")
	}
}
