package main

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports of one another that the function's packages may have. Nothing imports upward.
var imports = map[string][]string{
	".":            {"architecture", "claim", "compose", "plan", "report"},
	"report":       {"architecture", "compose", "plan"},
	"plan":         {"compose"},
	"architecture": {"claim", "compose", "internal/memo", "refusal", "release", "runtime"},
	"release":      {"asl"},
	"claim":        {"input/v1beta1", "internal/memo", "refusal", "runtime", "schema"},
	"runtime":      {"internal/classfile", "internal/memo"},
	"compose":      {},
	"asl":          {},
	"schema":       {"refusal"},
	"refusal":      {},
}

// TestImports checks that the walls between the packages stand.
func TestImports(t *testing.T) {
	const ours = "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/"
	for dir, allowed := range imports {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files: %v", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range f.Imports {
				path, _ := strconv.Unquote(i.Path.Value)
				if below, found := strings.CutPrefix(path, ours); found && !slices.Contains(allowed, below) {
					t.Errorf("%s must not import %s", file, below)
				}
			}
		}
	}
}
