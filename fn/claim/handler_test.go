package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestHandlerRules checks that a handler is one that Lambda finds under the claim's runtime.
func TestHandlerRules(t *testing.T) {
	cases := map[string]struct {
		reason  string
		service string
		want    []string
	}{
		"NodeDefault":     {reason: "Node.js has one that is not said.", service: `runtime: nodejs22.x`},
		"Node":            {reason: "A file may be in folders, a function in objects.", service: `handler: ".build/v1.2/app.api.v1.$main"`},
		"NodeWithClass":   {reason: "It is Java's.", service: `handler: "com.example.Payment::handle"`, want: []string{`spec.service.handler: Invalid value: "com.example.Payment::handle" is not a handler of Node.js; write a file, without its ending, and the function that it exports, such as index.handler or dist/app.handler`}},
		"NodeWithoutFile": {reason: "A function is in a file.", service: `handler: handler`, want: []string{`spec.service.handler: Invalid value: "handler" is not a handler of Node.js; write a file, without its ending, and the function that it exports, such as index.handler or dist/app.handler`}},
		"NodeOutside":     {reason: "The code is below the task's root.", service: `handler: ../app.handler`, want: []string{`spec.service.handler: Invalid value: "../app.handler" is not a handler of Node.js; write a file, without its ending, and the function that it exports, such as index.handler or dist/app.handler`}},
		"Blank": {reason: "Lambda takes no space.", service: `handler: "a b"`, want: []string{
			`spec.service.handler: Invalid value: "a b" is not a handler of Node.js; write a file, without its ending, and the function that it exports, such as index.handler or dist/app.handler`,
			`spec.service.handler: Invalid value: "a b": must have no spaces`,
		}},

		"PythonDefault":  {reason: "Python has one that is not said.", service: `runtime: python3.12`},
		"Python":         {reason: "Slashes are dots.", service: `runtime: python3.14, handler: pay/v1.api-2.main`},
		"PythonRelative": {reason: "Python would look in a package above.", service: `runtime: python3.14, handler: ./app.main`, want: []string{`spec.service.handler: Invalid value: "./app.main" is not a handler of Python; write a module and a function in it, such as app.handler or payments.app.handler`}},
		"PythonDollar":   {reason: "No function of Python is called so.", service: `runtime: python3.14, handler: app.$main`, want: []string{`spec.service.handler: Invalid value: "app.$main" is not a handler of Python; write a module and a function in it, such as app.handler or payments.app.handler`}},

		"JavaWithout":   {reason: "Java has none that is not said.", service: `runtime: java21`, want: []string{`spec.service.handler: Invalid value: "" is not a handler of Java; write a class and a method of it, such as com.example.Payment::handle`}},
		"Java":          {reason: "A class may be in another one.", service: `runtime: java17, handler: "com.example.Payment$Api::handle"`},
		"JavaNoPackage": {reason: "A class may be in no package.", service: `runtime: java25, handler: "Payment::handle"`},
		"JavaClass":     {reason: "Which method is then not known.", service: `runtime: java21, handler: com.example.Payment`, want: []string{`spec.service.handler: Invalid value: "com.example.Payment" is not a handler of Java; write a class and a method of it, such as com.example.Payment::handle`}},
		"JavaFile":      {reason: "It is Node.js's.", service: `runtime: java21, handler: index.handler`, want: []string{`spec.service.handler: Invalid value: "index.handler" is not a handler of Java; write a class and a method of it, such as com.example.Payment::handle`}},

		"RubyDefault":   {reason: "Ruby has one that is not said.", service: `runtime: ruby3.3`},
		"Ruby":          {reason: "A method may be of a module in a module.", service: `runtime: ruby3.4, handler: "lib/app.Payments::Api.handle"`},
		"RubyLowerCase": {reason: "Modules are constants.", service: `runtime: ruby3.4, handler: app.api.handle`, want: []string{`spec.service.handler: Invalid value: "app.api.handle" is not a handler of Ruby; write a file, without its ending, and a method, of a class or module if it has one, such as app.handler or app.Payments::Api.handle`}},
		"RubyDots":      {reason: "Lambda takes a file, a module and a method.", service: `runtime: ruby3.4, handler: app.A.B.handle`, want: []string{`spec.service.handler: Invalid value: "app.A.B.handle" is not a handler of Ruby; write a file, without its ending, and a method, of a class or module if it has one, such as app.handler or app.Payments::Api.handle`}},

		"ProvidedDefault": {reason: "A program needs none.", service: `runtime: provided.al2023`},
		"Provided":        {reason: "What a program makes of it is its own.", service: `runtime: provided.al2023, handler: "any::thing/*"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, errs := ReadSpec(fntest.Struct(t, fntest.Spec+"  service: {"+tc.service+"}"))
			if diff := cmp.Diff(tc.want, messages(errs)); diff != "" {
				t.Errorf("%s\nReadSpec(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
