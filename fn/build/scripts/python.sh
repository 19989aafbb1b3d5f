# What is installed is what the repository's lock file says. Tools that it does not pin come in these versions.
uv_version=0.13.9
poetry_version=2.5.1
poetry_export_version=1.10.1

# Lambda's runtime brings these. The handler is loaded with them: they are not shipped.
boto3_version=1.44.8
awslambdaric_version=4.2.2
snapshot_restore_version=1.0.0

# Requirements are installed into this folder, shipped, and found by tests.
packages=package

# Files that say what tests and linters need, by the names that people give them.
dev_files='requirements-dev.txt requirements-test.txt requirements-tests.txt requirements_dev.txt requirements_test.txt
dev-requirements.txt test-requirements.txt dev_requirements.txt test_requirements.txt
requirements/dev.txt requirements/test.txt requirements/tests.txt tests/requirements.txt test/requirements.txt'

# pyenv would take another Python than the functions', if the repository has a .python-version.
if command -v pyenv >/dev/null; then
  PYENV_VERSION=$(pyenv global | head -n 1)
  export PYENV_VERSION
fi

# A test finds the repository's code, and what is shipped with it. So does a command of build.test.
if [ "${1:-}" = test ]; then
  PYTHONPATH=$PWD/src:$PWD:$PWD/$packages${PYTHONPATH:+:$PYTHONPATH}
  export PYTHONPATH PYTHONDONTWRITEBYTECODE=1
fi

# choose the tool by the lock file: it becomes $by, and its file $lock.
choose() {
  lock='' by=''
  case $tool in
    '') ;;
    pip) lock=requirements.txt ;;
    uv) lock=uv.lock ;;
    poetry) lock=poetry.lock ;;
    *) stop "build.tool $tool does not build Python. Allowed: pip, uv, poetry" ;;
  esac
  for pair in pip:requirements.txt uv:uv.lock poetry:poetry.lock; do
    if [ -n "$tool" ]; then break; fi
    if ! has "${pair#*:}"; then continue; fi
    if [ -n "$lock" ]; then
      stop "$lock and ${pair#*:} are both here, and the build installs by one: delete the other, or set build.tool to $by or ${pair%:*}"
    fi
    by=${pair%:*} lock=${pair#*:}
  done
  by=${tool:-$by}
  uv_root=$PWD
  if [ -z "$by" ] || { [ "$by" = uv ] && ! has uv.lock; }; then find_workspace; fi
  if [ -n "$lock" ] && ! has "$uv_root/$lock"; then
    stop "build.tool is $by, and there is no $lock here. Write it, or leave build.tool empty"
  fi
  if [ -z "$by" ]; then check_unlocked; fi
}

# find_workspace of uv that this directory may be a member of: its lock file is above.
find_workspace() {
  if ! has pyproject.toml; then return; fi
  above=$PWD
  while [ "$above" != "${CODEBUILD_SRC_DIR:-$PWD}" ] && [ "$above" != / ]; do
    above=$(dirname "$above")
    if has "$above/uv.lock"; then
      by=uv lock=uv.lock uv_root=$above
      return
    fi
  done
}

# check_unlocked that a repository without a lock file needs none.
check_unlocked() {
  if has Pipfile.lock; then
    stop "the build does not install Pipfile.lock. Write it as requirements.txt: pipenv requirements --hash > requirements.txt"
  fi
  for file in pdm.lock pylock.toml pixi.lock environment.yml environment.yaml; do
    if has "$file"; then stop "the build does not install $file. Allowed: requirements.txt, uv.lock, poetry.lock, or a build.buildspec"; fi
  done
  for file in requirements.in Pipfile; do
    if has "$file"; then stop "$file says what is needed, and there is no requirements.txt, uv.lock or poetry.lock. Write one from it"; fi
  done
  for file in requirements[-_.]base.txt requirements[-_.]lambda.txt requirements[-_.]prod*.txt; do
    if has "$file"; then
      stop "$file says what is needed, and the build reads requirements.txt. Rename it, or write requirements.txt with the line: -r $file"
    fi
  done
  if has requirements; then
    stop "requirements says what is needed, and there is no requirements.txt, uv.lock or poetry.lock. \
Write requirements.txt with a line for each file that the function needs: -r requirements/NAME.txt"
  fi
  check_inner
  if grep -Eqs '^\[tool\.poetry\.dependencies]|^dependencies *= *\[ *($|[^] ])' pyproject.toml \
    || grep -qs install_requires setup.py setup.cfg; then
    stop "the project has dependencies and no lock file. Write one: uv lock, poetry lock, or pip-compile --generate-hashes"
  fi
}

