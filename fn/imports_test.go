package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports of one another that the function's packages may have. Nothing imports upward.
var imports = map[string][]string{
	".":             {"architecture", "claim", "compose", "plan", "report"},
	"report":        {"architecture", "compose", "plan", "provider"},
	"plan":          {"compose"},
	"architecture":  {"asl", "build", "claim", "cloudwatch", "compose", "iam", "internal/document", "internal/memo", "provider", "refusal", "release", "runtime"},
	"release":       {"asl", "release/logic"},
	"release/logic": {"asl"},
	"claim":         {"build", "input/v1beta1", "internal/document", "internal/memo", "refusal", "runtime", "schema"},
	"build":         {"iam", "internal/document", "internal/memo", "runtime"},
	"runtime":       {"internal/classfile", "internal/memo"},
	"cloudwatch":    {"internal/document"},
	"iam":           {"internal/document"},
	"compose":       {"provider"},
	"provider":      {},
	"asl":           {},
	"schema":        {"refusal"},
	"refusal":       {},
	"input/v1beta1": {},
}

// TestImports checks that the walls between the packages stand, and that each package has some.
func TestImports(t *testing.T) {
	for dir, files := range packageFiles(t) {
		allowed, known := imports[dir]
		if !known {
			t.Errorf("fn/%s: nothing says what it may import", dir)
			continue
		}
		for _, file := range files {
			for _, below := range importsOf(t, file) {
				if !slices.Contains(allowed, below) {
					t.Errorf("%s must not import %s", file, below)
				}
			}
		}
	}
}

// packageFiles are the Go files of each package of the function's, tests and what is internal apart.
func packageFiles(t *testing.T) map[string][]string {
	t.Helper()
	packages := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && d.Name() == "internal" {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range imports {
		if len(packages[dir]) == 0 {
			t.Errorf("fn/%s: there is no such package", dir)
		}
	}
	return packages
}

// importsOf a file that are packages of the function's.
func importsOf(t *testing.T, file string) []string {
	t.Helper()
	const ours = "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/"
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, i := range f.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		if below, found := strings.CutPrefix(path, ours); found {
			all = append(all, below)
		}
	}
	return all
}
