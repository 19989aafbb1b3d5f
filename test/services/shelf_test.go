package services

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// A repository of the shelf is one file in shelf/<language>: the smallest form of something that people build. Its files follow this, in
// the format of txtar.
type repository struct {
	// Reason that it is on the shelf: what must come out, and why that is right.
	Reason string `json:"reason"`

	// Spec of the claim: its source.directory, service and build.
	Spec map[string]any `json:"spec"`

	// Prepare are shell commands that make, in the repository, what a text file cannot hold: a link, a program, a file's mode.
	Prepare []string `json:"prepare"`

	// Fails has texts of the build's output that say why it fails. None: the build succeeds.
	Fails []string `json:"fails"`

	// Prints has texts of the output of a build that succeeds.
	Prints []string `json:"prints"`

	// Ships has files that the artifact must have, Lacks those that it must not have.
	Ships []string `json:"ships"`
	Lacks []string `json:"lacks"`

	// Answers is what the handler answers to the event {}, in Lambda's emulator. None: it is not started.
	Answers any `json:"answers"`
}

// TestShelf builds each repository on the shelf as CodeBuild would, and runs what is shipped.
func TestShelf(t *testing.T) {
	for _, s := range services {
		paths, err := filepath.Glob(filepath.Join("shelf", s.example, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			t.Run(s.example+"/"+strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
				t.Parallel()
				s.need(t)
				s.try(t, path)
			})
		}
	}
}

// try a repository of the shelf.
func (s service) try(t *testing.T, path string) {
	t.Helper()
	dir := sourceFolder(t)
	r := s.unpack(t, path, dir)
	code, err := codeOf(r.Spec)
	if err != nil {
		t.Fatal(err)
	}
	spec, err := readBuildspec(code.buildspec)
	if err != nil {
		t.Fatal(err)
	}
	output, err := spec.run(t, dir, variablesOf(r.Spec)...)
	if (err != nil) != (len(r.Fails) > 0) {
		t.Fatalf("%s\nthe build ended with %v, want it to fail: %t\n%s", r.Reason, err, len(r.Fails) > 0, output)
	}
	for _, want := range append(r.Fails, r.Prints...) {
		if !strings.Contains(output, want) {
			t.Errorf("%s\nthe build did not print %q:\n%s", r.Reason, want, output)
		}
	}
	if len(r.Fails) > 0 {
		return
	}
	shipped := spec.shipped(dir)
	checkFiles(t, r, shipped)
	if r.Answers != nil {
		f := start(t, shipped, s.client(handlerOf(r.Spec)))
		checkJSON(t, r, f.send(t, json.RawMessage(`{}`)))
	}
}

// sourceFolder is named as CodeBuild names the folder of a repository: its parts are like those of a repository's own paths.
func sourceFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "output", "src824215837", "src")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// unpack the repository at a path into a directory.
func (s service) unpack(t *testing.T, path, dir string) repository {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r repository
	if err := yaml.UnmarshalStrict(archive.Comment, &r); err != nil {
		t.Fatalf("cannot read what %s says before its files: %v", path, err)
	}
	for _, f := range archive.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if s.prepare != nil {
		prepare(t, s.prepare(dir), dir)
	}
	for _, command := range r.Prepare {
		prepare(t, exec.Command("sh", "-euc", command), dir)
	}
	return r
}

func prepare(t *testing.T, cmd *exec.Cmd, dir string) {
	t.Helper()
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cannot prepare the build: %v\n%s", err, out)
	}
}

func checkFiles(t *testing.T, r repository, shipped string) {
	t.Helper()
	for _, name := range r.Ships {
		info, err := os.Lstat(filepath.Join(shipped, name))
		if err != nil || info.Mode()&os.ModeSymlink != 0 {
			t.Errorf("%s\nthe artifact must have %s, as a file: %v", r.Reason, name, err)
		}
	}
	for _, name := range r.Lacks {
		if _, err := os.Lstat(filepath.Join(shipped, name)); err == nil {
			t.Errorf("%s\nthe artifact must not have %s", r.Reason, name)
		}
	}
}

func checkJSON(t *testing.T, r repository, answer []byte) {
	t.Helper()
	var got any
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatalf("%s\nthe function answers %q", r.Reason, answer)
	}
	if diff := gocmp.Diff(r.Answers, got); diff != "" {
		t.Errorf("%s\nanswer: -want, +got:\n%s", r.Reason, diff)
	}
}

// variablesOf the claim's builds.
func variablesOf(spec map[string]any) []string {
	build, _ := spec["build"].(map[string]any)
	variables, _ := build["environment"].(map[string]any)
	var all []string
	for name, value := range variables {
		all = append(all, fmt.Sprintf("%s=%v", name, value))
	}
	return all
}

// handlerOf the claim, or the one that its runtime has otherwise.
func handlerOf(spec map[string]any) string {
	service, _ := spec["service"].(map[string]any)
	name, _ := service["runtime"].(string)
	handler, _ := service["handler"].(string)
	return runtime.Of(cmp.Or(name, "nodejs24.x")).Handler(handler)
}
