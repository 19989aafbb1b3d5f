# Tools of the build come first on the path: the package manager that the repository pins.
PATH=$tools/node/bin:$PATH
export PATH

# Lambda has no Plug'n'Play, so yarn installs folders.
YARN_NODE_LINKER=node-modules
YARN_ENABLE_TELEMETRY=0
export YARN_NODE_LINKER YARN_ENABLE_TELEMETRY

packages() {
  node "$tools/packages.mjs" "$@"
}

# locks_of a tool are the names of its lock files.
locks_of() {
  case $1 in
    npm) echo npm-shrinkwrap.json package-lock.json ;;
    pnpm) echo pnpm-lock.yaml ;;
    yarn) echo yarn.lock ;;
    bun) echo bun.lock bun.lockb ;;
    *) stop "build.tool is $1, which does not build Node.js: set it to npm, pnpm, yarn or bun, or leave it out" ;;
  esac
}

# look in the folder $root for lock files: of those tools that build.tool allows.
look() {
  found='' lock=''
  for candidate in ${tool:-npm pnpm yarn bun}; do
    for name in $(locks_of "$candidate"); do
      if [ -e "$root/$name" ]; then
        if [ -n "$found" ] && [ "$found" != "$candidate" ]; then
          stop "two tools have a lock file in $root: $(basename "$lock") is of $found, $name is of $candidate." \
            "Delete the one that nobody keeps, or set build.tool to $found or $candidate"
        fi
        if [ -z "$found" ]; then lock=$root/$name; fi
        found=$candidate
      fi
    done
  done
}

# choose the tool whose lock file is next: in the directory, or above it if the directory is a package of a workspace.
choose() {
  if ! has package.json; then
    stop "there is no package.json in $PWD: set source.directory to the folder that has it, or build.buildspec to your own commands"
  fi
  root=$(pwd -P)
  top=$(cd "${CODEBUILD_SRC_DIR:-.}" && pwd -P)
  look
  while [ -z "$found" ] && [ "$root" != "$top" ] && [ "$root" != / ]; do
    root=$(dirname "$root")
    look
  done
  if [ -z "$found" ]; then
    stop "there is no lock file of ${tool:-npm, pnpm, yarn or bun} in $PWD or above it, which says what to install:" \
      "run ${tool:-npm} install and commit the file that it writes"
  fi
  tool=$found
}

# each package that the build needs runs one of its scripts, if it has it and has not run it. Those that others need are first.
# A folder in $2 is left out.
each() {
  packages scripts "$root" "$1" > "$tools/scripts"
  while IFS= read -r folder; do
    if [ "$folder" = "${2-}" ] || grep -qsxF "$1 $folder" "$tools/ran"; then continue; fi
    echo "$1 $folder" >> "$tools/ran"
    printf '\n%s: script %s\n' "$folder" "$1"
    case $1 in
      test) test_package "$folder" ;;
      *) (cd "$folder" && run_script "$1") ;;
    esac < /dev/null
  done < "$tools/scripts"
}

# test_package runs the script test of a folder. Some runners succeed if they find no tests.
test_package() {
  { (cd "$1" && run_script test) && echo 0 > "$tools/code" || echo $? > "$tools/code"; } 2>&1 | tee "$tools/output"
  code=$(cat "$tools/code")
  if [ "$code" != 0 ]; then exit "$code"; fi
  passed_over=$(packages passed_over "$root" "$1" "$tools/output")
  if [ -n "$passed_over" ]; then
    stop "the script test in $1 did not run these, which look like tests:" $passed_over \
      "- name them in the script or in the configuration of what it runs, or set build.test to the command that tests"
  fi
}

# run_script of the package in this folder. yarn refuses what is not in its workspace: a package that is only linked to.
run_script() {
  case $(pwd -P)/ in
    "$root"/*) "$tool" run "$1" ;;
    *) npm run "$1" ;;
  esac
}

# install_all that the lock file says, and then what the lock files of packages say that are linked to and outside of its folder:
# npm and yarn install nothing for those.
install_all() {
  choose
  if grep -qsxF "$root" "$tools/installed"; then return; fi
  echo "$root" >> "$tools/installed"
  wanted=$(packages tool "$root" "$tool" "$lock")
  echo "$lock says what to install: by ${wanted:-npm $(npm --version)}."
  if [ -n "$wanted" ]; then npm install --global --prefix "$tools/node" --no-audit --no-fund "$wanted"; fi
  (cd "$root" && "install_by_$tool") || stop "$tool could not install what $lock says; why is above." \
    "If package.json was changed, run $tool install and commit the lock file." \
    "If another version of $tool wrote it, set packageManager in package.json to that version." \
    "If a script of the repository asks git, set source.fullClone in the claim, as builds have no .git otherwise." \
    "If a registry refused, set its token in build.secrets"
  linked=$(packages linked "$root")
  printf '%s\n' "$linked" | while IFS= read -r folder; do
    if [ -n "$folder" ]; then (cd "$folder" && tool='' && install_all) < /dev/null; fi
  done
}

install_by_npm() {
  npm ci --include=dev
}

install_by_pnpm() {
  pnpm install --frozen-lockfile --prod=false
}

install_by_yarn() {
  if grep -q '^# yarn lockfile v1' "$lock"; then
    yarn install --frozen-lockfile --production=false --non-interactive
  else
    # They are of Plug'n'Play, and --immutable would miss them.
    rm -f .pnp.cjs .pnp.loader.mjs
    yarn install --immutable
  fi
}

install_by_bun() {
  bun install --frozen-lockfile
}

step_install() {
  # With NODE_ENV=production no tool installs what builds and tests. Later steps have it again.
  unset NODE_ENV
  install_all
}

# step_lint builds the other packages first: what checks types reads what they build.
step_lint() {
  choose
  if [ -z "$(packages scripts "$root" lint)" ]; then return; fi
  each build "$(pwd -P)"
  each lint
}

step_build() {
  choose
  each build
}

# bun_test files, one on a line. bun takes what does not begin with a dot for a part of a name.
bun_test() (
  IFS='
'
  files=''
  for file in $1; do files=$files./$file$IFS; done
  bun test $files
)

step_test() {
  choose
  tests=$(packages untested "$root")
  if [ -n "$tests" ] && [ "$tool" = bun ]; then
    bun_test "$tests"
  elif [ -n "$tests" ]; then
    stop "these look like tests, and the package.json next above them has no script test that runs them:" $tests \
      "- add the script, or set build.test to the command that tests: node --test, or true if there is nothing to test"
  fi
  each test
}

step_package() {
  choose
  packages ship "$root" "$artifact"
}

# step_load moves the copy down, so that a path that leads out of it can be told from others.
step_load() {
  down=$(mktemp -d)/a/b/c
  mkdir -p "$down"
  mv "$(pwd -P)" "$down/task"
  cd "$down/task"
  node "$tools/load.mjs" "$handler" "$runtime"
}
