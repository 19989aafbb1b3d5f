package runtime

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// TestBuildspecs shows what a build of each language runs, and that it has the version that the functions run on.
func TestBuildspecs(t *testing.T) {
	cases := map[string]struct {
		reason string
		want   string
	}{
		"nodejs22.x": {
			reason: "What the package has as scripts should run.",
			want: `artifacts:
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
      nodejs: "22"
  pre_build:
    commands:
    - npm run lint --if-present
    on-failure: ABORT
version: "0.2"
`,
		},
		"python3.14": {
			reason: "Only a package should be shipped, without the tools.",
			want: `artifacts:
  base-directory: package
  files:
  - '**/*'
phases:
  build:
    commands:
    - if [ -d tests ]; then PYTHONPATH=src:package python -m pytest tests; fi
    - cp -R src/. package
    on-failure: ABORT
  install:
    commands:
    - python -m pip install --require-hashes --requirement requirements.txt --target
      package
    - if [ -f requirements-dev.txt ]; then python -m pip install --require-hashes
      --requirement requirements-dev.txt; fi
    on-failure: ABORT
    runtime-versions:
      python: "3.14"
  pre_build:
    commands:
    - if [ -f ruff.toml ] || grep -qs '^\[tool\.ruff' pyproject.toml; then python
      -m ruff check --extend-exclude package; fi
    on-failure: ABORT
version: "0.2"
`,
		},
		"java21": {
			reason: "Classes should be shipped as they are, and libraries in lib.",
			want: `artifacts:
  base-directory: target/lambda
  files:
  - '**/*'
phases:
  build:
    commands:
    - if [ -f mvnw ]; then sh mvnw --batch-mode verify; else mvn --batch-mode verify;
      fi
    - if [ -f mvnw ]; then sh mvnw --batch-mode dependency:copy-dependencies -DincludeScope=runtime
      -DoutputDirectory=target/lambda/lib; else mvn --batch-mode dependency:copy-dependencies
      -DincludeScope=runtime -DoutputDirectory=target/lambda/lib; fi
    - cp -R target/classes/. target/lambda
    on-failure: ABORT
  install:
    on-failure: ABORT
    runtime-versions:
      java: corretto21
version: "0.2"
`,
		},
		"ruby3.4": {
			reason: "Gems should lie where Lambda looks for them, without the tools.",
			want: `artifacts:
  files:
  - '**/*'
phases:
  build:
    commands:
    - if [ -f Rakefile ]; then bundle exec rake test; fi
    - bundle config set --local without development:test
    - bundle clean --force
    on-failure: ABORT
  install:
    commands:
    - bundle config set --local deployment true
    - bundle config set --local path vendor/bundle
    - bundle config set --local global_gem_cache true
    - bundle install
    on-failure: ABORT
    runtime-versions:
      ruby: "3.4"
  pre_build:
    commands:
    - if [ -f .rubocop.yml ]; then bundle exec rubocop; fi
    on-failure: ABORT
version: "0.2"
`,
		},
		"provided.al2023": {
			reason: "Go and Rust should be built if the repository is of them, and nothing but the program shipped.",
			want: `artifacts:
  base-directory: package
  files:
  - '**/*'
phases:
  build:
    commands:
    - if [ -f go.mod ]; then go test ./...; fi
    - if [ -f go.mod ]; then CGO_ENABLED=0 go build -tags lambda.norpc -trimpath -o
      package/bootstrap .; fi
    - if [ -f Cargo.toml ]; then cargo test --locked; fi
    - if [ -f Cargo.toml ]; then cargo install --locked --no-track --path . --root
      target/lambda; fi
    - if [ -f Cargo.toml ]; then install -D target/lambda/bin/* package/bootstrap;
      fi
    on-failure: ABORT
  install:
    commands:
    - test -f go.mod -o -f Cargo.toml
    - if [ -f go.mod ]; then go mod download; fi
    - if [ -f Cargo.toml ]; then cargo fetch --locked; fi
    on-failure: ABORT
  pre_build:
    commands:
    - if [ -f go.mod ]; then go vet ./...; fi
    - if [ -f Cargo.toml ]; then cargo fmt --check; fi
    - if [ -f Cargo.toml ]; then cargo clippy --locked -- -D warnings; fi
    on-failure: ABORT
version: "0.2"
`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Of(name).Buildspec().Text()); diff != "" {
				t.Errorf("%s\nText(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// plain commands, or one under a condition, and another otherwise: each fails if its command does.
var plain = regexp.MustCompile(`^([^|&;]+|if [^&;]+; then [^|&;]+; (else [^|&;]+; )?fi)$`)

// TestBuildspecFailsWithItsCommands checks that nothing hides that a command failed.
func TestBuildspecFailsWithItsCommands(t *testing.T) {
	for _, l := range languages {
		b := Buildspec{}
		if err := yaml.UnmarshalStrict([]byte(Of(l.prefix+"1").Buildspec().Text()), &b); err != nil {
			t.Fatalf("cannot parse buildspec: %v", err)
		}
		phases := []Phase{b.Phases.Install, b.Phases.Build}
		if b.Phases.PreBuild != nil {
			phases = append(phases, *b.Phases.PreBuild)
		}
		for _, phase := range phases {
			if phase.OnFailure != "ABORT" || len(phase.Commands)+len(phase.RuntimeVersions) == 0 {
				t.Errorf("%s: want a phase that ends the build when a command fails, got %+v", l.prefix, phase)
			}
			for _, command := range phase.Commands {
				if !plain.MatchString(command) {
					t.Errorf("%s: %q: want one plain command", l.prefix, command)
				}
			}
		}
	}
}
