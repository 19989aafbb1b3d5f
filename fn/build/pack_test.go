package build

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestUnpack runs the commands that write a build's tools. They write each script whole, but for its comments, and print nothing.
func TestUnpack(t *testing.T) {
	for _, name := range fntest.Runtimes(t) {
		t.Run(name, func(t *testing.T) {
			c, folder := newConfig(func(c *Config) { c.Runtime = name }), t.TempDir()
			commands := c.stepsBuildspec().Phases.Install.Commands
			for _, command := range commands[:len(commands)-1] {
				out, err := exec.Command("sh", "-c", strings.ReplaceAll(command, toolFolder, folder)).CombinedOutput()
				if err != nil || len(out) > 0 {
					t.Fatalf("%v\n%s", err, out)
				}
			}
			for _, f := range append(c.language().files(), file{"settings.sh", strings.ReplaceAll(c.settings(), toolFolder, folder)}) {
				got, err := os.ReadFile(filepath.Join(folder, f.name))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(meant(f, f.text), meant(f, string(got))); diff != "" {
					t.Errorf("%s: -want, +got:\n%s", f.name, diff)
				}
			}
		})
	}
}

// meant are the lines of a file's text that are no comments, and without what they begin with if that means nothing.
func meant(f file, text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		start := strings.TrimLeft(line, " \t")
		switch {
		case strings.HasPrefix(start, "# "), strings.HasPrefix(start, "// "):
		case f.isFree() && start == "\n":
		case f.isFree():
			lines = append(lines, start)
		default:
			lines = append(lines, line)
		}
	}
	return lines
}

// TestUnpackFails checks that a build ends if its tools cannot be unpacked.
func TestUnpackFails(t *testing.T) {
	command := strings.ReplaceAll(newConfig().language().unpack(), toolFolder, t.TempDir())
	half := command[:len(command)/2] + "\nEND_OF_FILE\n"
	if out, err := exec.Command("sh", "-c", half).CombinedOutput(); err == nil {
		t.Errorf("want half of the files not to be taken, got:\n%s", out)
	}
}

// TestMaxLength checks that CodeBuild takes the buildspec of each runtime, with all that a claim may add, in lengths that people write. A
// claim may be longer by its schema: fn/claim then refuses it.
func TestMaxLength(t *testing.T) {
	for _, name := range fntest.Runtimes(t) {
		c := newConfig(everything, long, func(c *Config) { c.Runtime = name })
		if got := c.BuildspecLength(); got > MaxLength {
			t.Errorf("%s: the buildspec has %d characters, CodeBuild takes %d", name, got, MaxLength)
		}
	}
}

// long makes all that a buildspec has of a claim long.
func long(c *Config) {
	var files []string
	for i := range 10 {
		files = append(files, fmt.Sprintf("%0100d", i))
	}
	c.Handler = strings.Repeat("h", 128)
	c.Directory = strings.Repeat("d", 100)
	c.FullClone = true
	c.Build.Program = strings.Repeat("p", 252)
	c.Build.Test = strings.Repeat("t", 1024)
	c.Build.Reports = &v1alpha1.Reports{
		Test:     &v1alpha1.TestReport{Files: files, Format: "JUNITXML"},
		Coverage: &v1alpha1.CoverageReport{Files: files, Format: "CLOVERXML"},
	}
}
