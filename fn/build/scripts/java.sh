# Java and Kotlin, by Maven or by Gradle. Classes are shipped as they are, and libraries as jars in lib.

# builder of the directory: maven or gradle.
builder() {
  case $tool in
    maven | gradle) echo "$tool" && return ;;
    ?*) stop "build.tool: $tool builds nothing for $runtime; allowed: maven, gradle" ;;
  esac
  if has pom.xml && has build.gradle build.gradle.kts; then
    stop "the directory has pom.xml and $(ls build.gradle build.gradle.kts 2>/dev/null): set build.tool to maven or to gradle"
  fi
  if has pom.xml; then echo maven
  elif has build.gradle build.gradle.kts; then echo gradle
  elif has settings.gradle settings.gradle.kts; then
    stop "settings.gradle names the projects of this build: set source.directory to the folder of the one that has the handler"
  else
    stop "there is no pom.xml and no build.gradle here: set source.directory to the project's folder"
  fi
}

# above prints the nearest folder that has this file: the directory, or one above it in the repository.
above() {
  folder=$PWD
  until [ -e "$folder/$1" ]; do
    case $folder in "$CODEBUILD_SRC_DIR" | /) return 0 ;; esac
    folder=$(dirname "$folder")
  done
  echo "$folder"
}

step_install() {
  by=$(builder)
  if [ "$by" = gradle ] && [ -z "$(above gradlew)" ]; then
    stop "there is no gradlew: run gradle wrapper, and commit what it writes, also gradle/wrapper/gradle-wrapper.jar"
  fi
}

# Both tools lint by what the repository has bound to its build.
step_lint() {
  :
}

step_build() {
  by=$(builder)
  "${by}_build"
}

# One call builds the module, and the modules of the repository that it needs. Libraries have their group before their names: two may have
# the same name.
maven_build() {
  root=$(maven_root)
  module=${PWD#"$root"}
  set -- dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lambda-libraries -Dmdep.prependGroupId=true
  if [ -n "$module" ]; then set -- --projects "${module#/}" --also-make "$@"; fi
  if [ -n "$test_command" ]; then set -- -DskipTests "$@"; fi
  rm -rf target/lambda-libraries
  maven=mvn
  if [ -e "$root/mvnw" ]; then maven="sh mvnw"; fi
  (cd "$root" && $maven --batch-mode verify "$@")
  if [ ! -e target/classes ]; then
    stop "there are no classes in target/classes: if pom.xml names modules, set source.directory to the one that has the handler"
  fi
}

# maven_root is the folder of the pom.xml that has the directory among its modules, or among those of its modules. Else the directory.
maven_root() {
  root=$PWD
  folder=$PWD
  while [ "$folder" != "$CODEBUILD_SRC_DIR" ] && [ "$folder" != / ]; do
    folder=$(dirname "$folder")
    if grep -qsE "<(module|subproject)> *(\./)?${root#"$folder"/}/? *</" "$folder/pom.xml"; then root=$folder; fi
  done
  echo "$root"
}

# The task that lays the artifact out is added to the build, so that the repository needs none. buildNeeded also tests the projects that
# this one needs.
gradle_build() {
  cat >"$tools/artifact.gradle" <<'END_OF_GRADLE'
allprojects { project ->
    project.plugins.withId('java') {
        project.tasks.create('lambdaArtifact', Sync) {
            into new File(project.projectDir, 'lambda-artifact')
            from project.sourceSets.main.output
            into('lib') {
                duplicatesStrategy = 'fail'
                from project.configurations.runtimeClasspath
            }
        }
    }
}
END_OF_GRADLE
  tasks=buildNeeded
  if [ -n "$test_command" ]; then tasks=assemble; fi
  sh "$(above gradlew)/gradlew" --no-daemon --init-script "$tools/artifact.gradle" $tasks lambdaArtifact
}

# Tests have run with the build. What looks like one must have left a report. It has none if pom.xml skips tests, if its name is not one
# that the plugin looks for, or if the engine that runs it is missing.
step_test() {
  by=$(builder)
  root=$(above gradlew)
  if [ "$by" = maven ]; then root=$(maven_root); fi
  find "$root" -path '*/src/*[tT]est*/*' \( -name '*.java' -o -name '*.kt' -o -name '*.groovy' \) >"$tools/sources"
  missed=
  while IFS= read -r source; do
    if is_test "$source" && ! has_report "$source"; then missed="$missed ${source#"$PWD/"}"; fi
  done <"$tools/sources"
  if [ -n "$missed" ]; then
    stop "these tests exist and have not run:$missed. Look for skipTests, for a file name that Maven passes over, for a test engine that" \
      "is missing, and for a suite that has a task of its own; or set build.test to the command that tests."
  fi
  failed=$(find "$root" -name 'TEST-*.xml' -exec grep -lE '<testsuite [^>]*(failures|errors)="[1-9]' {} + || true)
  if [ -n "$failed" ]; then stop "tests have failed, and the build is told to go on (testFailureIgnore, ignoreFailures): $failed"; fi
}

# is_test tells whether a file has tests. Those of a module that this build has not needed do not count, and neither do abstract classes.
is_test() {
  module=${1%%/src/*}
  if [ ! -d "$module/target" ] && [ ! -d "$module/build" ]; then return 1; fi
  if grep -qE '^[a-z ]*(abstract [a-z ]*class|interface) ' "$1"; then return 1; fi
  grep -qE '^[[:space:]]*@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property)([^A-Za-z]|$)|extends Specification' "$1"
}

# has_report tells whether a test of one of the file's classes is in a report.
has_report() {
  module=${1%%/src/*}
  for class in $(sed -nE 's/^.*(class|object) +([A-Za-z_][A-Za-z0-9_]*).*$/\2/p' "$1"); do
    for report in "$module"/target/*-reports/TEST-*.xml "$module"/build/test-results/*/TEST-*.xml; do
      case ${report##*/TEST-} in
        "$class.xml" | *".$class.xml" | "$class\$"* | *".$class\$"*) if grep -q '<testcase' "$report"; then return 0; fi ;;
      esac
    done
  done
  return 1
}

# Quarkus makes classes of its own for the function, and packs all of it. Nothing else starts.
step_package() {
  by=$(builder)
  out=target
  if [ "$by" = gradle ]; then out=build; fi
  if [ -e "$out/function.zip" ]; then
    rm -rf "$artifact"
    mkdir "$artifact"
    (cd "$artifact" && jar --extract --file "../$out/function.zip")
  elif [ "$by" = maven ]; then
    mkdir -p "$artifact/lib"
    cp -R target/classes/. "$artifact"
    if has target/lambda-libraries; then cp -R target/lambda-libraries/. "$artifact/lib"; fi
  fi
  if [ ! -e "$artifact" ]; then
    stop "this project has no plugin for Java or Kotlin, so it has nothing to ship: set source.directory to the one that has the handler"
  fi
}

step_load() {
  java -cp "$tools" "$tools/Load.java" "$runtime" "$handler"
}
