package build

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// of a runtime is the buildspec of a claim that says nothing more.
func of(name string) buildspec {
	return newConfig(func(c *Config) { c.Runtime = name }).steps().buildspec()
}

// inImages are the versions of languages that CodeBuild's images for both processors have, from amazonlinux-x86_64-standard:5.0
// and amazonlinux-aarch64-standard:3.0 on, and standard:7.0 and 8.0:
// https://github.com/aws/aws-codebuild-docker-images/blob/master/al/x86_64/standard/6.0/runtimes.yml and those beside it.
var inImages = map[string][]string{
	"nodejs": {"22", "24"},
	"python": {"3.11", "3.12", "3.13", "3.14"},
	"java":   {"corretto8", "corretto11", "corretto17", "corretto21", "corretto25"},
	"ruby":   {"3.3", "3.4", "4.0"},
}

// TestEveryRuntime checks that each runtime of a claim is built, in an image that has it, and that a cache keeps something for it.
func TestEveryRuntime(t *testing.T) {
	for _, name := range fntest.Runtimes(t) {
		for tool, version := range of(name).Phases.Install.RuntimeVersions {
			if !slices.Contains(inImages[tool], version) {
				t.Errorf("%s: no image has %s %s", name, tool, version)
			}
		}
	}
	for _, l := range runtime.Languages() {
		if len(languages[l].downloads) == 0 {
			t.Errorf("%s: nothing says how it is built, or what a cache keeps", l)
		}
	}
}

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
			if diff := cmp.Diff(tc.want, of(name).text()); diff != "" {
				t.Errorf("%s\nText(): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// plain commands, or one under a condition, and another otherwise: each fails if its command does.
var plain = regexp.MustCompile(`^([^|&;]+|if [^&;]+; then [^|&;]+; (else [^|&;]+; )?fi)$`)

// TestBuildspecFailsWithItsCommands checks that nothing hides that a command failed.
func TestBuildspecFailsWithItsCommands(t *testing.T) {
	for _, l := range runtime.Languages() {
		b := buildspec{}
		if err := yaml.UnmarshalStrict([]byte(of(string(l)+"1").text()), &b); err != nil {
			t.Fatalf("cannot parse buildspec: %v", err)
		}
		all := []phase{b.Phases.Install, b.Phases.Build}
		if b.Phases.PreBuild != nil {
			all = append(all, *b.Phases.PreBuild)
		}
		for _, p := range all {
			if p.OnFailure != "ABORT" || len(p.Commands)+len(p.RuntimeVersions) == 0 {
				t.Errorf("%s: want a phase that ends the build when a command fails, got %+v", l, p)
			}
			for _, command := range p.Commands {
				if !plain.MatchString(command) {
					t.Errorf("%s: %q: want one plain command", l, command)
				}
			}
		}
	}
}