# check_inner requirements: those of the handler's folders must not be left out. Others may be those of documentation, or of a tool.
check_inner() {
  module=$(printf '%s' "${handler%.*}" | tr . /)
  find . -mindepth 2 -maxdepth 4 -name requirements.txt ! -path './.*' ! -path './test*/*' ! -path '*/node_modules/*' | sort \
    | while IFS= read -r inner; do
      folder=$(dirname "${inner#./}")
      case "$module src/$module" in
        "$folder"/* | *" $folder"/*)
          stop "$inner says what is needed, and the build reads requirements.txt of source.directory. Set source.directory to its folder, \
or write a requirements.txt with the line: -r $inner"
          ;;
      esac
      echo "$inner is not installed, as the handler is in another folder. What it needs is in requirements.txt of source.directory."
    done
}

step_install() {
  choose
  if has "$packages"; then stop "the repository has a $packages, and the build installs requirements there: give yours another name"; fi
  check_python
  mkdir "$packages"
  case $by in
    uv) install_by_uv ;;
    poetry) install_by_poetry ;;
    pip) pip_install requirements.txt --target "$packages" ;;
    *)
      echo "There is no requirements.txt, uv.lock or poetry.lock: the function gets nothing but Python."
      note_above requirements.txt poetry.lock
      ;;
  esac
  if [ "${by:-pip}" = pip ]; then install_dev_files; fi
}

check_python() {
  here=$(python -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  if [ "$here" != "$runtime" ]; then
    echo "The image has $here, and the functions $runtime: what is compiled for one does not run on the other."
  fi
}

install_dev_files() {
  for file in $dev_files; do
    if has "$file"; then pip_install "$file"; fi
  done
}

# pip_install what a file requires, with these arguments. What has hashes must match them. Folders and repositories of git cannot have
# any, so pip takes them apart from the rest, and without what they need, which must have its own lines.
pip_install() {
  from=$1
  shift
  lists=$(mktemp -d)
  split_requirements "$from" "$lists"
  if has "$lists/locked"; then python -m pip install --no-compile --require-hashes --requirement "$lists/locked" "$@"; fi
  if has "$lists/direct"; then
    echo "These of $from have no hashes, as folders and repositories cannot: what is there now is installed."
    cat "$lists/direct"
    if [ "$#" -gt 0 ]; then set -- --target "$lists/target"; fi
    python -m pip install --no-compile --no-deps --requirement "$lists/direct" "$@"
    # They may be parts of a package that others are parts of too: pip would put one in place of the other.
    if has "$lists/target"; then cp -R "$lists/target/." "$packages"; fi
  fi
  if has "$lists/loose"; then
    echo "$from has no hashes: the build installs what the registry has today. pip-compile --generate-hashes writes them."
    python -m pip install --no-compile --requirement "$lists/loose" "$@"
  fi
}

# split_requirements of a file, and of those that it names, into files of a folder: locked and direct ones, or loose ones without hashes.
split_requirements() {
  python - "$1" "$2" <<'END_OF_PYTHON'
import codecs, os, re, sys

def read(path):
    """Return the requirements of a file, and its options, as whole lines."""
    try:
        data = open(path, "rb").read()
    except FileNotFoundError:
        sys.exit(f"The build stops: {path} is required, and is not there")
    # PowerShell's > writes UTF-16.
    text = data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = re.sub(r"(^|\s+)#.*$", "", line).strip()
        nested = re.match(r"(?:-r|--requirement)[ =]*(.+)", line)
        constraint = re.match(r"(-c|--constraint|-f|--find-links)[ =]*(?!\w+:)(.+)", line)
        if nested:
            yield from read(os.path.join(os.path.dirname(path), nested[1]))
        elif constraint:
            yield f"{constraint[1]} {os.path.abspath(os.path.join(os.path.dirname(path), constraint[2]))}"
        elif line:
            # An editable one is a link to the repository, which is not shipped.
            yield re.sub(r"^(-e|--editable)[ =]*", "", line)

def is_direct(line):
    first = line.split(";")[0].strip()
    return bool(re.match(r"(\.|/|[a-z+]+:)", first) or re.search(r" ?@ ?[a-z+]+:", first) or os.path.exists(first))

path, folder = sys.argv[1:]
lines = list(dict.fromkeys(read(path)))
options = [line for line in lines if line.startswith("-")]
wanted = [line for line in lines if not line.startswith("-")]
locked = [line for line in wanted if "--hash" in line or re.search(r"#sha(256|384|512)=", line)]
direct = [line for line in wanted if line not in locked and is_direct(line)]
loose = [line for line in wanted if line not in locked + direct]
if locked and loose:
    sys.exit(f"The build stops: {path} has hashes, but not for: {', '.join(loose)}. pip-compile --generate-hashes writes them for all")
if not locked:
    direct, loose = [], wanted
for name, some in ("locked", locked), ("direct", direct), ("loose", loose):
    if some:
        open(os.path.join(folder, name), "w", encoding="utf-8").write("\n".join(options + some) + "\n")
END_OF_PYTHON
}

# pinned_version of a tool, as pip takes it: what a file of the repository says after a name, or this one.
pinned_version() {
  asked=$(sed -n "s/^$1  *\([0-9][^ ]*\).*/\1/p" .tool-versions 2>/dev/null | head -n 1)
  if [ -z "$asked" ]; then asked=$(sed -n "s/^$2 *= *[\"']\\(.*\\)[\"'].*/\\1/p" pyproject.toml uv.toml 2>/dev/null | head -n 1); fi
  case $asked in
    '') echo "$1==$3" ;;
    [0-9]*) echo "$1==$asked" ;;
    *) echo "$1$asked" ;;
  esac
}

