# Bundler keeps the settings of a build with the repository: they are shipped, and bundler/setup reads them there. An image of one's own
# may name another place.
unset BUNDLE_APP_CONFIG BUNDLE_PATH BUNDLE_WITHOUT

# rbenv would look for the very Ruby of a .ruby-version, which is in no image for long.
if command -v rbenv >/dev/null; then
  RBENV_VERSION=$(rbenv global | head -n 1)
  export RBENV_VERSION
fi

# What files with tests have, of Minitest, test-unit and RSpec.
minitest_pattern='< *(Minitest::Test|MiniTest::Unit::TestCase|Test::Unit::TestCase)'
rspec_pattern='^ *RSpec\.(describe|feature) '
example_pattern="^ *(def test_|(describe|context|it|test|should|specify) ?['\"(A-Z:]|class .*< *[A-Za-z:]*Test)"

# choose the file that says which gems there are, $gemfile, and its lock file, $lock.
choose() {
  case $tool in
    '' | bundler) ;;
    *) stop "build.tool $tool does not build Ruby. Allowed: bundler" ;;
  esac
  gemfile=Gemfile lock=Gemfile.lock
  if has gems.rb gems.locked; then
    if has Gemfile Gemfile.lock; then stop "Gemfile and gems.rb are both here, and Bundler reads one: delete the other with its lock"; fi
    gemfile=gems.rb lock=gems.locked
  fi
  if has "$gemfile" && ! has "$lock"; then
    stop "there is no $lock: gems would change each day. Commit it: bundle lock --add-platform x86_64-linux aarch64-linux"
  fi
  if ! has "$gemfile"; then
    if has "$lock"; then stop "there is a $lock, and no $gemfile. Commit it too"; fi
    gemfile=''
  fi
}

step_install() {
  choose
  here=$(ruby -e 'puts "ruby" + RUBY_VERSION[/\d+\.\d+/]')
  if [ "$here" != "$runtime" ]; then
    echo "The image has $here, and the functions $runtime, which looks for gems in a folder of its own version."
  fi
  if [ -z "$gemfile" ]; then
    echo "There is no Gemfile: the function gets no gems."
    note_above Gemfile gems.rb
    return
  fi
  check_paths
  check_ruby
  bundle config set --local deployment true
  bundle config set --local path vendor/bundle
  bundle config set --local global_gem_cache true
  # Tests have all groups.
  bundle config unset --local without
  bundle install
}

# check_ruby that the Gemfile allows the image's Ruby. Images and Lambda choose the last number of the version, and change it.
check_ruby() {
  image=$(ruby -e 'puts RUBY_VERSION')
  pinned=$(ruby -rbundler -e 'puts Bundler.definition.ruby_version&.versions' 2>/dev/null | sed -n 's/^=* *\([0-9]\)/\1/p')
  if [ -n "$pinned" ] && [ "$pinned" != "$image" ]; then
    stop "$gemfile allows Ruby $pinned alone, and the image has $image. Images and Lambda choose the last number of the version: \
write ruby '~> ${runtime#ruby}.0', and run bundle lock"
  fi
}

