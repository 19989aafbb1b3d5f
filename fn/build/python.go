package build

var python = language{
	steps:     pythonSteps,
	downloads: []string{"/root/.cache/pip/**/*"},
	image:     "python",
}

// pythonSteps installs what is shipped into a folder of its own, and tests against that.
func pythonSteps(version string) steps {
	const install = "python -m pip install --require-hashes --requirement "
	return steps{
		tool:    "python",
		version: version,
		install: []string{
			install + "requirements.txt --target package",
			when(exists("requirements-dev.txt"), install+"requirements-dev.txt"),
		},
		lint: []string{
			when(exists("ruff.toml")+" || grep -qs '^\\[tool\\.ruff' pyproject.toml", "python -m ruff check --extend-exclude package"),
		},
		build: []string{
			when("[ -d tests ]", "PYTHONPATH=src:package python -m pytest tests"),
			"cp -R src/. package",
		},
		shipped: "package",
	}
}
