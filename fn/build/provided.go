package build

var provided = language{
	steps:     providedSteps,
	downloads: []string{"/go/pkg/mod/**/*", "/root/.cargo/registry/**/*"},
}

// providedSteps builds what the repository is written in. The versions are the image's, unless go.mod or
// rust-toolchain.toml says others, which Go and Rust then fetch.
func providedSteps(string) steps {
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
	}
}