# check_paths that gems of folders are in the directory that is built, as all of it is shipped, and nothing else.
check_paths() {
  for path in $(sed -n '/^PATH/,/^$/s/^  remote: //p' "$lock"); do
    case $path in
      /* | ../* | ..)
        stop "$lock has a gem of the folder $path, which is outside of source.directory, and would not be shipped. \
Set source.directory to a folder that has both and service.handler to a path from there, or take the gem from a registry or from git"
        ;;
    esac
  done
}

# in_bundle runs a command with the gems of the lock file.
in_bundle() {
  if [ -n "$gemfile" ]; then bundle exec "$@"; else "$@"; fi
}

# locked tells whether the lock file has one of these gems.
locked() {
  for gem; do
    if [ -z "$gemfile" ] || grep -q "^    $gem (" "$lock"; then return 0; fi
  done
  return 1
}

step_lint() {
  choose
  if ! has .rubocop.yml; then return; fi
  locked rubocop || stop "the repository has a .rubocop.yml, and $lock no rubocop. Add it to the group development"
  in_bundle rubocop
}

step_build() {
  :
}

# files_named finds files by these names.
files_named() {
  find . -type d \( -name '.?*' -o -name vendor -o -name node_modules -o -name "$artifact" \) -prune \
    -o -type f \( "$@" \) -print | sed 's,^\./,,' | sort
}

# files_with finds files that have this pattern in their text, by these names.
files_with() {
  pattern=$1
  shift
  files_named "$@" | while IFS= read -r file; do
    if grep -Eq "$pattern" "$file"; then printf '%s\n' "$file"; fi
  done
}

# find_tests by their usual names, and others by what is in them: they become $tests and $specs. Code may have such a name too: ab_test.rb.
find_tests() {
  tests=$({
    files_with "$example_pattern" -name '*_test.rb' -o -name 'test_*.rb' ! -name test_helper.rb
    files_with "$minitest_pattern" -name '*.rb' ! -name '*_spec.rb' ! -name '*_helper.rb'
  } | sort -u)
  specs=$({
    files_with "$example_pattern|$rspec_pattern" -name '*_spec.rb'
    files_with "$rspec_pattern" -name '*.rb' ! -name '*_helper.rb'
  } | sort -u)
}

step_test() {
  choose
  find_tests
  features=$(files_named -name '*.feature')
  if [ -n "$features" ]; then
    stop "the build does not run cucumber, and found $(printf '%s ' $features). Set build.test to a command that runs all tests"
  fi
  tasks=''
  if has Rakefile rakefile Rakefile.rb rakefile.rb && locked rake; then tasks=$(in_bundle rake --all --tasks); fi
  if [ -z "$tests$specs$tasks" ] && ! says_rspec; then
    echo "There are no tests."
    return
  fi
  # A file's name may have spaces.
  set -f
  IFS='
'
  if has_task test; then watch "$tests" rake test; elif [ -n "$tests" ]; then run_minitest $tests; fi
  if has_task spec; then watch "$specs" rake spec; elif says_rspec; then watch .rspec rspec; elif [ -n "$specs" ]; then run_specs; fi
}

# says_rspec tells whether the repository says which files rspec runs.
says_rspec() {
  grep -Eqs -e '^ *(--pattern|-P)' .rspec
}

# has_task tells whether the Rakefile has a task. Rake takes the folder test for a task that is done.
has_task() {
  printf '%s\n' "$tasks" | grep -Eq "^rake $1( |\[|$)"
}

# watch that a command of the bundle runs tests, if there are files with some: rake may look for other names, and passes if it finds none.
watch() {
  files=$1
  shift
  log=$(mktemp)
  { in_bundle "$@" 2>&1 || echo failed >"$log.status"; } | tee "$log"
  if [ -e "$log.status" ]; then stop "$1 failed: see above"; fi
  if [ -z "$files" ]; then return; fi # The task may do without.
  if ! grep -q '[^[:space:]]' "$log" || grep -Eq '^(No examples found|0 examples|0 runs|0 tests)' "$log"; then
    stop "$1 $2 ran no test, and there are $(printf '%s ' $files). Let it find them, or set build.test to the command that does"
  fi
}

run_minitest() {
  locked minitest test-unit || stop "found tests, and $lock lacks what runs them: $(printf '%s ' "$@"). Add minitest, or set build.test"
  library=minitest/autorun
  if grep -q test/unit "$@" || ! locked minitest; then library=test/unit; fi
  watch "$*" ruby -I. -Ilib -Itest -Itests -r "$library" -e 'ARGV.each { |file| require File.expand_path(file) }' "$@"
}

run_specs() {
  if locked rspec rspec-core; then
    watch "$specs" rspec $specs
  elif locked minitest; then
    run_minitest $specs
  else
    stop "found tests, and $lock lacks what runs them: $(printf '%s ' $specs). Add rspec, or set build.test"
  fi
}

step_package() {
  choose
  if [ -n "$gemfile" ]; then
    bundle config set --local without development:test
    bundle clean --force
  fi
  stage spec test features coverage .github .vscode .idea node_modules
  find_tests
  printf '%s\n%s\n' "$tests" "$specs" | while IFS= read -r file; do
    if [ -n "$file" ]; then rm -f "$artifact/$file"; fi
  done
  # Bundler keeps what it has downloaded beside what it has installed.
  for folder in "$artifact"/vendor/bundle/ruby/*/cache; do rm -rf "$folder"; done
  if has "$artifact/vendor/cache"; then find "$artifact/vendor/cache" -name '*.gem' -exec rm -f {} +; fi
  find "$artifact" -name .git -prune -exec rm -rf {} +
}

step_load() {
  # The shell has gone into a copy of what is shipped.
  ruby -W0 "$tools/load.rb" "$handler" "$OLDPWD"
}
