package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// lockedSuffix is the suffix of the pipeline in the lock file.
const lockedSuffix = "pr-123"

// A lockedResource is a resource of the lock file.
type lockedResource struct {
	Kind         string `json:"kind"`
	ObjectName   string `json:"objectName"`
	ExternalName string `json:"externalName"`
}

// resourcesTable documents the resources in a lock file: their kinds, their names in AWS, whether the smallest claim has
// them, and the file of Go code that each is in. What the smallest claim has is read from a rendered case.
func resourcesTable(lockFile, smallest, code string) (string, error) {
	locked, err := readLockFile(lockFile)
	if err != nil {
		return "", err
	}
	rendered, err := readRendered(smallest)
	if err != nil {
		return "", err
	}
	files, err := filesOf(slices.Collect(maps.Keys(locked)), code)
	if err != nil {
		return "", err
	}

	always := map[string]bool{}
	for _, r := range rendered {
		always[r.Metadata.Name] = true
	}
	count, kinds, rows := 0, map[string]bool{}, &strings.Builder{}
	byFile := func(a, b string) int { return cmp.Or(cmp.Compare(files[a], files[b]), cmp.Compare(a, b)) }
	for _, name := range slices.SortedFunc(maps.Keys(locked), byFile) {
		made := "if asked for"
		if always[locked[name].ObjectName] {
			made = "always"
			count++
			kinds[locked[name].Kind] = true
		}
		locked[name].row(rows, name, made, files[name])
	}
	return fmt.Sprintf("The smallest claim has %d resources, of %d kinds.\n\n", count, len(kinds)) +
		"| resource | kind | name in AWS | made | by |\n|---|---|---|---|---|\n" + rows.String(), nil
}

func (r lockedResource) row(b *strings.Builder, name, made, file string) {
	inAWS := ""
	if r.ExternalName != "" {
		inAWS = code(strings.ReplaceAll(r.ExternalName, lockedSuffix, "<suffix>"))
	}
	row(b, code(name), strings.TrimSuffix(r.Kind, ".aws.upbound.io"), inAWS, made, "["+code(file)+"](../fn/architecture/"+file+")")
}

func readLockFile(path string) (map[string]lockedResource, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read lock file: %w", err)
	}
	locked := map[string]lockedResource{}
	if err := yaml.Unmarshal(raw, &locked); err != nil {
		return nil, fmt.Errorf("cannot parse %q: %w", path, err)
	}
	return locked, nil
}

// filesOf resources are the Go files of a folder that have their names: whole, or, of one that is named after what the claim
// says, as far as the name is always the same.
func filesOf(resources []string, dir string) (map[string]string, error) {
	begins, err := resourceNames(dir)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, name := range resources {
		longest := ""
		for begin := range begins {
			if len(begin) > len(longest) && (begin == name || strings.HasSuffix(begin, "-") && strings.HasPrefix(name, begin)) {
				longest = begin
			}
		}
		if longest == "" {
			return nil, fmt.Errorf("no file in %q has the resource %q", dir, name)
		}
		files[name] = begins[longest]
	}
	return files, nil
}

// resourceNames are the texts that are made a resource.Name in the Go files of a folder, with their files.
func resourceNames(dir string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("cannot parse names of resources: %w", err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, text := range namesIn(n) {
				names[text] = filepath.Base(path)
			}
			return true
		})
	}
	return names, nil
}

// namesIn a constant of the type resource.Name, or in a conversion to it.
func namesIn(n ast.Node) []string {
	var values []ast.Expr
	switch n := n.(type) {
	case *ast.ValueSpec:
		if isResourceName(n.Type) {
			values = n.Values
		}
	case *ast.CallExpr:
		if isResourceName(n.Fun) {
			values = n.Args
		}
	}
	var texts []string
	for _, value := range values {
		if sum, ok := value.(*ast.BinaryExpr); ok {
			value = sum.X
		}
		if literal, ok := value.(*ast.BasicLit); ok {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

func isResourceName(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Name" {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && pkg.Name == "resource"
}
