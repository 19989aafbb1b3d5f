package architecture

import (
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
)

// A buildspec tells CodeBuild what to run.
// See https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
type buildspec struct {
	Version   string             `json:"version"`
	Phases    buildPhases        `json:"phases"`
	Artifacts buildspecArtifacts `json:"artifacts"`

	Reports map[string]buildReport `json:"reports,omitempty"`
	Cache   *buildspecCache        `json:"cache,omitempty"`
}

type buildPhases struct {
	Install  buildPhase `json:"install"`
	PreBuild buildPhase `json:"pre_build"`
	Build    buildPhase `json:"build"`
}

// A buildPhase ends the build when one of its commands fails, after which no later command of it runs. Without OnFailure it fails
// the build all the same, which then goes on with its reports.
type buildPhase struct {
	OnFailure       string            `json:"on-failure,omitempty"`
	RuntimeVersions map[string]string `json:"runtime-versions,omitempty"`
	Commands        []string          `json:"commands"`
}

type buildspecArtifacts struct {
	Files         []string `json:"files"`
	BaseDirectory string   `json:"base-directory,omitempty"`
}

// buildspec is the claim's own, or one that installs exactly what the lock file says, then lints, builds and tests. A
// script that the package does not have is passed over; one that fails, fails the build. What only the build needs is
// not shipped.
func (p Pipeline) buildspec() string {
	if p.Spec.Build.Buildspec != "" {
		return p.Spec.Build.Buildspec
	}
	runtime, extras := p.Spec.Service.Runtime, p.buildExtras()
	return buildspecs.Get(runtime+*jsonText(extras), func() string { return newBuildspec(runtime, extras) })
}

// buildspecs by the functions' runtime and what the claim adds.
var buildspecs = memo.New[string]()

func newBuildspec(runtime string, extras buildExtras) string {
	spec := buildspec{
		Version: "0.2",
		Phases: buildPhases{
			Install: buildPhase{
				OnFailure:       "ABORT",
				RuntimeVersions: map[string]string{"nodejs": nodeVersion(runtime)},
				Commands:        []string{"npm ci"},
			},
			PreBuild: buildPhase{
				OnFailure: "ABORT",
				Commands:  []string{"npm run lint --if-present"},
			},
			Build: buildPhase{
				OnFailure: "ABORT",
				Commands: []string{
					"npm run build --if-present",
					"npm run test --if-present",
					"npm prune --omit=dev",
				},
			},
		},
		Artifacts: buildspecArtifacts{Files: []string{"**/*"}},
	}
	extras.addTo(&spec)
	b, err := yaml.Marshal(spec)
	if err != nil {
		panic(err) // Text and lists of text always marshal.
	}
	return string(b)
}

// nodeVersion of a Lambda runtime: 24 of nodejs24.x.
func nodeVersion(runtime string) string {
	return strings.TrimSuffix(strings.TrimPrefix(runtime, "nodejs"), ".x")
}
