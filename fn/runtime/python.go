package runtime

import (
	"fmt"
	"strings"
)

var python = language{
	Language:  Python,
	handler:   "app.handler",
	bootstrap: pythonBootstrap,
}

// It imports only what a module of the handler's name cannot hide.
const pythonSource = `from os import environ


def %s(event, context):
    if event != ` + emptyEvent + `:
        raise RuntimeError("` + whyItFails + `")
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
