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
                // Projects of two folders may have one name, and so their jars.
                def names = [] as Set
                eachFile { if (!names.add(it.name)) { it.name = "${names.size()}-${it.name}" } }
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
# that the plugin looks for, or if the engine that runs it is missing. Paths are those in the repository: above it are others named src.
step_test() {
  by=$(builder)
  own=$(own_name)
  root=$(above gradlew)
  if [ "$by" = maven ]; then root=$(maven_root); fi
  cd "$root"
  # Sets of sources have any name beside main. Other layouts have folders, or files, with test in their names.
  find . ! -path '*/src/main/*' \( -path '*/src/*' -o -path '*[tT]est*' ! -path '*/target/*' ! -path '*/build/*' \) \
    ! -path '*/target/generated*' ! -path '*/build/generated*' \
    \( -name '*.java' -o -name '*.kt' -o -name '*.groovy' -o -name '*.feature' \) >"$tools/sources"
  reported_classes >"$tools/reported"
  feature_runner=$(find . -path '*/src/*' ! -name '*.feature' -type f -exec grep -lE "$any_runner" {} + || true)
  missed=
  while IFS= read -r source; do
    if is_test "$source" && ! has_report "$source"; then missed="$missed ${source#./}"; fi
  done <"$tools/sources"
  if [ -n "$missed" ]; then
    stop "these tests exist and have not run:$missed. Look for skipTests, for a file name that Maven passes over, for a test engine or a" \
      "runner that is missing, for a suite that has a task or a profile of its own, and for a module of tests; or set build.test to the" \
      "command that tests."
  fi
  failed=$(find . -name 'TEST-*.xml' -exec grep -lE '<testsuite [^>]*(failures|errors)="[1-9]' {} + || true)
  if [ -n "$failed" ]; then stop "tests have failed, and the build is told to go on (testFailureIgnore, ignoreFailures): $failed"; fi
}

# own_name of what is built, as other modules or projects name it.
own_name() {
  if [ "$by" = gradle ]; then
    echo "(:|projects\.([a-zA-Z]+\.)*)${PWD##*/}['\")]"
  else
    tr '\n' ' ' <pom.xml | sed 's|<parent>.*</parent>||' | grep -o '<artifactId>[^<]*<' | head -n 1
  fi
}

# reported_classes have tests in a report. The report of a suite has its name, and each test that of its class.
reported_classes() {
  find . -name 'TEST-*.xml' -exec grep -l '<testcase' {} + | sed 's|.*/TEST-||; s|\.xml$||'
  find . -name 'TEST-*.xml' -exec grep -ho '<testcase .*classname="[^"]*"' {} + | sed 's/.*classname="//; s/"$//'
}

# is_test tells whether a file has tests: by annotations, or by what JUnit 3, Spock and Kotest extend. A file whose classes are all abstract
# does not count: others extend them. Types inside a class are indented. Features of Cucumber need a class that runs them.
is_test() {
  if ! is_of_build "$1"; then return 1; fi
  if [ "${1##*.}" = feature ]; then
    [ -z "$feature_runner" ]
    return
  fi
  if ! grep -E '^([a-z@][^ ]* )*(class|object|record) ' "$1" | grep -qv 'abstract '; then return 1; fi
  of_test='Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Property|ArchTest'
  grep -qE "^[[:space:]]*@([a-zA-Z0-9_]+\.)*($of_test)([^A-Za-z]|\$)" "$1" ||
    grep -qE "(extends (Specification|TestCase)|: *[A-Z][a-z]+Spec *\(|$runners)" "$1"
}

# runners are what classes have that do nothing but run features, and any_runner what some class has in a repository where features run.
runners='@RunWith\((Cucumber|Karate)|IncludeEngines\("cucumber"|^@Cucumber|@Karate'
any_runner="$runners|Serenity|extends Cucumber|Runner\.(path|builder)|cucumber.*\.Main"

# is_of_build tells whether a file is of a module that this build has needed, or of one that only tests what is built.
is_of_build() {
  module=${1%/*}
  until [ "$module" = . ] || has "$module"/pom.xml "$module"/build.gradle* "$module"/src/*/java "$module"/src/*/kotlin; do
    module=${module%/*}
  done
  if [ -d "$module/target" ] || [ -d "$module/build" ]; then return; fi
  ! [ -d "$module/src/main" ] && grep -qsE "$own" "$module/pom.xml" "$module/build.gradle" "$module/build.gradle.kts"
}

# has_report tells whether a report has a test of one of the file's classes, or of a class in it.
has_report() {
  package=$(sed -nE 's/^package +([A-Za-z0-9_.]+).*/\1./p' "$1")
  for class in $(sed -nE 's/^.*(class|object|record) +([A-Za-z_][A-Za-z0-9_]*).*$/\2/p' "$1"); do
    if grep -qE "^$package$class(\$|\\\$)" "$tools/reported"; then return 0; fi
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
  if [ -e "$out/function.zip" ]; then return; fi
  if [ ! -e "$artifact" ]; then
    stop "this project has no plugin for Java or Kotlin, so it has nothing to ship: set source.directory to the one that has the handler"
  fi
  ship_manifest
  own_libraries >"$tools/own"
}

# ship_manifest of the jar that the build has made, if it names a class: Spring Cloud Function finds the application by it.
ship_manifest() {
  if [ -e "$artifact/META-INF/MANIFEST.MF" ]; then return; fi
  for jar in "$out"/*.jar "$out"/libs/*.jar; do
    if [ ! -e "$jar" ]; then continue; fi
    (cd "$tools" && rm -rf META-INF && jar --extract --file "$OLDPWD/$jar" META-INF/MANIFEST.MF)
    if grep -qsE '^(Start|Main)-Class:' "$tools/META-INF/MANIFEST.MF"; then
      mkdir -p "$artifact/META-INF"
      cp "$tools/META-INF/MANIFEST.MF" "$artifact/META-INF"
      return
    fi
  done
}

# own_libraries are the jars in lib that are made here: those of modules or projects that the service needs.
own_libraries() {
  find "$CODEBUILD_SRC_DIR" \( -path '*/target/*.jar' -o -path '*/build/libs/*.jar' \) ! -path '*/lambda-libraries/*' |
    while IFS= read -r jar; do
      for library in "$artifact/lib"/*"${jar##*/}"; do
        if [ -e "$library" ] && [ "$(cksum <"$jar")" = "$(cksum <"$library")" ]; then echo "${library##*/}"; fi
      done
    done
}

step_load() {
  java -cp "$tools" "$tools/Load.java" "$runtime" "$handler" $(cat "$tools/own" 2>/dev/null || true)
}
