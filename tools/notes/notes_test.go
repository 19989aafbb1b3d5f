package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const changelog = `# Changelog

## Unreleased

### Added

- Something new.

## v0.2.0 (2026-12-24)

### Fixed

- The second.

## v0.2.0-rc.1

## v0.1.0

- The first.
`

func TestNotesOf(t *testing.T) {
	type want struct {
		notes string
		err   string
	}
	cases := map[string]struct {
		version string
		want    want
	}{
		"WithDayAndSubheading": {version: "v0.2.0", want: want{notes: "### Fixed\n\n- The second."}},
		"LastOfTheFile":        {version: "v0.1.0", want: want{notes: "- The first."}},
		"NothingBelow":         {version: "v0.2.0-rc.1", want: want{err: `nothing below the heading "## v0.2.0-rc.1"`}},
		"NoHeading":            {version: "v0.3.0", want: want{err: `no heading "## v0.3.0"`}},
		"BeginningOfAnother":   {version: "v0.2", want: want{err: `no heading "## v0.2"`}},
		"Subheading":           {version: "Fixed", want: want{err: `no heading "## Fixed"`}},
		"NoVersion":            {version: "", want: want{err: "say which version"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			notes, err := notesOf(changelog, tc.version)
			if diff := cmp.Diff(tc.want.notes, notes); diff != "" {
				t.Errorf("-want notes, +got notes:\n%s", diff)
			}
			if (err != nil) != (tc.want.err != "") || (err != nil && !strings.Contains(err.Error(), tc.want.err)) {
				t.Errorf("error is %v, want %q", err, tc.want.err)
			}
		})
	}
}
