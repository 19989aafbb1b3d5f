package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

func TestBuildspec(t *testing.T) {
	generated := func(node string) string {
		return `artifacts:
  files:
  - '**/*'
phases:
  build:
    commands:
    - npm run build --if-present
    - npm run test --if-present
    - npm prune --omit=dev
    on-failure: ABORT
  install:
    commands:
    - npm ci
    on-failure: ABORT
    runtime-versions:
      nodejs: "` + node + `"
  pre_build:
    commands:
    - npm run lint --if-present
    on-failure: ABORT
version: "0.2"
`
	}
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   string
	}{
		"Default": {
			reason: "Lint, build and test should run if there are such scripts.",
			want:   generated("24"),
		},
		"OtherRuntime": {
			reason: "The build should run on the Node.js that the functions run on.",
			change: func(p *Pipeline) { p.Spec.Service.Runtime = "nodejs22.x" },
			want:   generated("22"),
		},
		"Own": {
			reason: "The claim's own buildspec should win, as it is.",
			change: func(p *Pipeline) { p.Spec.Build.Buildspec = "ci/buildspec.yml" },
			want:   "ci/buildspec.yml",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, newTestPipeline(t, tc.change).buildspec()); diff != "" {
				t.Errorf("%s\nbuildspec(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBuildspecFailsWithItsCommands checks that nothing hides that a command failed.
func TestBuildspecFailsWithItsCommands(t *testing.T) {
	b := buildspec{}
	if err := yaml.UnmarshalStrict([]byte(newTestPipeline(t).buildspec()), &b); err != nil {
		t.Fatalf("cannot parse buildspec: %v", err)
	}
	for _, phase := range []buildPhase{b.Phases.Install, b.Phases.PreBuild, b.Phases.Build} {
		if phase.OnFailure != "ABORT" || len(phase.Commands) == 0 {
			t.Errorf("want a phase that ends the build when a command fails, got %+v", phase)
		}
		for _, command := range phase.Commands {
			if strings.ContainsAny(command, "|&;") {
				t.Errorf("%q: want one plain command", command)
			}
		}
	}
}
