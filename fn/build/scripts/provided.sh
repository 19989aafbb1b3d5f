# Programs of Go and of Rust. What is shipped is one file, bootstrap.

# Tests are to test what is shipped: all commands of Go have cgo as the program has it, and build the same files. The tag leaves out what
# aws-lambda-go needs for a runtime that is gone. The claim's GOFLAGS may have tags of their own, and Go takes them from one place only.
export CGO_ENABLED="${CGO_ENABLED:-0}"
case "${GOFLAGS:-}" in
  *-tags*) ;;
  *) export GOFLAGS="${GOFLAGS:-} -tags=lambda.norpc" ;;
esac

# goenv would look for the very Go of a .go-version, which is in no image for long. go.mod may ask for a newer one, and Go fetches it.
if command -v goenv >/dev/null; then
  GOENV_VERSION=$(goenv global | head -n 1)
  export GOENV_VERSION
fi

# compiler of the program: go or cargo. Go looks for its module in the folders above too.
compiler() {
  case $tool in
    go | cargo) echo "$tool" && return ;;
    ?*) stop "build.tool: $tool builds nothing for $runtime; allowed: go, cargo" ;;
  esac
  if has Cargo.toml && has go.mod go.work; then
    stop "the directory has Cargo.toml and $(ls go.mod go.work 2>/dev/null | head -n 1): set build.tool to cargo or to go"
  fi
  if has Cargo.toml; then echo cargo
  elif has_above go.mod || has_above go.work; then echo go
  else
    stop "there is no go.mod and no Cargo.toml here: set source.directory to the program's folder"
  fi
}

# has_above tells whether the directory, or one above it in the repository, has this file.
has_above() {
  folder=$PWD
  until [ -e "$folder/$1" ]; do
    case $folder in "$CODEBUILD_SRC_DIR" | /) return 1 ;; esac
    folder=$(dirname "$folder")
  done
}

step_install() {
  by=$(compiler)
  "${by}_install"
}

step_lint() {
  by=$(compiler)
  "${by}_lint"
}

step_build() {
  by=$(compiler)
  mkdir "$artifact"
  "${by}_build"
}

step_test() {
  by=$(compiler)
  "${by}_test"
}

step_package() {
  :
}

# A vendor folder has all modules. To download them would ask a proxy for private ones.
go_install() {
  main=$(go env GOWORK)
  if [ -z "$main" ] || [ "$main" = off ]; then main=$(go env GOMOD); fi
  if [ ! -e "$(dirname "$main")/vendor/modules.txt" ]; then go mod download; fi
}

# go_directory is what of Go is in the directory, as Go names it. In the root of a workspace these are all its modules.
go_directory() {
  if has go.work; then go list -m -f '{{.Path}}/...'; else echo ./...; fi
}

# go_program that becomes the function, by its import path: the one that the claim names, or that in the directory itself, or the only one.
go_program() {
  is_main='{{if eq .Name "main"}}{{.ImportPath}}{{end}}'
  chosen=$(go list -e -f "$is_main" "./$program")
  if [ -n "$chosen" ]; then echo "$chosen" && return; fi
  patterns=$(go_directory)
  mains=$(go list -f "$is_main" $patterns)
  folders=$(go list -f '{{if eq .Name "main"}}{{.Dir}}{{end}}' $patterns | sed "s|^$PWD/||" | tr '\n' ' ')
  if [ -z "$mains" ]; then stop "there is no package main here, so no program: a library alone is no function"; fi
  if [ -n "$program" ]; then stop "build.program: $program has no package main; allowed: $folders"; fi
  if [ "$(echo "$mains" | wc -l)" -gt 1 ]; then
    stop "there are several programs, and one can be the function: set build.program to one of: $folders"
  fi
  echo "$mains"
}

# go_packages that are linted and tested: all in the directory, all of the repository's modules that the program uses, and packages with
# nothing but tests that import one of these.
go_packages() {
  main=$(go_program)
  patterns=$(go_directory)
  here=$(go list $patterns)
  used=$(go list -deps -f '{{with .Module}}{{if .Main}}{{$.ImportPath}}{{end}}{{end}}' "$main")
  imports='{{range .TestImports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}{{range .XTestImports}}{{$.ImportPath}} {{.}}{{"\n"}}{{end}}'
  go list -e -f "{{if not .GoFiles}}$imports{{end}}" $(go list -m -f '{{.Path}}/...') >"$tools/imports"
  echo "$used" >"$tools/used"
  outside=$(awk 'NR == FNR {used[$1]; next} $2 in used {print $1}' "$tools/used" "$tools/imports")
  printf '%s\n' $here $used $outside | sort -u
}

