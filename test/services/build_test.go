package services

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// A buildspec as CodeBuild reads it.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
type buildspec struct {
	Version string `json:"version"`
	Phases  struct {
		Install  phase `json:"install"`
		PreBuild phase `json:"pre_build"`
		Build    phase `json:"build"`
	} `json:"phases"`
	Artifacts struct {
		BaseDirectory string   `json:"base-directory"`
		Files         []string `json:"files"`
	} `json:"artifacts"`
}

type phase struct {
	OnFailure string `json:"on-failure"`

	// RuntimeVersions are those of the build image. Here the build gets what the machine has.
	RuntimeVersions map[string]string `json:"runtime-versions"`

	Commands []string `json:"commands"`
}

// readBuildspec, of which nothing may be unknown here: it would not be carried out.
func readBuildspec(text string) (buildspec, error) {
	var b buildspec
	if err := yaml.UnmarshalStrict([]byte(text), &b); err != nil {
		return b, fmt.Errorf("cannot parse buildspec: %w", err)
	}
	if b.Version != "0.2" || len(b.Artifacts.Files) != 1 || b.Artifacts.Files[0] != "**/*" {
		return b, fmt.Errorf("cannot carry out a buildspec of version %q that ships %q", b.Version, b.Artifacts.Files)
	}
	for _, p := range b.phases() {
		if p.OnFailure != "" && p.OnFailure != "ABORT" {
			return b, fmt.Errorf("cannot carry out on-failure %q", p.OnFailure)
		}
	}
	return b, nil
}

func (b buildspec) phases() []phase {
	return []phase{b.Phases.Install, b.Phases.PreBuild, b.Phases.Build}
}

// script of all commands. In version 0.2 they share one shell, and the first that fails ends a build whose phases abort.
func (b buildspec) script() string {
	var s strings.Builder
	for _, p := range b.phases() {
		for _, command := range p.Commands {
			first, _, _ := strings.Cut(command, "\n")
			fmt.Fprintf(&s, "echo %s\n{ %s\n} || exit\n", quote("Running command "+first), command)
		}
	}
	return s.String()
}

// quote text for the shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// toolFolder is where buildspecs keep their scripts. Here several builds run at once.
const toolFolder = "/tmp/payment-delivery-pipeline"

// briefJVM has options for a Java that ends soon.
const briefJVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

// run the build in a copy of a repository, with variables of its environment, and return what it has printed.
func (b buildspec) run(t *testing.T, dir string, variables ...string) (output string, err error) {
	t.Helper()
	script := strings.ReplaceAll(b.script(), toolFolder, t.TempDir())
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	// Rust's compiler need not optimise what gets a few dozen requests, nor Java's what builds one small service: that takes most of
	// their time.
	cmd.Env = append(os.Environ(), "CODEBUILD_SRC_DIR="+dir, "CARGO_PROFILE_RELEASE_OPT_LEVEL=0", "CARGO_PROFILE_DEV_DEBUG=0",
		"MAVEN_OPTS="+briefJVM, "GRADLE_OPTS="+briefJVM,
		"PATH="+filepath.Join(dir, ".venv", "bin")+":"+os.Getenv("PATH"))
	cmd.Env = append(cmd.Env, variables...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// shipped is the folder that becomes the functions' code.
func (b buildspec) shipped(dir string) string {
	return filepath.Join(dir, b.Artifacts.BaseDirectory)
}
