package runtime

var provided = language{
	Language:  Provided,
	handler:   "bootstrap",
	bootstrap: providedBootstrap,
}

// The answer is quoted for the shell, around the function's colour.
const providedSource = `#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while true; do
  id=$(curl -sS -o /dev/null -w '%header{lambda-runtime-aws-request-id}' "$api/next")
  curl -sS -o /dev/null -d '` + answerBegin + `'"$VERSION"'` + answerEnd + `' "$api/$id/response"
done
`

// providedBootstrap is a program that asks for requests and answers them, whatever the handler: see
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html.
func providedBootstrap(string) []file {
	return []file{{name: "bootstrap", content: []byte(providedSource), mode: 0o755}}
}
