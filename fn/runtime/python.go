package runtime

import (
	"fmt"
	"strings"
)

var python = language{
	prefix:    "python",
	handler:   "app.handler",
	buildspec: pythonBuildspec,
	downloads: []string{"/root/.cache/pip/**/*"},
	image:     "python",
	bootstrap: pythonBootstrap,
}

// pythonBuildspec installs what is shipped into a folder of its own, and tests against that.
func pythonBuildspec(version string) Buildspec {
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
	}.buildspec()
}

// It imports only what a module of the handler's name cannot hide.
const pythonSource = `from os import environ


def %s(event, context):
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": '{"version":"%%s","bootstrap":true}' %% environ["VERSION"],
    }
`

// pythonBootstrap is a module with the handler as Lambda looks for it: all before the last dot is the module, in which slashes
// are dots. See https://github.com/aws/aws-lambda-python-runtime-interface-client/blob/main/awslambdaric/bootstrap.py. Its
// folders are packages, or one of a layer with the same name would win.
func pythonBootstrap(handler string) []file {
	end := strings.LastIndex(handler, ".")
	module := strings.ReplaceAll(handler[:max(end, 0)], ".", "/")

	var files []file
	for i, c := range module {
		if c == '/' {
			files = append(files, file{name: module[:i] + "/__init__.py"})
		}
	}
	return append(files, file{name: module + ".py", content: fmt.Appendf(nil, pythonSource, handler[end+1:])})
}
