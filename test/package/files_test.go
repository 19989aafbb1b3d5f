// Package package_test checks what is installed: the dependencies of the packages, and the manifests in examples/install.
// It does not open the packages; the command that builds them has tests of its own for that.
package package_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	yamlstream "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

const root = "../.."

// glob finds files below the root of the repository. There must be one.
func glob(t *testing.T, pattern string) []string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(root, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find %q: %v", pattern, err)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()

	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// into parses YAML.
func into(t *testing.T, data []byte, obj any) {
	t.Helper()

	if err := yaml.Unmarshal(data, obj); err != nil {
		t.Fatalf("cannot parse YAML: %v\n%s", err, data)
	}
}

// An object of a file, with its YAML.
type object struct {
	unstructured.Unstructured

	yaml []byte
}

// objectsIn a file, in its order.
func objectsIn(t *testing.T, file string) []object {
	t.Helper()

	objects := []object{}
	for r := yamlstream.NewYAMLReader(bufio.NewReader(bytes.NewReader(read(t, file)))); ; {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatalf("cannot read %q: %v", file, err)
		}
		o := object{yaml: doc}
		into(t, doc, &o.Object)
		objects = append(objects, o)
	}
}

// one is the YAML of the only object of a kind in a file of the repository.
func one(t *testing.T, file, kind string) []byte {
	t.Helper()
	return named(t, file, kind, "")
}

// named is the YAML of the only object of a kind with that name, or with any if none is given, in a file of the repository.
func named(t *testing.T, file, kind, name string) []byte {
	t.Helper()

	found := [][]byte{}
	for _, o := range objectsIn(t, filepath.Join(root, file)) {
		if o.GetKind() == kind && (name == "" || o.GetName() == name) {
			found = append(found, o.yaml)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d objects of kind %s %s, want one", file, len(found), kind, name)
	}
	return found[0]
}

var moduleDirs sync.Map //nolint:gochecknoglobals // Go takes a second to find a module.

// moduleDir is the folder of a module that a module of the repository requires.
func moduleDir(t *testing.T, of, module string) string {
	t.Helper()

	if dir, ok := moduleDirs.Load(module); ok {
		return dir.(string)
	}
	out, err := exec.Command("go", "list", "-C", filepath.Join(root, of), "-m", "-f", "{{.Dir}}", module).Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Fatalf(`cannot find module %q: run "make tools": %v`, module, err)
	}
	moduleDirs.Store(module, dir)
	return dir
}
