package runtime

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

var node = language{
	Language:  Node,
	handler:   "index.handler",
	bootstrap: nodeBootstrap,
}

const nodeSource = `exports.%s = async (event) => {
  if (JSON.stringify(event) !== '` + emptyEvent + `') {
    throw new Error('` + whyItFails + `');
  }
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: process.env.VERSION, bootstrap: true }),
  };
};
`

// nodeBootstrap is a module that exports the handler, file.export, as Lambda looks for it:
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js.
func nodeBootstrap(handler string) []file {
	folder, base := path.Split(handler)
	// The file ends at its first dot. What is beyond the second is in an object that is exported.
	module, export, _ := strings.Cut(base, ".")

	var b bytes.Buffer
	for i, c := range export {
		if c == '.' {
			_, _ = fmt.Fprintf(&b, "exports.%s = {};\n", export[:i])
		}
	}
	_, _ = fmt.Fprintf(&b, nodeSource, export)
	return []file{{name: folder + module + ".js", content: b.Bytes()}}
}