# install_by_uv what uv.lock has, into the folder that is shipped, and with all groups for tests: also the project, if it is a package.
# uv.lock has to be that of pyproject.toml.
install_by_uv() {
  python -m pip install --quiet --target "$tools/uv" "$(pinned_version uv required-version "$uv_version")"
  PATH=$tools/uv/bin:$PATH
  UV_PYTHON=$(python -c 'import sys; print(sys.executable)')
  export PATH UV_PYTHON UV_PYTHON_DOWNLOADS=never
  uv_export shipped --no-default-groups
  # shellcheck disable=SC2046 # Words are arguments.
  uv_export developed --all-groups $(test_extras)
  # uv does not read what the login to CodeArtifact for pip writes.
  index=$(python -m pip config get global.index-url 2>/dev/null || true)
  if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}" ]; then export UV_DEFAULT_INDEX="$index"; fi
  target=$PWD/$packages
  # Paths of workspace members are from its root.
  uv --directory "$uv_root" pip install --target "$target" --requirement "$tools/shipped.txt"
  uv --directory "$uv_root" pip install --break-system-packages --requirement "$tools/developed.txt"
}

uv_export() {
  name=$1
  shift
  uv export --quiet --locked --no-editable --format requirements.txt --output-file "$tools/$name.txt" "$@"
}

# test_extras are optional dependencies that people put tools of tests in, from before there were groups.
test_extras() {
  python - <<'END_OF_PYTHON'
import tomllib
with open("pyproject.toml", "rb") as f:
    extras = tomllib.load(f).get("project", {}).get("optional-dependencies", {})
print(*[f"--extra={e}" for e in extras if e in ("dev", "develop", "lint", "test", "testing", "tests")])
END_OF_PYTHON
}

# install_by_poetry what poetry.lock has, as requirements, by pip. poetry.lock has to be that of pyproject.toml.
install_by_poetry() {
  python -m pip install --quiet --target "$tools/poetry" "$(pinned_version poetry requires-poetry "$poetry_version")" \
    "poetry-plugin-export>=1.9,<=$poetry_export_version"
  poetry_export shipped
  poetry_export developed --all-groups
  pip_install "$tools/shipped.txt" --target "$packages"
  pip_install "$tools/developed.txt"
}

poetry_export() {
  name=$1
  shift
  PYTHONPATH=$tools/poetry python -m poetry export --no-interaction --with-credentials --output "$tools/$name.txt" "$@"
}

# importable tells whether the build's Python has a module.
importable() {
  python -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)' "$1"
}

step_lint() {
  if has ruff.toml .ruff.toml || grep -qs '^\[tool\.ruff' pyproject.toml; then
    importable ruff || stop "the repository configures ruff, and does not require it. Add ruff to requirements-dev.txt, or to the group dev"
    python -m ruff check --extend-exclude "$packages"
  fi
}

step_build() {
  :
}

# files_with finds files that have one of these patterns in their text, by these names.
files_with() {
  patterns=$1
  shift
  find . -type d \( -name '.?*' -o -name "$packages" -o -name "$artifact" -o -name venv -o -name node_modules -o -name build \
    -o -name dist \) -prune -o -type f \( "$@" \) -exec grep -lE "$patterns" {} + | sed 's,^\./,,' | sort
}

# test_files are files with tests, by the names that pytest and unittest look for. Code may have such a name too: testimonials.py.
test_files() {
  files_with '^ *(async +)?def (test|load_tests)|^ *class .*Test([^a-z]|$)' -name 'test*.py' -o -name '*_test.py'
}

