step_install() {
  bundle config set --local deployment true
  bundle config set --local path vendor/bundle
  bundle config set --local global_gem_cache true
  bundle install
}

step_lint() {
  if has .rubocop.yml; then bundle exec rubocop; fi
}

step_build() {
  :
}

step_test() {
  if has Rakefile; then bundle exec rake test; fi
}

step_package() {
  bundle config set --local without development:test
  bundle clean --force
  stage
}

step_load() {
  :
}
