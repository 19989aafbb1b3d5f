package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSeeds checks that each package whose tests draw values draws the same ones each time.
func TestSeeds(t *testing.T) {
	draws, seeded := map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".cache":
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go") || d.Name() == "seed_test.go":
			return nil
		}
		source, err := os.ReadFile(path)
		dir := filepath.Dir(path)
		draws[dir] = draws[dir] || bytes.Contains(source, []byte(`"pgregory.net/rapid"`))
		seeded[dir] = seeded[dir] || bytes.Contains(source, []byte("fntest.Main(m)"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for dir, does := range draws {
		if !does {
			continue
		}
		if packages++; !seeded[dir] {
			t.Errorf("%s draws other values in each run, and so may fail by chance: want a TestMain that calls fntest.Main", dir)
		}
	}
	if packages < 2 {
		t.Errorf("want at least 2 packages that draw values, got %d", packages)
	}
}
