package build

import (
	"sigs.k8s.io/yaml"
)

// A buildspec tells CodeBuild what to run.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
type buildspec struct {
	Version   string    `json:"version"`
	Env       *env      `json:"env,omitempty"`
	Phases    phases    `json:"phases"`
	Artifacts artifacts `json:"artifacts"`

	// Reports by the names that end those of their groups.
	Reports map[string]report `json:"reports,omitempty"`
	Cache   *cache            `json:"cache,omitempty"`
}

// An env is what a build has beside the project's variables.
type env struct {
	// GitCredentialHelper is yes if git may read through the project's connection.
	GitCredentialHelper string `json:"git-credential-helper,omitempty"`
}

// phases of a build, in their order.
type phases struct {
	Install  phase `json:"install"`
	PreBuild phase `json:"pre_build"`
	Build    phase `json:"build"`
}

// A phase ends the build when one of its commands fails, after which no later command of it runs. Without OnFailure the build fails
// all the same, and goes on with its reports.
type phase struct {
	OnFailure       string            `json:"on-failure,omitempty"`
	RuntimeVersions map[string]string `json:"runtime-versions,omitempty"`
	Commands        []string          `json:"commands,omitempty"`
}

// artifacts are what becomes the function's code, as it is.
type artifacts struct {
	// BaseDirectory that files are in. Empty: the repository.
	BaseDirectory string   `json:"base-directory,omitempty"`
	Files         []string `json:"files"`
}

// A report is what CodeBuild makes of files that tests have written.
type report struct {
	Files         []string `json:"files"`
	FileFormat    string   `json:"file-format"`
	BaseDirectory string   `json:"base-directory,omitempty"`
}

// A cache is what is kept for the next build.
type cache struct {
	Paths []string `json:"paths"`
}

// text of the buildspec, as YAML.
func (b buildspec) text() string {
	text, err := yaml.Marshal(b)
	if err != nil {
		panic(err) // Text and lists of text always marshal.
	}
	return string(text)
}