# go_replacements are folders of modules that go.mod replaces by what is in the repository, and that the program uses.
go_replacements() {
  main=$(go_program)
  folders=$(go list -deps -f '{{with .Module}}{{with .Replace}}{{if not .Version}}{{.Dir}}{{end}}{{end}}{{end}}' "$main")
  echo "$folders" | sort -u
}

go_lint() {
  go_without_cgo
  packages=$(go_packages)
  if go vet $packages; then return; fi
  if grep -rqs --include='*.go' '^//go:generate' .; then echo "go:generate does not run in builds: commit what it writes." >&2; fi
  return 1
}

# go_without_cgo says which packages lose files as the program is built without cgo: they may not compile, or not do what they should.
go_without_cgo() {
  if [ "$CGO_ENABLED" != 0 ]; then return; fi
  lost=$(CGO_ENABLED=1 go list -e -deps -f '{{if and .CgoFiles (not .Standard)}}{{.ImportPath}}{{end}}' "./$program" $(go_directory))
  if [ -z "$lost" ]; then return; fi
  echo "These packages have files for cgo, which the program is built without:" $lost
  echo 'If the program needs them, set CGO_ENABLED: "1" in build.environment.'
}

go_build() {
  main=$(go_program)
  go build -trimpath -o "$artifact/bootstrap" "$main"
}

go_test() {
  packages=$(go_packages)
  go test $packages
  for folder in $(go_replacements); do
    (cd "$folder" && go test ./...)
  done
  go_untested $packages
}

# go_untested says which tests of the directory have not run. They are in a module of their own, or a build tag is theirs, which somebody
# has decided. That none has run nobody has.
go_untested() {
  files='{{range .TestGoFiles}}{{$.Dir}}/{{.}}{{"\n"}}{{end}}{{range .XTestGoFiles}}{{$.Dir}}/{{.}}{{"\n"}}{{end}}'
  ran=$(go list -f "$files" "$@")
  for folder in $(go_replacements); do
    ran="$ran
$(cd "$folder" && go list -f "$files" ./...)"
  done
  find "$PWD" -name '*_test.go' ! -path '*/vendor/*' ! -path '*/testdata/*' ! -path '*/_*/*' ! -path '*/.*/*' >"$tools/tests"
  missed=$(echo "$ran" | grep -vxFf - "$tools/tests" || true)
  if [ -z "$missed" ]; then return; fi
  echo "These tests have not run. They have a build tag, or are in a module that the program does not use:" $missed
  echo "If they are to run, set build.test to a command that runs them all."
  if [ "$(echo "$missed" | wc -l)" = "$(wc -l <"$tools/tests")" ]; then
    stop "there are tests, and not one has run: set build.test to the command that runs them"
  fi
}

cargo_install() {
  if ! has Cargo.toml; then stop "there is no Cargo.toml here: set source.directory to the folder of the package or of its workspace"; fi
  workspace=$(cargo_workspace)
  if [ ! -e "$workspace/Cargo.lock" ]; then
    stop "there is no Cargo.lock: run cargo generate-lockfile, take the file out of .gitignore if it is there, and commit it"
  fi
  cargo fetch --locked
  # A toolchain that the repository names comes without them if rustup's profile is minimal.
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
}

# cargo_workspace is the folder of the workspace that the directory is in. It may be the directory.
cargo_workspace() {
  manifest=$(cargo locate-project --workspace --message-format plain "$@")
  dirname "$manifest"
}

# cargo_all has the words that mean all packages, in the root of a workspace. Elsewhere the directory's package is meant.
cargo_all() {
  workspace=$(cargo_workspace)
  if [ "$workspace" = "$(pwd -P)" ] || [ "$workspace" = "$PWD" ]; then echo "$1"; fi
}

cargo_lint() {
  name=$(cargo_program)
  features=$(cargo_features "$name")
  all=$(cargo_all --workspace)
  # Clippy runs build.rs, which may write what is formatted.
  cargo clippy $all --locked $features -- -D warnings
  all=$(cargo_all --all)
  cargo fmt $all --check
}

# cargo_programs of the directory's package, or of the whole workspace. Cargo lists them if it misses the name of one.
cargo_programs() {
  cargo build "$@" --locked --bin 2>&1 | sed -n 's/^    \([A-Za-z0-9_-]*\)$/\1/p' | sort -u
}

