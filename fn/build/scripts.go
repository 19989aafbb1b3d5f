package build

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// scripts are what builds run, as files that can be read and tested without Go.
//
//go:embed scripts
var scripts embed.FS

// toolFolder is where a build has the script of its steps, and the language's loader. Every image of CodeBuild can write there.
const toolFolder = "/tmp/payment-delivery-pipeline"

// artifactFolder is what steps leave to be shipped, in the directory that is built. common.sh has it too.
const artifactFolder = "lambda-artifact"

// buildspec that runs the steps of the functions' language. A build has them with it, so that it needs no right to read them
// anywhere, and nobody can change them on the way.
func (c Config) stepsBuildspec() buildspec {
	l := c.language()
	install := []string{writeFile("steps.sh", c.script())}
	for _, name := range []string{l.packer, l.loader} {
		if name != "" {
			install = append(install, writeFile(name, readScript(name)))
		}
	}
	b := buildspec{
		Version: "0.2",
		Phases: phases{
			Install:  phaseOf(append(install, step("install"))...),
			PreBuild: phaseOf(step("lint")),
			Build:    phaseOf(step("build"), step("test"), step("package"), step("load")),
		},
		Artifacts: artifacts{BaseDirectory: artifactFolder, Files: []string{"**/*"}},
	}
	if l.tool != nil {
		tool, version := l.tool(runtime.Of(c.Runtime).Version())
		b.Phases.Install.RuntimeVersions = map[string]string{tool: version}
	}
	return b
}

// yes, or empty.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// script of all steps, with what the claim says of them at its top.
func (c Config) script() string {
	settings := []struct{ name, value string }{
		{"tools", toolFolder},
		{"runtime", c.Runtime},
		{"handler", c.Handler},
		{"tool", string(c.Build.Tool)},
		{"program", c.Build.Program},
		{"test_command", c.Build.Test},
		{"handler_check", string(c.Build.HandlerCheck)},
		{"layers", yes(c.Layers)},
	}
	var s strings.Builder
	for _, set := range settings {
		fmt.Fprintf(&s, "%s=%s\n", set.name, quote(set.value))
	}
	return s.String() + "\n" + readScript("common.sh") + "\n" + readScript(c.language().script) + "\nrun \"$1\"\n"
}

func readScript(name string) string {
	text, err := fs.ReadFile(scripts, "scripts/"+name)
	if err != nil {
		panic(err) // It is embedded.
	}
	return string(text)
}

// writeFile is a command that writes a file of the build's tools.
func writeFile(name, text string) string {
	const end = "END_OF_FILE"
	return "mkdir -p " + toolFolder + " && cat > " + toolFolder + "/" + name + " <<'" + end + "'\n" + strings.TrimSuffix(text, "\n") + "\n" + end + "\n"
}

// step is a command that runs one, in a shell of its own: whether CodeBuild keeps one shell for all commands is not to matter.
func step(name string) string {
	return "sh " + toolFolder + "/steps.sh " + name
}

// quote text for the shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func phaseOf(commands ...string) phase {
	return phase{OnFailure: "ABORT", Commands: commands}
}
