package runtime

// provided runs a program: of Go or Rust, say.
var provided = language{
	prefix:    "provided",
	handler:   "bootstrap",
	buildspec: providedBuildspec,
	downloads: []string{"/go/pkg/mod/**/*", "/root/.cargo/registry/**/*"},
	bootstrap: providedBootstrap,
}

// providedBuildspec builds what the repository is written in. The versions are the image's, unless go.mod or
// rust-toolchain.toml says others, which Go and Rust then fetch.
func providedBuildspec(string) Buildspec {
	golang := func(command string) string { return when(exists("go.mod"), command) }
	rust := func(command string) string { return when(exists("Cargo.toml"), command) }
	return steps{
		install: []string{
			"test -f go.mod -o -f Cargo.toml",
			golang("go mod download"),
			rust("cargo fetch --locked"),
		},
		lint: []string{
			golang("go vet ./..."),
			rust("cargo fmt --check"),
			rust("cargo clippy --locked -- -D warnings"),
		},
		build: []string{
			golang("go test ./..."),
			golang("CGO_ENABLED=0 go build -tags lambda.norpc -trimpath -o package/bootstrap ."),
			rust("cargo test --locked"),
			rust("cargo install --locked --no-track --path . --root target/lambda"),
			// With two programs it fails: only one can be the function.
			rust("install -D target/lambda/bin/* package/bootstrap"),
		},
		shipped: "package",
	}.buildspec()
}

// The answer is quoted for the shell, around the function's colour.
const providedSource = `#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  id=$(curl -sS -o /dev/null -w '%header{lambda-runtime-aws-request-id}' "$api/next")
  curl -sS -o /dev/null -d '` + answerBegin + `'"$VERSION"'` + answerEnd + `' "$api/$id/response"
done
`

// providedBootstrap is a program that asks for requests and answers them, whatever the handler: see
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html.
func providedBootstrap(string) []file {
	return []file{{name: "bootstrap", content: []byte(providedSource), mode: 0o755}}
}
