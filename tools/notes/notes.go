package main

import (
	"errors"
	"fmt"
	"strings"
)

// notesOf a version: what stands in the changelog between its heading and the next one. A version's heading is "## v0.1.0",
// which may be followed by the day of its release. It is an error if the version has no heading, or nothing below it.
func notesOf(changelog, version string) (string, error) {
	if version == "" {
		return "", errors.New("say which version")
	}
	for section := range strings.SplitSeq("\n"+changelog, "\n## ") {
		heading, notes, _ := strings.Cut(section, "\n")
		if name, _, _ := strings.Cut(heading, " "); name != version {
			continue
		}
		if notes = strings.TrimSpace(notes); notes == "" {
			return "", fmt.Errorf("nothing below the heading %q", "## "+heading)
		}
		return notes, nil
	}
	return "", fmt.Errorf("no heading %q: name the section of what is unreleased after the version, and commit that before the tag", "## "+version)
}