# cargo_program that becomes the function: the one that the claim names, or the only one of the directory's package, or of the workspace.
cargo_program() {
  names=$(cargo_programs)
  if [ -z "$names" ] || { [ -n "$program" ] && ! echo "$names" | grep -qxF "$program"; }; then
    all=$(cargo_all --workspace)
    names=$(cargo_programs $all)
  fi
  list=$(echo "$names" | tr '\n' ' ')
  if [ -z "$names" ]; then stop "no package here has a program (src/main.rs): a library alone is no function"; fi
  if [ -n "$program" ]; then
    echo "$names" | grep -qxF "$program" || stop "build.program: there is no binary $program; allowed: $list"
    names=$program
  fi
  if [ "$(echo "$names" | wc -l)" -gt 1 ]; then
    stop "there are several programs, and one can be the function: set build.program to one of: $list"
  fi
  echo "$names"
}

# cargo_features are words that switch on what Cargo.toml says that the program requires. Without them Cargo passes over its tests too.
cargo_features() {
  cargo metadata --no-deps --locked --format-version 1 | tr '{' '\n' |
    sed -n 's/.*"kind":\["bin"\].*"name":"'"$1"'".*"required-features":\[\([^]]*\)\].*/--features \1/p' | tr -d '"' | head -n 1
}

cargo_build() {
  name=$(cargo_program)
  features=$(cargo_features "$name")
  scope=
  if ! cargo_programs | grep -qxF "$name"; then scope=$(cargo_all --workspace); fi
  # Where Cargo builds is for the repository's configuration to say, so Cargo is asked where.
  cargo build --release --locked $scope $features --bin "$name" --message-format json-render-diagnostics >"$tools/messages"
  folders=$(sed -n 's|.*"manifest_path":"\([^"]*\)/Cargo.toml".*"executable":"[^"]*".*|\1|p' "$tools/messages" | sort)
  if [ "$(echo "$folders" | wc -l)" -gt 1 ]; then
    stop "several packages have a program $name, and one can be the function: set source.directory to the folder of one of them:" \
      $(echo "$folders" | sed "s|^$(pwd -P)/||")
  fi
  built=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$tools/messages")
  cp "$built" "$artifact/bootstrap"
}

cargo_test() {
  name=$(cargo_program)
  features=$(cargo_features "$name")
  all=$(cargo_all --workspace)
  cargo test $all --locked $features
  cargo_compiled >"$tools/compiled"
  cargo_used >"$tools/used"
  while read -r folder; do cargo_test_used "$folder"; done <"$tools/used"
  cargo_untested
}

# cargo_compiled are the files that Cargo has compiled for a package, by what it notes beside each of its outputs.
cargo_compiled() {
  from=$(cargo_workspace "$@")
  to=$(cargo metadata --no-deps --format-version 1 "$@" | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
  find "$to" -path '*/deps/*.d' -exec sed -n 's/\.rs:$/.rs/p' {} + | sed "s|^[^/]|$from/&|"
}

# cargo_untested says which tests of the directory have not run: no package that was tested has their file. They need a feature, which
# somebody has decided, or in a package or file that nothing names. That none has run nobody has decided.
cargo_untested() {
  find "$(pwd -P)" -name '*.rs' ! -path '*/target/*' ! -path '*/vendor/*' -exec \
    grep -lE '^[[:space:]]*#\[([a-z_]+::)*(test|rstest|test_case)[](]' {} + >"$tools/tests" || true
  missed=$(grep -vxFf "$tools/compiled" "$tools/tests" || true)
  if [ -z "$missed" ]; then return; fi
  echo "These tests have not run. They need a feature, or are in a package or a file that nothing here names:" \
    $(echo "$missed" | sed "s|^$(pwd -P)/||")
  echo "If they are to run, set build.test to a command that runs them all."
  if [ "$(echo "$missed" | wc -l)" = "$(wc -l <"$tools/tests")" ]; then
    stop "there are tests, and not one has run: set build.test to the command that runs them"
  fi
}

# cargo_used are folders of packages in the repository that the directory's packages use.
cargo_used() {
  all=$(cargo_all --workspace)
  cargo tree --locked $all --edges normal,build --prefix none --format '{p}' >"$tools/tree"
  sed -n 's/.* (\(\/[^)]*\)).*/\1/p' "$tools/tree" | sort -u
}

# cargo_test_used tests a package that the tests of the directory have left out. One that is in no workspace may have no lock file.
cargo_test_used() {
  if ! theirs=$(cargo_workspace --manifest-path "$1/Cargo.toml" 2>/dev/null); then
    echo "The tests of $1 have not run: it is no member of its workspace, as a patched package is none."
    return
  fi
  ours=$(cargo_workspace)
  if [ "$1" = "$(pwd -P)" ]; then return; fi
  if [ "$theirs" = "$ours" ] && [ -n "$(cargo_all --workspace)" ]; then return; fi
  locked=
  if [ -e "$theirs/Cargo.lock" ]; then locked=--locked; fi
  cargo test $locked --manifest-path "$1/Cargo.toml" </dev/null
  cargo_compiled --manifest-path "$1/Cargo.toml" >>"$tools/compiled"
}

# A program is loaded as Lambda does it: it is started. It finds no events, so it ends with an error of its own, or waits. It has none of
# the build's secrets and rights: what it does before it asks for events must not be done by a build.
step_load() {
  if [ ! -f bootstrap ] || [ ! -x bootstrap ]; then stop "Runtime.InvalidEntrypoint: bootstrap is not there, or is no program"; fi
  check_processor
  check_libraries
  status=0
  start ./bootstrap || status=$?
  case $status in
    126 | 127)
      cat "$tools/start" >&2
      stop "Runtime.InvalidEntrypoint: bootstrap does not start (exit $status): a library that it is linked with is missing"
      ;;
  esac
  check_events
  case $status in
    124 | 137) echo "The handler starts: bootstrap waits for events." ;;
    *)
      echo "bootstrap ended with $status. It says:"
      tail -n 3 "$tools/start"
      check_files
      echo "The handler starts: bootstrap ended with $status, as there are no events in a build."
      ;;
  esac
}

