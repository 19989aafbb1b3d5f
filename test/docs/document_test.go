// Package docs_test keeps the documents honest: what they link to, name and tell people to type exists.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// root of the repository.
const root = "../.."

// A document is a Markdown file, as far as it can be checked.
type document struct {
	// path of the file, from the root.
	path string

	// links are the targets of links and pictures, as written.
	links []string

	// anchors are the fragments by which GitHub finds the headings.
	anchors map[string]bool

	// code are the texts between back-ticks.
	code []string

	// blocks are the fenced blocks of code.
	blocks []block
}

// A block is a fenced block of code.
type block struct{ language, text string }

// shellLines are the lines of a document that a person may type.
func (d document) shellLines() []string {
	var lines []string
	for _, b := range d.blocks {
		if b.language == "shell" {
			lines = append(lines, strings.Split(b.text, "\n")...)
		}
	}
	return append(lines, d.code...)
}

// documents are all Markdown files of the repository.
func documents(t *testing.T) []document {
	t.Helper()
	var all []document
	for _, path := range files(t) {
		if filepath.Ext(path) == ".md" {
			all = append(all, parse(t, path))
		}
	}
	return all
}

// files of the repository, from its root. What is built is in .cache, and what npm installs in node_modules:
// both are left out.
func files(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" || d.Name() == ".cache" || d.Name() == "node_modules" {
				return filepath.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(root, path)
		all = append(all, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func parse(t *testing.T, path string) document {
	t.Helper()
	d, err := parseMarkdown(path, read(t, path))
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return d
}

func parseMarkdown(path string, source []byte) (document, error) {
	d := document{path: path, anchors: map[string]bool{}}
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			d.links = append(d.links, string(n.Destination))
		case *ast.Image:
			d.links = append(d.links, string(n.Destination))
		case *ast.Heading:
			d.addAnchor(wordsOf(n, source))
		case *ast.CodeSpan:
			// It may go on in the next line.
			d.code = append(d.code, strings.Join(strings.Fields(wordsOf(n, source)), " "))
		case *ast.FencedCodeBlock:
			d.blocks = append(d.blocks, block{language: string(n.Language(source)), text: textOf(n, source)})
		}
		return ast.WalkContinue, nil
	})
	return d, err
}

func textOf(n ast.Node, source []byte) string {
	b := &strings.Builder{}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		b.Write(line.Value(source))
	}
	return b.String()
}

// notInAnchors is what GitHub leaves out of a heading's fragment.
var notInAnchors = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// addAnchor of a heading. GitHub counts headings of one name.
func (d document) addAnchor(heading string) {
	anchor := strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
	unique := anchor
	for n := 1; d.anchors[unique]; n++ {
		unique = anchor + "-" + strconv.Itoa(n)
	}
	d.anchors[unique] = true
}

// TestParseMarkdown checks that nothing of a document is overlooked: what is not found is not checked.
func TestParseMarkdown(t *testing.T) {
	source := strings.Join([]string{
		"# How it is `made`, and why",
		"## Twice", "## Twice",
		"See [a page](a.md#b) and ![a picture](p.png), `make",
		"test`.",
		"", "| table | of |", "|---|---|", "| `code` | [link](c.md) |",
		"", "```shell", "make verify", "```",
		"", "1. A list:", "   ```yaml", "   spec: {}", "   ```",
	}, "\n")
	got, err := parseMarkdown("x.md", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	want := document{
		path:    "x.md",
		links:   []string{"a.md#b", "p.png", "c.md"},
		anchors: map[string]bool{"how-it-is-made-and-why": true, "twice": true, "twice-1": true},
		code:    []string{"made", "make test", "code"},
		blocks:  []block{{"shell", "make verify\n"}, {"yaml", "spec: {}\n"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(document{}, block{})); diff != "" {
		t.Errorf("parseMarkdown(...): -want, +got:\n%s", diff)
	}
}

// wordsOf what is below a node, without its marks.
func wordsOf(n ast.Node, source []byte) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte('\n')
			}
			continue
		}
		b.WriteString(wordsOf(c, source))
	}
	return b.String()
}
