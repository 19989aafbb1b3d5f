package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// testName is a text that can only be a test's name.
	testName = regexp.MustCompile(`^(Test|Fuzz|Benchmark)[A-Z]\w*$`)

	// testFunc is how a test begins.
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)

	// fileName is a text without a folder that can only be a file's name. "make package" makes those that end in .cdx.json.
	fileName = regexp.MustCompile(`^[\w.*…-]+\.(go|md|ya?ml|json|py)$`)

	// variable of a shell stands for a part of a path.
	variable = regexp.MustCompile(`\$\{?\w+\}?`)
)

// TestTests looks for each test that a document names.
func TestTests(t *testing.T) {
	tests := map[string]bool{}
	for _, file := range files(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range testFunc.FindAllSubmatch(read(t, file), -1) {
			tests[string(match[1])] = true
		}
	}
	for _, d := range documents(t) {
		for _, name := range d.code {
			if testName.MatchString(name) && !tests[name] {
				t.Errorf("%s: there is no %s", d.path, name)
			}
		}
	}
}

// TestIdentifiers looks for what a document names of one of the function's packages, as package.Name.
func TestIdentifiers(t *testing.T) {
	identifier := regexp.MustCompile(`^([a-z]+)\.([A-Z]\w*)$`)
	for _, d := range documents(t) {
		for _, code := range d.code {
			name := identifier.FindStringSubmatch(code)
			if name == nil {
				continue
			}
			sources, err := filepath.Glob(filepath.Join(root, "fn", name[1], "*.go"))
			if err != nil || len(sources) == 0 {
				continue // It is of something else.
			}
			declared := regexp.MustCompile(`(?m)^(func (\(.*\) )?|type |var |const |\t)` + name[2] + `\b`)
			if !slices.ContainsFunc(sources, func(source string) bool { return declared.Match(read(t, strings.TrimPrefix(source, root))) }) {
				t.Errorf("%s: fn/%s has no %s", d.path, name[1], name[2])
			}
		}
	}
}

// TestPaths looks for each file and folder that a document names, or tells people to use.
func TestPaths(t *testing.T) {
	all := files(t)
	for _, d := range documents(t) {
		for _, line := range d.shellLines() {
			for word := range strings.FieldsSeq(line) {
				word = path.Clean(strings.TrimSuffix(strings.Trim(word, `"'()`), "/..."))
				switch {
				case isBelowRoot(all, word):
					if found, err := filepath.Glob(filepath.Join(root, pattern(word))); err != nil || len(found) == 0 {
						t.Errorf("%s: there is no %s", d.path, word)
					}
				case fileName.MatchString(word) && !strings.HasSuffix(word, ".cdx.json") && slices.Contains(d.code, line):
					if !slices.ContainsFunc(all, func(file string) bool { ok, _ := path.Match(pattern(word), path.Base(file)); return ok }) {
						t.Errorf("%s: no folder has a %s", d.path, word)
					}
				}
			}
		}
	}
}

// isBelowRoot reports whether a word begins with a folder of the repository's root. A service's repository may have a folder cmd too.
func isBelowRoot(all []string, word string) bool {
	top, below, isPath := strings.Cut(word, "/")
	if top == "cmd" && !strings.HasPrefix(below, "kubectl-pipeline") {
		return false
	}
	return isPath && top != "" && slices.ContainsFunc(all, func(file string) bool { return strings.HasPrefix(file, top+"/") })
}

// pattern of a path in which a document leaves something open.
func pattern(word string) string {
	return variable.ReplaceAllString(strings.ReplaceAll(word, "…", "*"), "*")
}

// TestGoldenCases looks for each golden case in the table that says what it shows, and the other way round.
func TestGoldenCases(t *testing.T) {
	const folder = "test/render"
	const invalid = "30 to 39"
	table := string(read(t, folder+"/README.md"))
	cases, err := filepath.Glob(filepath.Join(root, folder, "[0-9]*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		row := filepath.Base(c)
		if row[:1] == "3" {
			row = invalid
		}
		if !strings.Contains(table, "\n| "+row+" |") {
			t.Errorf("%s: the table of cases has no row %q", folder, row)
		}
	}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d\d-\S+) \|`).FindAllStringSubmatch(table, -1) {
		if _, err := os.Stat(filepath.Join(root, folder, row[1])); err != nil {
			t.Errorf("%s: the table of cases has a row %q, and there is no such case", folder, row[1])
		}
	}
}
