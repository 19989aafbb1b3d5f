package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// expected writes all that is expected of a golden case to a file in dir, and returns its path.
func expected(root, name, dir string) (path string, err error) {
	cmd := exec.CommandContext(context.Background(), "go", "run", "./test/render/cmd/expected", filepath.Join("test", "render", name))
	cmd.Dir, cmd.Stderr = root, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("cannot print what is expected of %q: %w", name, err)
	}
	path = filepath.Join(dir, "expected.yaml")
	return path, writeFile(path, string(out))
}
