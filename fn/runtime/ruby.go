package runtime

import (
	"bytes"
	"fmt"
	"strings"
)

var ruby = language{
	Language:  Ruby,
	handler:   "app.handler",
	bootstrap: rubyBootstrap,
}

const rubyAnswer = `raise '` + whyItFails + `' unless event == ` + emptyEvent + `

  {
    statusCode: 200,
    headers: { 'content-type' => 'application/json' },
    body: %({"version":"#{ENV.fetch('VERSION')}","bootstrap":true})
  }
`

// rubyBootstrap is a file with the handler as Lambda looks for it, file.method or file.Class.method:
// https://github.com/aws/aws-lambda-ruby-runtime-interface-client/blob/main/lib/aws_lambda_ric/lambda_handler.rb.
func rubyBootstrap(handler string) []file {
	base, method, _ := strings.Cut(handler, ".")
	class, classMethod, found := strings.Cut(method, ".")
	if !found {
		source := "def " + method + "(event:, context:)\n  " + rubyAnswer + "end\n"
		return []file{{name: base + ".rb", content: []byte(source)}}
	}

	var b bytes.Buffer
	parts := strings.Split(class, "::")
	for i := range parts {
		// Ruby itself may have it already, as a class or as a module.
		name := strings.Join(parts[:i+1], "::")
		_, _ = fmt.Fprintf(&b, "%s = Module.new unless defined?(%s)\n", name, name)
	}
	_, _ = fmt.Fprintf(&b, "%s.define_singleton_method(:%s) do |event:, context:|\n  %send\n", class, classMethod, rubyAnswer)
	return []file{{name: base + ".rb", content: b.Bytes()}}
}
