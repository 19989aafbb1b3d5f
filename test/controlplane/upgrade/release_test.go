package upgrade

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// root of the repository.
const root = "../../.."

// A release of the past.
type release struct {
	// dir has its files.
	dir string

	// function is its executable.
	function string
}

// build the release of a tag or commit, from a copy of its files.
func build(t *testing.T, revision string) release {
	t.Helper()
	dir := t.TempDir()
	r := release{dir: filepath.Join(dir, "files"), function: filepath.Join(dir, "function")}
	// An index of its own: the work tree and its index stay as they are.
	index := "GIT_INDEX_FILE=" + filepath.Join(dir, "index")
	run(t, root, index, "git", "read-tree", revision)
	run(t, root, index, "git", "checkout-index", "--all", "--prefix="+r.dir+"/")
	t.Logf("building the function of %s", revision)
	run(t, r.dir, "", "go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", r.function, "./fn")
	return r
}

func run(t *testing.T, dir, env, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, out)
	}
}

// cache is the path of something in the repository's .cache.
func cache(t *testing.T, elem ...string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(append([]string{root, ".cache"}, elem...)...))
	claims.Must(t, err)
	return path
}