# start a program in this folder, as Lambda does, and keep what it prints.
start() {
  env -i PATH="$PATH" HOME="$PWD" LAMBDA_TASK_ROOT="$PWD" _HANDLER="$handler" AWS_LAMBDA_RUNTIME_API=127.0.0.1:9 \
    timeout -k 1 10 "$1" >"$tools/start" 2>&1 </dev/null
}

# check_files finds that the program ends as it misses a file: if it is started in the repository instead, and misses none, the file is
# there, and does not ship.
check_files() {
  said=$(missed_file)
  if [ -z "$said" ]; then return; fi
  alone=$PWD
  cd "${OLDPWD:-$CODEBUILD_SRC_DIR}"
  start "$alone/bootstrap" || true
  if [ -n "$(missed_file)" ]; then return; fi
  stop "Runtime.ExitError: bootstrap misses a file that the repository has, and that does not ship:" \
    "put it into the program, by go:embed or include_str!. It says: $said"
}

# missed_file is what a program has said of a file that it misses.
missed_file() {
  grep -iE 'no such file|os error 2|not found|cannot find|does not exist' "$tools/start" | head -n 1
}

# check_events: a program asks the address in AWS_LAMBDA_RUNTIME_API for events, so it has this name in it, whatever its library is.
check_events() {
  if grep -aq AWS_LAMBDA_RUNTIME_API bootstrap; then return; fi
  what="bootstrap never asks Lambda for events, as AWS_LAMBDA_RUNTIME_API is not in it"
  if [ "$layers" = yes ]; then echo "$what: one of the function's layers must do it." && return; fi
  stop "Runtime.ExitError: $what. It is another program than the function: set build.program to that one." \
    "If a build tag of Go makes it the function, set GOFLAGS: -tags=<tag> in build.environment"
}

# check_processor reads the header of the program: its format is ELF of 64 bits, and its machine that of this image, and so the functions'.
check_processor() {
  header=$(od -An -tx1 -N20 bootstrap | tr -d ' \n')
  case $(uname -m) in
    x86_64) machine=3e00 ;;
    *) machine=b700 ;;
  esac
  case $header in
    7f454c4602*"$machine") ;;
    7f454c46*) stop "Runtime.InvalidEntrypoint: bootstrap is a program for another processor than $(uname -m), which the functions have:" \
      "leave GOARCH, and build.target of Cargo, to the image" ;;
    *) stop "Runtime.InvalidEntrypoint: bootstrap is no program for Linux: it begins with $header" ;;
  esac
}

# check_libraries of a program that is linked with any: Lambda has the C library 2.34 of Amazon Linux 2023, and few others.
check_libraries() {
  libraries=$(ldd bootstrap 2>/dev/null || true)
  case $libraries in *' => '*) ;; *) return 0 ;; esac
  newest=$(grep -ao 'GLIBC_2\.[0-9]*' bootstrap | sed 's/.*\.//' | sort -n | tail -n 1)
  if [ "${newest:-0}" -gt 34 ]; then
    stop "Runtime.InvalidEntrypoint: bootstrap needs the C library 2.$newest, and $runtime has 2.34: build in an image of Amazon Linux"
  fi
  known='^(libc|libm|libdl|libpthread|librt|libgcc_s)\.so'
  others=$(echo "$libraries" | sed -n 's/^[[:space:]]*\([^ ]*\) => .*/\1/p' | grep -vE "$known" || true)
  if [ -n "$others" ]; then echo "bootstrap needs libraries that Lambda, or a layer, must have:" $others; fi
}
