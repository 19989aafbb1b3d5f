package main

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
)

// A keep decides by its path whether an import stays in a file.
type keep func(path string) bool

// prune removes imports from a Go file, and with each the items of lists and the functions that use it.
func prune(content []byte, keep keep) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", content, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	c := &cut{removed: map[string]bool{}, offset: func(p token.Pos) int { return fset.Position(p).Offset }, content: content}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		if !keep(path) {
			c.removed[nameOf(spec, path)] = true
			c.remove(spec)
		}
	}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			c.function(f)
		}
	}
	return format.Source(c.rest())
}

// majorVersion is the end of an import path that is not the package's name.
var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// nameOf an import in its file. It guesses as goimports does where the file does not say it.
func nameOf(spec *ast.ImportSpec, p string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	if majorVersion.MatchString(path.Base(p)) {
		return path.Base(path.Dir(p))
	}
	return path.Base(p)
}

// A cut is a set of ranges that go.
type cut struct {
	removed map[string]bool
	offset  func(token.Pos) int
	content []byte
	ranges  [][2]int
}

func (c *cut) remove(n ast.Node) {
	end := c.offset(n.End())
	if c.content[end] == ',' {
		end++
	}
	c.ranges = append(c.ranges, [2]int{c.offset(n.Pos()), end})
}

// function loses the items of its lists that use what is removed, or goes as a whole if it uses that elsewhere too.
func (c *cut) function(f *ast.FuncDecl) {
	before, whole := len(c.ranges), false
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CompositeLit:
			c.items(n.Elts)
		case *ast.CallExpr:
			c.items(n.Args)
		case *ast.Ident:
			if c.removed[n.Name] && !c.gone(n) {
				whole = true
			}
		}
		return true
	})
	if whole {
		c.ranges = c.ranges[:before]
		c.remove(f)
	}
}

func (c *cut) items(list []ast.Expr) {
	for _, item := range list {
		if c.removed[rootOf(item)] {
			c.remove(item)
		}
	}
}

func (c *cut) gone(n ast.Node) bool {
	at := c.offset(n.Pos())
	return slices.ContainsFunc(c.ranges, func(r [2]int) bool { return r[0] <= at && at < r[1] })
}

// rootOf an expression such as a.B or a.B(c): a.
func rootOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return rootOf(e.X)
	case *ast.CallExpr:
		return rootOf(e.Fun)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func (c *cut) rest() []byte {
	slices.SortFunc(c.ranges, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	var b bytes.Buffer
	at := 0
	for _, r := range c.ranges {
		if r[0] < at {
			continue
		}
		b.Write(c.content[at:r[0]])
		at = r[1]
	}
	b.Write(c.content[at:])
	return b.Bytes()
}
