package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinks follows each link to a file or a heading of the repository.
func TestLinks(t *testing.T) {
	byPath := map[string]document{}
	for _, d := range documents(t) {
		byPath[d.path] = d
	}
	for _, d := range byPath {
		for _, link := range d.links {
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			target, anchor, _ := strings.Cut(link, "#")
			at := d.path
			if target != "" {
				at = path.Join(path.Dir(d.path), target)
			}
			if _, err := os.Stat(filepath.Join(root, at)); err != nil {
				t.Errorf("%s: the link %q leads nowhere", d.path, link)
				continue
			}
			if anchor != "" && !byPath[at].anchors[anchor] {
				t.Errorf("%s: the link %q leads to no heading of %s", d.path, link, at)
			}
		}
	}
}

// TestReachable looks for a way from the README to each page in docs.
func TestReachable(t *testing.T) {
	links := map[string][]string{}
	for _, d := range documents(t) {
		for _, link := range d.links {
			target, _, _ := strings.Cut(link, "#")
			links[d.path] = append(links[d.path], path.Join(path.Dir(d.path), target))
		}
	}
	reached, next := map[string]bool{}, []string{"README.md"}
	for len(next) > 0 {
		page := next[0]
		next = next[1:]
		if !reached[page] {
			reached[page] = true
			next = append(next, links[page]...)
		}
	}
	for _, d := range documents(t) {
		if path.Dir(d.path) == "docs" && !reached[d.path] {
			t.Errorf("no link leads from the README to %s", d.path)
		}
	}
}

// mentions are how code, manifests and the Makefile mention documents.
var mentions = regexp.MustCompile(`\bdocs/[a-z-]+\.md\b`)

// TestMentions looks for each document that a file of another kind mentions.
func TestMentions(t *testing.T) {
	for _, file := range files(t) {
		switch filepath.Ext(file) {
		case ".go", ".yaml", ".yml", "":
		default:
			continue
		}
		for _, mention := range mentions.FindAllString(string(read(t, file)), -1) {
			if _, err := os.Stat(filepath.Join(root, mention)); err != nil {
				t.Errorf("%s mentions %s, which is not there", file, mention)
			}
		}
	}
}
