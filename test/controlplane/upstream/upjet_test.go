package upstream

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDeterministicNames reads in the provider's source whether upjet tells crossplane-runtime that a role's name is not AWS's to choose.
func TestDeterministicNames(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/upbound/provider-aws/v2")
	cmd.Dir = "../../.."
	dir, err := cmd.Output()
	must(t, err)
	b, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "controller", "cluster", "iam", "role", "zz_controller.go"))
	must(t, err)
	source := string(b)
	if !strings.Contains(source, "managed.NewReconciler(") {
		t.Fatal("the provider's controllers are not generated as they were: look for WithDeterministicExternalName")
	}
	if strings.Contains(source, "WithDeterministicExternalName") {
		t.Error("upjet goes on with an interrupted creation: see docs/upstream.md")
	}
}
