package install

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestUpgradeDiff asks what the next version would change of a claim, with the script that docs/packages.md names.
func TestUpgradeDiff(t *testing.T) {
	installed(t)
	c := fileReady(t, "compared")
	before := c.Resources(t)

	if out := difference(t, c, shared.Path("function-same"), filepath.Join(shared.Root, ".cache", "bin", "function")); out != "" {
		t.Errorf("the same version changes something:\n%s", out)
	}
	out := difference(t, c, shared.Path("function-next"), nextFunction(t))
	t.Logf("what the next version changes:\n%s", out)
	changed := []string{}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "+") || strings.HasPrefix(line, "-") {
			changed = append(changed, strings.TrimSpace(line))
		}
	}
	// Blue and green.
	if got := strings.Join(changed, "\n"); got != "+    description: next\n+    description: next" {
		t.Errorf("want just two descriptions, got:\n%s", got)
	}
	same(t, before, c.Resources(t))
}

// difference that the script prints between this checkout and another in this folder, which has another program of the function.
func difference(t *testing.T, c claims.Claim, checkout, function string) string {
	t.Helper()
	bin := filepath.Join(shared.Root, ".cache", "bin")
	render := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, "render"), "./test/render/cmd/render")
	render.Dir = shared.Root
	claims.Must(t, render.Run())

	claims.Must(t, os.MkdirAll(filepath.Join(checkout, ".cache", "bin"), 0o700))
	for to, from := range map[string]string{
		"apis":                       filepath.Join(shared.Root, "apis"),
		"examples":                   filepath.Join(shared.Root, "examples"),
		".cache/bin/crossplane":      filepath.Join(bin, "crossplane"),
		".cache/bin/crossplane-core": filepath.Join(bin, "crossplane-core"),
		".cache/bin/render":          filepath.Join(bin, "render"),
		".cache/bin/function":        function,
	} {
		claims.Must(t, os.Symlink(from, filepath.Join(checkout, to)))
	}

	script := exec.CommandContext(t.Context(), filepath.Join(shared.Root, "examples", "upgrade", "diff.sh"),
		c.GetNamespace(), c.GetName(), shared.Root, checkout)
	script.Env = append(os.Environ(), "KUBECONFIG="+shared.Kubeconfig, "PATH="+bin+":"+os.Getenv("PATH"))
	stderr := &strings.Builder{}
	script.Stderr = stderr
	out, err := script.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr)
	}
	return string(out)
}
