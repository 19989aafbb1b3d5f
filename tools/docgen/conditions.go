package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// reasonDoc is how the comment of a reason says which condition it is of, with which status, and what it means.
var reasonDoc = regexp.MustCompile(`^\w+ \((\w+)=(\w+)\): (.*)$`)

// conditionsTable documents the constants of conditions and their reasons in a Go file.
func conditionsTable(path string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		return "", fmt.Errorf("cannot parse conditions: %w", err)
	}
	conditions := map[string]bool{}
	b := &strings.Builder{}
	b.WriteString("| condition | status | reason | what it says |\n|---|---|---|---|\n")
	for _, d := range file.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok || decl.Tok != token.CONST {
			continue
		}
		for _, s := range decl.Specs {
			spec := s.(*ast.ValueSpec)                                          //nolint:forcetypeassert // Constants have no other.
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value) //nolint:forcetypeassert // They are texts.
			if err != nil {
				return "", fmt.Errorf("cannot read %s: %w", spec.Names[0].Name, err)
			}
			if strings.HasPrefix(spec.Names[0].Name, "Condition") {
				conditions[value] = true
				continue
			}
			m := reasonDoc.FindStringSubmatch(strings.Join(strings.Fields(spec.Doc.Text()), " "))
			if m == nil || !conditions[m[1]] {
				return "", fmt.Errorf("the comment of %s does not begin with %q", spec.Names[0].Name, spec.Names[0].Name+" (Condition=Status): ")
			}
			row(b, code(m[1]), m[2], code(value), strings.ToUpper(m[3][:1])+m[3][1:])
		}
	}
	return b.String(), nil
}
