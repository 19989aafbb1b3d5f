package build

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
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

// endOfFile ends the text of a file in a command.
const endOfFile = "END_OF_FILE"

// buildspec that runs the steps of the functions' language. A build has them with it, so that it needs no right to read them
// anywhere, and nobody can change them on the way.
func (c Config) stepsBuildspec() buildspec {
	l := c.language()
	b := buildspec{
		Version: "0.2",
		Phases: phases{
			Install:  phaseOf(writeFile("settings.sh", c.settings()), l.unpack(), step("install")),
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

// A setting of a build is a variable of its script.
type setting struct {
	name, value string
}

// settings are what the claim says of the steps. Only of compiled programs a repository may have several.
func (c Config) settings() string {
	settings := []setting{
		{"tools", toolFolder},
		{"runtime", c.Runtime},
		{"handler", c.Handler},
		{"tool", string(c.Build.Tool)},
		{"test_command", c.Build.Test},
		{"handler_check", string(c.Build.HandlerCheck)},
		{"layers", yes(c.Layers)},
	}
	if runtime.Of(c.Runtime).Language() == runtime.Provided {
		settings = append(settings, setting{"program", c.Build.Program})
	}
	var s strings.Builder
	s.WriteString("# What the claim says. Packed below are the files of fn/build/scripts.\n")
	for _, set := range settings {
		fmt.Fprintf(&s, "%s=%s\n", set.name, quote(set.value))
	}
	return s.String()
}

// unpack is a command that writes what the steps of the language need. It is the same for all claims, and made once.
func (l language) unpack() string {
	return unpacks.Get([]byte(l.script), func() string { return unpack(l.files()) })
}

// unpacks by the script of a language: there are few languages.
var unpacks = memo.New[string](4 << 20)

// files that the steps of the language need.
func (l language) files() []file {
	files := []file{{"steps.sh", readScript("common.sh") + "\n" + readScript(l.script) + "\nrun \"$1\"\n"}}
	for _, name := range []string{l.packer, l.loader} {
		if name != "" {
			files = append(files, file{name, readScript(name)})
		}
	}
	return files
}

func readScript(name string) string {
	text, err := fs.ReadFile(scripts, "scripts/"+name)
	if err != nil {
		panic(err) // It is embedded.
	}
	return string(text)
}

// writeFile is a command that writes a file of the build's tools. No line of the text is what ends the file.
func writeFile(name, text string) string {
	end := endOfFile
	for slices.Contains(strings.Split(text, "\n"), end) {
		end += "_"
	}
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
