// Command notes prints what CHANGELOG.md says of one version: the notes of its release. It fails if the changelog says
// nothing, so that no version is released without a word.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	file := flag.String("changelog", "CHANGELOG.md", "the changelog")
	version := flag.String("version", "", "the version, as its tag is called: v0.1.0")
	flag.Parse()

	if err := run(*file, *version); err != nil {
		fmt.Fprintln(os.Stderr, "notes:", err)
		os.Exit(1)
	}
}

func run(file, version string) error {
	changelog, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	notes, err := notesOf(string(changelog), version)
	if err != nil {
		return fmt.Errorf("cannot read the notes in %s: %w", file, err)
	}
	fmt.Println(notes)
	return nil
}