# check_names of files with tests that neither pytest nor unittest looks for, unless the repository says which pytest does.
check_names() {
  if configures '^python_files *='; then return; fi
  odd=$(files_with '^ *(async +)?def test_|^ *class .*\(.*TestCase\)' -name '*[Tt]est*.py' ! -name 'test*.py' ! -name '*_test.py' \
    ! -name conftest.py)
  if [ -n "$odd" ]; then
    stop "these look like tests, and neither pytest nor unittest runs files of such a name: $(printf '%s ' $odd)." \
      "Name them test_*.py, or set build.test to a command that runs all tests"
  fi
}

step_test() {
  files=$(test_files)
  behave=$(files_with '^(from|import) behave' -path '*features/steps/*.py' | head -n 3)
  if [ -n "$behave" ]; then stop "the build does not run behave, and found $behave. Set build.test to a command that runs all tests"; fi
  check_names
  # A file's name may have spaces.
  set -f
  IFS='
'
  if importable pytest && { [ -n "$files" ] || has tests || says_pytest; }; then
    run_pytest
  elif [ -n "$files" ]; then
    # shellcheck disable=SC2086 # Lines are arguments.
    run_unittest $files
  elif says_pytest; then
    stop "the repository says what pytest runs, and does not require it." \
      "Add pytest to requirements-dev.txt or the group dev, or set build.test"
  elif has tests; then
    stop "tests has no file test_*.py with a function test_*. Write one, or set build.test to the command that tests"
  else
    echo "There are no tests."
  fi
}

# configures tells whether the repository's configuration of pytest has this.
configures() {
  grep -Eqs -e "$1" pytest.toml .pytest.toml pytest.ini .pytest.ini pyproject.toml tox.ini setup.cfg
}

# says_pytest tells whether the repository says what pytest finds.
says_pytest() {
  configures '^(testpaths|python_files) *=|--doctest'
}

# run_pytest on what the repository's configuration says, or on the folder tests and all files that it does not find there.
run_pytest() {
  set -- --ignore="$packages"
  if ! says_pytest; then
    if has tests; then set -- tests; fi
    for file in $files; do
      case $file in
        tests/test_*.py | tests/*/test_*.py | tests/*_test.py) ;;
        *) set -- "$@" "$file" ;;
      esac
    done
  fi
  python -m pytest "$@"
}

run_unittest() {
  for file; do
    # unittest passes over functions, and over classes that are not its own.
    if ! grep -q unittest "$file" || grep -Eq '^(async +)?def test|^class Test[A-Za-z0-9_]*(\(\))?:' "$file"; then
      stop "found tests, and no pytest to run: $(printf '%s ' "$@"). Add pytest to requirements-dev.txt or the group dev, or set build.test"
    fi
    # Tests find their neighbours, as with pytest.
    PYTHONPATH=$(dirname "$PWD/$file"):$PYTHONPATH
  done
  python -m unittest "$@"
}

# in_src tells whether the handler is in src, so that what is in src is shipped: not if it is only in the root.
in_src() {
  module=$(printf '%s' "${handler%.*}" | tr . /)
  if ! has src; then return 1; fi
  has "src/$module.py" "src/$module/__init__.py" || ! has "$module.py" "$module/__init__.py"
}

step_package() {
  files=$(test_files)
  if in_src; then
    mkdir "$artifact"
    cp -RL src/. "$artifact"
    files=$(printf '%s\n' "$files" | sed -n 's,^src/,,p')
  else
    # Of the folders without code that are common.
    stage "$packages" tests test venv .venv .github .vscode .idea .pytest_cache .ruff_cache .mypy_cache .tox .nox build dist node_modules
  fi
  find "$artifact" \( -name __pycache__ -o -name '*.egg-info' \) -prune -exec rm -rf {} +
  find "$artifact" -name conftest.py -exec rm -f {} +
  # What is the function's own stays, if a package has a file of that name.
  cp -R "$artifact/." "$packages"
  rm -rf "$artifact"
  mv "$packages" "$artifact"
  printf '%s\n' "$files" | while read -r file; do drop_test "$file"; done
}

# drop_test from the artifact: a file, or the folder of tests that it is in.
drop_test() {
  file=/$1
  case $file in
    /) ;;
    */tests/*) rm -rf "${artifact:?}${file%%/tests/*}/tests" ;;
    *) rm -f "$artifact$file" ;;
  esac
}

step_load() {
  # The shell has gone into a copy of what is shipped.
  repository=$OLDPWD
  status=0
  load_handler || status=$?
  if [ "$status" = 3 ]; then
    python -m pip install --quiet --target "$tools/runtime" "boto3==$boto3_version" "snapshot-restore-py==$snapshot_restore_version" \
      "awslambdaric==$awslambdaric_version" || echo "It cannot be had here."
    load_handler "$tools/runtime"
  elif [ "$status" != 0 ]; then
    exit "$status"
  fi
}

load_handler() {
  python -I -S "$tools/load.py" "$handler" "$runtime" "$repository" "$@"
}
