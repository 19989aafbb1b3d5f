package runtime

import (
	"sigs.k8s.io/yaml"
)

// A Buildspec tells CodeBuild what to run.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
type Buildspec struct {
	Version   string    `json:"version"`
	Phases    Phases    `json:"phases"`
	Artifacts Artifacts `json:"artifacts"`

	// Reports by the names that end those of their groups.
	Reports map[string]Report `json:"reports,omitempty"`
	Cache   *Cache            `json:"cache,omitempty"`
}

// Phases of a build, in their order.
type Phases struct {
	Install  Phase  `json:"install"`
	PreBuild *Phase `json:"pre_build,omitempty"`
	Build    Phase  `json:"build"`
}

// A Phase ends the build when one of its commands fails, after which no later command of it runs. Without OnFailure the build fails
// all the same, and goes on with its reports.
type Phase struct {
	OnFailure       string            `json:"on-failure,omitempty"`
	RuntimeVersions map[string]string `json:"runtime-versions,omitempty"`
	Commands        []string          `json:"commands,omitempty"`
}

// Artifacts are what becomes the function's code, as it is.
type Artifacts struct {
	// BaseDirectory that files are in. Empty: the repository.
	BaseDirectory string   `json:"base-directory,omitempty"`
	Files         []string `json:"files"`
}

// A Report is what CodeBuild makes of files that tests have written.
type Report struct {
	Files         []string `json:"files"`
	FileFormat    string   `json:"file-format"`
	BaseDirectory string   `json:"base-directory,omitempty"`
}

// A Cache is what is kept for the next build.
type Cache struct {
	Paths []string `json:"paths"`
}

// steps of a build, by CodeBuild's phases.
type steps struct {
	// tool and its version that the image is to provide. Empty: those that the image has otherwise.
	tool, version string

	install, lint, build []string

	// shipped is the directory that the functions' code is in. Empty: the repository.
	shipped string
}

func (s steps) buildspec() Buildspec {
	b := Buildspec{
		Version: "0.2",
		Phases: Phases{
			Install: phase(s.install...),
			Build:   phase(s.build...),
		},
		Artifacts: Artifacts{BaseDirectory: s.shipped, Files: []string{"**/*"}},
	}
	if s.tool != "" {
		b.Phases.Install.RuntimeVersions = map[string]string{s.tool: s.version}
	}
	if len(s.lint) > 0 {
		b.Phases.PreBuild = new(phase(s.lint...))
	}
	return b
}

func phase(commands ...string) Phase {
	return Phase{OnFailure: "ABORT", Commands: commands}
}

// when runs a command only if the condition holds. If the command fails, all of it does.
func when(condition, command string) string {
	return "if " + condition + "; then " + command + "; fi"
}

// exists is the condition that the repository has a file.
func exists(file string) string {
	return "[ -f " + file + " ]"
}

// Text of the buildspec, as YAML.
func (b Buildspec) Text() string {
	text, err := yaml.Marshal(b)
	if err != nil {
		panic(err) // Text and lists of text always marshal.
	}
	return string(text)
}
