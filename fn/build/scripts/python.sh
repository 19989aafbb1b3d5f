step_install() {
  python -m pip install --require-hashes --requirement requirements.txt --target package
  if has requirements-dev.txt; then python -m pip install --require-hashes --requirement requirements-dev.txt; fi
}

step_lint() {
  if has ruff.toml || grep -qs '^\[tool\.ruff' pyproject.toml; then python -m ruff check --extend-exclude package; fi
}

step_build() {
  :
}

step_test() {
  if has tests; then PYTHONPATH=src:package python -m pytest tests; fi
}

step_package() {
  cp -R package "$artifact"
  cp -R src/. "$artifact"
}

step_load() {
  :
}
