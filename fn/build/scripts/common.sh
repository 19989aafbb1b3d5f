set -eu

# What the claim says: the buildspec has written it beside this script.
. "$(dirname "$0")/settings.sh"

# Where a build puts what it ships. It is in the directory that is built.
artifact=lambda-artifact

# stop the build with a sentence.
stop() {
  printf '\nThe build stops: %s\n' "$*" >&2
  trap - EXIT
  exit 1
}

# ended says which step a tool has failed in.
ended() {
  code=$?
  if [ "$code" != 0 ]; then printf '\nThe build stops: the step %s failed. What failed says why above.\n' "$running" >&2; fi
  exit "$code"
}

# has tells whether the directory has one of these files.
has() {
  for file; do
    if [ -e "$file" ]; then return 0; fi
  done
  return 1
}

# check_find: without find no test is found, and none is missed. Lambda's images do not have it, and CodeBuild makes those for Lambda
# compute of them: https://github.com/aws/aws-lambda-base-images/issues/173
check_find() {
  if find . -prune >/dev/null 2>&1; then return; fi
  stop "the image has no command find (package findutils), with which the build looks for tests:" \
    "choose another build.image or build.computeType, or set build.buildspec"
}

# note_above says where one of these files is above the directory that is built: people's tools find it there, and builds do not.
note_above() {
  above=$PWD
  while [ "$above" != "${CODEBUILD_SRC_DIR:-$PWD}" ] && [ "$above" != / ]; do
    above=$(dirname "$above")
    for file; do
      if [ -e "$above/$file" ]; then
        echo "$above/$file is above source.directory, and not installed. If the function needs any of it, write a $file here."
      fi
    done
  done
}

# stage a copy of the directory as the artifact: without what git keeps, and without these names.
stage() {
  rm -rf "$artifact"
  mkdir "$artifact"
  for name in * .[!.]*; do
    case " $artifact .git $* " in *" $name "*) continue ;; esac
    if [ -e "$name" ]; then cp -RL "$name" "$artifact"; fi
  done
}

# check what is shipped: Lambda makes files of a zip, and refuses one that is too large.
check_artifact() {
  links=$(find "$artifact" -type l)
  if [ -n "$links" ]; then stop "the artifact has links, which need not be links in Lambda: $links"; fi
  # https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  bytes=$(find "$artifact" -type f -exec ls -ln {} + | awk '{sum += $5} END {printf "%.0f", sum}')
  echo "The artifact has $((bytes / 1048576)) MB. Lambda takes 250 MB, together with the function's layers."
  if [ "$bytes" -ge 262144000 ]; then
    stop "the artifact has $((bytes / 1048576)) MB, and Lambda takes less than 250 MB. Ship less. Its largest folders, in kB:" \
      "$(printf '\n'; du -k "$artifact" | sort -rn | head -n 12)"
  fi
}

# check_submodules: what CodePipeline hands over has an empty folder in the place of each, which tests and handler may miss late or never.
check_submodules() {
  top=${CODEBUILD_SRC_DIR:-.}
  if ! [ -e "$top/.gitmodules" ]; then return; fi
  sed -n 's/^[[:space:]]*path[[:space:]]*=[[:space:]]*//p' "$top/.gitmodules" | while IFS= read -r folder; do
    if [ -z "$(ls -A "$top/$folder" 2>/dev/null)" ]; then
      stop "the submodule $folder is empty, as builds get the files of a commit without submodules:" \
        "set source.fullClone in the claim, which has CodeBuild clone the repository, or take the submodule out of .gitmodules"
    fi
  done
}

# load_with_layers passes over what is not in the artifact: it may be in a layer, and a build has none of them.
load_with_layers() {
  if output=$(sh "$0" load_copy 2>&1); then
    printf '%s\n' "$output"
    return
  fi
  printf '%s\n' "$output"
  case $output in
    *'no layer has it'*) exit 1 ;;
    *Runtime.ImportModuleError* | *ERR_MODULE_NOT_FOUND* | \
      *ClassNotFoundException* | *NoClassDefFoundError* | *LoadError*)
      echo "The build goes on: what is missing may be in one of the function's layers, which builds do not have."
      ;;
    *) exit 1 ;;
  esac
}

# run a step of the build. What is shipped is loaded alone, from a copy outside of the repository.
run() {
  running=$1
  if [ "$running" != load_copy ]; then trap ended EXIT; fi
  case $1 in
    load)
      if [ "$handler_check" = Disabled ]; then return; fi
      copy=$(mktemp -d)
      cp -R "$artifact/." "$copy"
      cd "$copy"
      if [ "$layers" = yes ]; then
        load_with_layers
        return
      fi
      ;;
    load_copy)
      step_load
      return
      ;;
    test)
      if [ -n "$test_command" ]; then
        sh -euc "$test_command"
        return
      fi
      ;;
    install)
      if [ -e "$artifact" ]; then stop "the repository has a $artifact, and the build writes its artifact there: give yours another name"; fi
      check_find
      check_submodules
      ;;
  esac
  "step_$1"
  if [ "$1" = package ]; then check_artifact; fi
}
