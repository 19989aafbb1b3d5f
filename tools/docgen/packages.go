package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// functionPackages is how the function's packages are imported.
const functionPackages = "github.com/paymentdelivery/function-payment-delivery-pipeline/fn"

// packagesPicture draws which of the function's packages imports which.
func packagesPicture(dir string) (string, error) {
	arrows := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "internal") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("cannot parse imports: %w", err)
		}
		from, err := filepath.Rel(filepath.Dir(dir), filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if below, found := strings.CutPrefix(imported, functionPackages+"/"); found {
				arrows[fmt.Sprintf("  %s --> fn/%s\n", filepath.ToSlash(from), below)] = true
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return "```mermaid\nflowchart TD\n" + strings.Join(slices.Sorted(maps.Keys(arrows)), "") + "```\n", nil
}
