package runtime

var provided = language{
	Language:  Provided,
	handler:   "bootstrap",
	bootstrap: providedBootstrap,
}

// The answer is quoted for the shell, around the function's colour. An event comes with its id below it. See
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
const providedSource = `#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
end='
'
while true; do
  next=$(curl -sS -w '\n%header{lambda-runtime-aws-request-id}' "$api/next")
  id=${next##*"$end"}
  if [ "$next" = '` + emptyEvent + `'"$end$id" ]; then
    curl -sS -o /dev/null -d '` + answerBegin + `'"$VERSION"'` + answerEnd + `' "$api/$id/response"
  else
    curl -sS -o /dev/null -d '{"errorType":"NothingReleased","errorMessage":"` + whyItFails + `"}' "$api/$id/error"
  fi
done
`

// providedBootstrap is a program that asks for requests and answers them, whatever the handler: see
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html.
func providedBootstrap(string) []file {
	return []file{{name: "bootstrap", content: []byte(providedSource), mode: 0o755}}
}
