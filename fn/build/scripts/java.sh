# maven that the repository brings, or that of the image.
maven() {
  if has mvnw; then sh mvnw --batch-mode "$@"; else mvn --batch-mode "$@"; fi
}

step_install() {
  :
}

step_lint() {
  :
}

step_build() {
  maven verify
}

step_test() {
  :
}

step_package() {
  maven dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$PWD/$artifact/lib"
  mkdir -p "$artifact"
  cp -R target/classes/. "$artifact"
}

step_load() {
  :
}
