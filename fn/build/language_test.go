package build

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

var update = flag.Bool("update", false, "write what is rendered into testdata")

// of a runtime is the buildspec of a claim that says nothing more.
func of(name string) buildspec {
	return newConfig(func(c *Config) { c.Runtime = name }).stepsBuildspec()
}

// inImages are the versions of languages that CodeBuild's images for both processors have, from amazonlinux-x86_64-standard:5.0
// and amazonlinux-aarch64-standard:3.0 on, and standard:7.0 and 8.0:
// https://github.com/aws/aws-codebuild-docker-images/blob/master/al/x86_64/standard/6.0/runtimes.yml and those beside it.
var inImages = map[string][]string{
	"nodejs": {"22", "24"},
	"python": {"3.11", "3.12", "3.13", "3.14"},
	"java":   {"corretto8", "corretto11", "corretto17", "corretto21", "corretto25"},
	"ruby":   {"3.3", "3.4", "4.0"},
}

// TestEveryRuntime checks that each runtime of a claim is built, in an image that has it, and that a cache keeps something for it.
func TestEveryRuntime(t *testing.T) {
	for _, name := range fntest.Runtimes(t) {
		for tool, version := range of(name).Phases.Install.RuntimeVersions {
			if !slices.Contains(inImages[tool], version) {
				t.Errorf("%s: no image has %s %s", name, tool, version)
			}
		}
	}
	for _, l := range runtime.Languages() {
		if len(languages[l].downloads) == 0 {
			t.Errorf("%s: nothing says how it is built, or what a cache keeps", l)
		}
	}
}

// packedLines are those that TestUnpack reads.
var packedLines = regexp.MustCompile(`(?m)(^      [A-Za-z0-9+/=]{100,}\n)+(      [A-Za-z0-9+/=]+\n)?`)

// TestBuildspecs shows what a build of each language runs, and that it has the version that the functions run on.
func TestBuildspecs(t *testing.T) {
	for _, name := range []string{"nodejs22.x", "python3.14", "java21", "ruby3.4", "provided.al2023"} {
		t.Run(name, func(t *testing.T) {
			got := packedLines.ReplaceAllString(of(name).text(), "      (packed)\n")
			checkGolden(t, filepath.Join("testdata", string(runtime.Of(name).Language())+".yaml"), got)
		})
	}
}

// checkGolden compares text with a file, or writes it there.
func checkGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(fntest.File(t, path), got); diff != "" {
		t.Errorf("%s (go test ./fn/build -update): -want, +got:\n%s", path, diff)
	}
}

// TestBuildspecFailsWithItsCommands checks that nothing hides that a command failed: each writes a file, or runs a step, and the shell of
// a step ends with the first command that fails.
func TestBuildspecFailsWithItsCommands(t *testing.T) {
	for _, name := range fntest.Runtimes(t) {
		b := of(name)
		for _, p := range []phase{b.Phases.Install, b.Phases.PreBuild, b.Phases.Build} {
			if p.OnFailure != "ABORT" || len(p.Commands) == 0 {
				t.Errorf("%s: want a phase that ends the build when a command fails, got %+v", name, p)
			}
			for _, command := range p.Commands {
				writes := strings.HasPrefix(command, "mkdir -p "+toolFolder+" && cat > "+toolFolder)
				unpacks := strings.HasPrefix(command, "base64 -d <<'END_OF_FILE' | tar -xz -C "+toolFolder+"\n")
				runs := strings.HasPrefix(command, "sh "+toolFolder+"/steps.sh ")
				if !writes && !unpacks && !runs {
					t.Errorf("%s: %q: want a command that writes a file or runs a step", name, command)
				}
			}
		}
		if script := scriptOf(name); !strings.HasPrefix(script, "set -eu\n") {
			t.Errorf("%s: want a script that ends with the first command that fails", name)
		}
	}
}

// scriptOf a runtime's steps.
func scriptOf(name string) string {
	return newConfig(func(c *Config) { c.Runtime = name }).language().files()[0].text
}

// TestScripts checks that each script has all steps, and is one that a shell reads.
func TestScripts(t *testing.T) {
	for _, name := range fntest.Runtimes(t) {
		script := scriptOf(name)
		for _, step := range []string{"install", "lint", "build", "test", "package", "load"} {
			if !strings.Contains(script, "\nstep_"+step+"() {\n") {
				t.Errorf("%s: no step %q", name, step)
			}
		}
		if out, err := exec.Command("sh", "-nc", script).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestQuote checks that the claim's texts are texts in the script, whatever they have.
func TestQuote(t *testing.T) {
	const text = `it's "$HOME" and $(pwd) and \n` + " `pwd`"
	out, err := exec.Command("sh", "-c", "printf %s "+quote(text)).Output()
	if err != nil || string(out) != text {
		t.Errorf("quote(%q): the shell reads %q, %v", text, out, err)
	}
}
