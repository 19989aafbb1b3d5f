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
}

type buildPhases struct {
	Install  buildPhase `json:"install"`
	PreBuild buildPhase `json:"pre_build"`
	Build    buildPhase `json:"build"`
}

// A buildPhase ends the build when one of its commands fails, after which no later command of it runs.
type buildPhase struct {
	OnFailure       string            `json:"on-failure"`
	RuntimeVersions map[string]string `json:"runtime-versions,omitempty"`
	Commands        []string          `json:"commands"`
}

type buildspecArtifacts struct {
	Files []string `json:"files"`
}

// buildspec is the claim's own, or one that installs exactly what the lock file says, then lints, builds and tests. A
// script that the package does not have is passed over; one that fails, fails the build. What only the build needs is
// not shipped.
func (p Pipeline) buildspec() string {
	if p.Spec.Build.Buildspec != "" {
		return p.Spec.Build.Buildspec
	}
	return buildspecs.Get(p.Spec.Service.Runtime, func() string { return newBuildspec(p.Spec.Service.Runtime) })
}

// buildspecs by the functions' runtime.
var buildspecs = memo.New[string]()

func newBuildspec(runtime string) string {
	b, err := yaml.Marshal(buildspec{
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
	})
	if err != nil {
		panic(err) // Text and lists of text always marshal.
	}
	return string(b)
}

// nodeVersion of a Lambda runtime: 24 of nodejs24.x.
func nodeVersion(runtime string) string {
	return strings.TrimSuffix(strings.TrimPrefix(runtime, "nodejs"), ".x")
}
