step_install() {
  if has go.mod; then go mod download
  elif has Cargo.toml; then cargo fetch --locked
  else stop "there is no go.mod and no Cargo.toml here: set source.directory to the program's folder, or build.buildspec to your own commands"
  fi
}

step_lint() {
  if has go.mod; then go vet ./...
  else
    cargo fmt --check
    cargo clippy --locked -- -D warnings
  fi
}

step_build() {
  mkdir "$artifact"
  if has go.mod; then CGO_ENABLED=0 go build -tags lambda.norpc -trimpath -o "$artifact/bootstrap" .
  else
    cargo install --locked --no-track --path . --root target/lambda
    # With two programs it fails: only one can be the function.
    install target/lambda/bin/* "$artifact/bootstrap"
  fi
}

step_test() {
  if has go.mod; then go test ./...; else cargo test --locked; fi
}

step_package() {
  :
}

step_load() {
  :
}
