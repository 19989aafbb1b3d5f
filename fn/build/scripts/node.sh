step_install() {
  npm ci
}

step_lint() {
  npm run lint --if-present
}

step_build() {
  npm run build --if-present
}

step_test() {
  npm run test --if-present
}

step_package() {
  npm prune --omit=dev
  stage
}

step_load() {
  node "$tools/load.mjs" "$handler"
}
