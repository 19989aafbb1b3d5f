package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// file is a file of the test's own, with the supplied lines.
func file(t *testing.T, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkText compares what a generator has written with the lines that it should.
func checkText(t *testing.T, got string, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.TrimSuffix(got, "\n")); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// checkError checks that a generator refuses, and names what is wrong.
func checkError(t *testing.T, err error, names string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), names) {
		t.Errorf("want an error that names %q, got %v", names, err)
	}
}

func TestWrite(t *testing.T) {
	path := file(t, "a.md", "before", "<!-- BEGIN one -->", "old", "<!-- END one -->", "between", "<!-- BEGIN two -->", "<!-- END two -->", "after")
	if err := write(path, map[string]string{"one": "1\n", "two": "2\n"}); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	checkText(t, string(got), err,
		"before", "<!-- BEGIN one -->", "1", "<!-- END one -->", "between", "<!-- BEGIN two -->", "2", "<!-- END two -->", "after")
}

func TestWriteRefuses(t *testing.T) {
	cases := map[string]struct {
		reason string
		lines  []string
		names  string
	}{
		"NoBegin":  {"A section that the document does not have should be named.", []string{"text"}, "<!-- BEGIN one -->"},
		"NoEnd":    {"The rest of the document should not be taken for the section.", []string{"<!-- BEGIN one -->", "text"}, "<!-- END one -->"},
		"EndFirst": {"An end before the beginning is none.", []string{"<!-- END one -->", "<!-- BEGIN one -->"}, "<!-- END one -->"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			path := file(t, "a.md", tc.lines...)
			checkError(t, write(path, map[string]string{"one": "1\n"}), tc.names)
			got, err := os.ReadFile(path)
			checkText(t, string(got), err, tc.lines...)
		})
	}
}

func TestConditionsTable(t *testing.T) {
	got, err := conditionsTable(file(t, "conditions.go",
		"package v1",
		"var other = 1",
		"const (",
		"	// ConditionBaked says whether the cake is done.",
		`	ConditionBaked = "Baked"`,
		")",
		"const (",
		"	// ReasonDone (Baked=True): it is done | and",
		"	// cold.",
		`	ReasonDone = "WellDone"`,
		")",
	))
	checkText(t, got, err,
		"| condition | status | reason | what it says |",
		"|---|---|---|---|",
		"| `Baked` | True | `WellDone` | It is done \\| and cold. |",
	)
}

func TestConditionsTableRefuses(t *testing.T) {
	cases := map[string]struct {
		reason  string
		comment string
	}{
		"NoCondition":      {"A reason should say which condition it is of.", "// ReasonDone: it is done."},
		"UnknownCondition": {"A reason should be of a condition that is there.", "// ReasonDone (Boiled=True): it is done."},
		"NoComment":        {"A reason should have a comment.", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := conditionsTable(file(t, "conditions.go",
				"package v1", "const (", `	ConditionBaked = "Baked"`, tc.comment, `	ReasonDone = "WellDone"`, ")"))
			checkError(t, err, "ReasonDone")
		})
	}
}

// packages below fn, each of one file, with the supplied lines.
func packages(t *testing.T, files map[string]string) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "fn")
	for path, text := range files {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestPackagesPicture(t *testing.T) {
	importing := func(path string) string { return "package p\nimport _ \"" + path + "\"\n" }
	got, err := packagesPicture(packages(t, map[string]string{
		"fn.go":              importing(functionPackages + "/cake"),
		"fn_test.go":         importing(functionPackages + "/tests"),
		"cake/cake.go":       importing(functionPackages + "/internal/oven"),
		"cake/more.go":       importing("fmt"),
		"internal/oven/o.go": importing(functionPackages + "/cake"),
	}))
	checkText(t, got, err, "```mermaid", "flowchart TD", "  fn --> fn/cake", "  fn/cake --> fn/internal/oven", "```")
}

func TestPackagesTable(t *testing.T) {
	got, err := packagesTable(packages(t, map[string]string{
		"fn.go":          "// Package main bakes. It is hot.\npackage main\n",
		"cake/cake.go":   "package cake\n",
		"cake/doc.go":    "// Package cake is what is\n// baked.\npackage cake\n",
		"cake/a_test.go": "// Package cake is wrong.\npackage cake\n",
	}))
	checkText(t, got, err,
		"| package | what it is |",
		"|---|---|",
		"| [`fn`](../fn) | bakes. |",
		"| [`fn/cake`](../fn/cake) | is what is baked. |",
	)

	_, err = packagesTable(packages(t, map[string]string{"cake/cake.go": "package cake\n"}))
	checkError(t, err, "fn/cake")
}
