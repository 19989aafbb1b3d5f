package main

import (
	"fmt"
	"go/ast"
	"go/doc"
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

// sources are the Go files below a folder, tests apart, by the path of their package from the folder above.
func sources(dir string) (map[string][]*ast.File, error) {
	packages := map[string][]*ast.File{}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return fmt.Errorf("cannot parse package: %w", err)
		}
		pkg, err := filepath.Rel(filepath.Dir(dir), filepath.Dir(path))
		packages[filepath.ToSlash(pkg)] = append(packages[filepath.ToSlash(pkg)], file)
		return err
	})
	return packages, err
}

// packagesPicture draws which of the function's packages imports which. What is internal imports none of them.
func packagesPicture(dir string) (string, error) {
	packages, err := sources(dir)
	if err != nil {
		return "", err
	}
	arrows := map[string]bool{}
	for pkg, files := range packages {
		if strings.Contains(pkg, "/internal/") {
			continue
		}
		for _, file := range files {
			for _, i := range file.Imports {
				imported, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return "", err
				}
				if below, found := strings.CutPrefix(imported, functionPackages+"/"); found {
					arrows[fmt.Sprintf("  %s --> fn/%s\n", pkg, below)] = true
				}
			}
		}
	}
	return "```mermaid\nflowchart TD\n" + strings.Join(slices.Sorted(maps.Keys(arrows)), "") + "```\n", nil
}

// packagesTable says what each of the function's packages is, in the first sentence of its comment.
func packagesTable(dir string) (string, error) {
	packages, err := sources(dir)
	if err != nil {
		return "", err
	}
	b := &strings.Builder{}
	b.WriteString("| package | what it is |\n|---|---|\n")
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		comment := &strings.Builder{}
		for _, file := range packages[pkg] {
			comment.WriteString(file.Doc.Text())
		}
		name := packages[pkg][0].Name.Name
		what, found := strings.CutPrefix(new(doc.Package).Synopsis(comment.String()), "Package "+name+" ")
		if !found {
			return "", fmt.Errorf("the comment of package %q does not begin with %q", pkg, "Package "+name)
		}
		row(b, "["+code(pkg)+"](../"+pkg+")", what)
	}
	return b.String(), nil
}
