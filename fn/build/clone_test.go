package build

import (
	"strings"
	"testing"
)

func cloned(c *Config) {
	c.FullClone = true
}

// TestCloneBuildspec checks that git has CodeBuild's credentials, and that submodules are there before anything is installed.
func TestCloneBuildspec(t *testing.T) {
	const submodules = `git -C "$CODEBUILD_SRC_DIR" submodule update --init --recursive`
	text := newConfig(cloned).buildspec()
	helper, asked, installs := strings.Index(text, `git-credential-helper: "yes"`), strings.Index(text, submodules), strings.Index(text, "steps.sh install")
	if helper < 0 || asked < 0 || installs < asked {
		t.Errorf("want git's credentials, and submodules before anything is installed, got:\n%s", text)
	}
	if plain := newConfig().buildspec(); strings.Contains(plain, "git-credential-helper") || strings.Contains(plain, submodules) {
		t.Errorf("want no clone that nobody asked for, got:\n%s", plain)
	}
}
