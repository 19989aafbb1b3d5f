package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// hostile is a text that leaves a file behind if any shell, or a language that a shell calls, evaluates it, and that ends what writes the script.
const hostile = `x'; touch hostile; '"; touch hostile; "$(touch hostile)` + "`touch hostile`" + ` | touch hostile & ${IFS:-$(touch hostile)} * \ %s -e` +
	"\nEND_OF_FILE\ntouch hostile\n"

// tools are commands of languages that the steps call. Here they only write down how they were called.
var tools = []string{
	"aws", "bun", "bundle", "cargo", "corepack", "gem", "git", "go", "gradle", "java", "javac", "mvn", "node", "npm", "npx", "pip", "pnpm", "python",
	"ruby", "unzip", "uv", "yarn", "zip",
}

// TestNothingIsEvaluated runs all commands of the generated buildspec, each with one field of a claim that a shell could take for commands. The
// field must arrive as it is, in what a tool is called with or in what the build says. The test command is a command: it must run as it is.
func TestNothingIsEvaluated(t *testing.T) {
	t.Parallel()
	fields := map[string]struct {
		set func(c *Config)

		// by these runtimes it is used.
		by []string
	}{
		"Handler": {
			set: func(c *Config) { c.Handler = hostile },
			by:  []string{"nodejs24.x", "python3.14", "java25", "ruby3.4", "provided.al2023"},
		},
		"Tool": {
			set: func(c *Config) { c.Build.Tool = v1alpha1.BuildTool(hostile) },
			by:  []string{"nodejs24.x", "python3.14", "java25", "ruby3.4", "provided.al2023"},
		},
		"Program": {
			set: func(c *Config) { c.Build.Tool, c.Build.Program = "go", hostile },
			by:  []string{"provided.al2023"},
		},
		"Test": {
			set: func(c *Config) { c.Build.Test = `printf '%s' '` + strings.ReplaceAll(hostile, `'`, `'\''`) + `'` },
			by:  []string{"nodejs24.x", "python3.14", "java25", "ruby3.4", "provided.al2023"},
		},
	}
	for name, field := range fields {
		for _, runtime := range field.by {
			t.Run(name+"/"+runtime, func(t *testing.T) {
				t.Parallel()
				said := runHostile(t, newConfig(func(c *Config) { c.Runtime = runtime }, field.set))
				if !strings.Contains(said, hostile) {
					t.Errorf("want %q to arrive as it is, got\n%s", hostile, said)
				}
			})
		}
	}
}

// runHostile runs all commands of a build, whether they fail or not, and returns what they and the tools say. Nothing may leave a file behind.
func runHostile(t *testing.T, c Config) string {
	t.Helper()
	root := t.TempDir()
	repository, bin, calls := filepath.Join(root, "repository"), filepath.Join(root, "bin"), filepath.Join(root, "calls")
	for _, folder := range []string{repository, bin} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{
		filepath.Join(repository, "package.json"): "{}",
		// It starts a program of Go or of Rust, which finds its handler where Lambda puts it.
		filepath.Join(bin, "timeout"): "#!/bin/sh\nprintf '%s\\n' \"$_HANDLER\" >> '" + calls + "'\n",
	}
	for _, tool := range tools {
		files[filepath.Join(bin, tool)] = "#!/bin/sh\nprintf '%s\\n' " + tool + " \"$@\" >> '" + calls + "'\n"
	}
	for file, text := range files {
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	b := c.stepsBuildspec()
	var said strings.Builder
	for _, command := range slices.Concat(b.Phases.Install.Commands, b.Phases.PreBuild.Commands, b.Phases.Build.Commands) {
		// What is loaded is there, whatever the steps before have come to.
		if strings.HasSuffix(command, " load") {
			command = "mkdir -p " + artifactFolder + " && cp /bin/true " + artifactFolder + "/bootstrap && " + command
		}
		sh := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command, toolFolder, filepath.Join(root, "tools")))
		sh.Dir = repository
		sh.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + root, "TMPDIR=" + root, "CODEBUILD_SRC_DIR=" + repository}
		out, _ := sh.CombinedOutput()
		said.Write(out)
	}
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == "hostile" {
			t.Errorf("something has evaluated what the claim says, and left %s behind", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	called, _ := os.ReadFile(calls)
	return said.String() + string(called)
}
