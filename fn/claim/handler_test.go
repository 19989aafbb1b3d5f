package claim

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestHandlerRules checks that a handler is one that Lambda finds under the claim's runtime.
func TestHandlerRules(t *testing.T) {
	const field = "spec.service.handler: Invalid value: "
	refused := func(value, want string) []string { return []string{field + `"` + value + `": ` + want} }
	const (
		node   = "a handler of Node.js is a file, without its ending, and the function that it exports: index.handler, dist/app.handler, index.api.handler"
		python = "a handler of Python is a module and a function in it: app.handler, payments.app.handler, payments/app.handler"
		java   = "a handler of Java is a class and a method of it, and must be said: com.example.Payment::handle"
		ruby   = "a handler of Ruby is a file, without its ending, and a method, of a class or module if it has one: app.handler, app.Payments::Api.handle"
	)
	cases := map[string]struct {
		reason  string
		service string
		want    []string
	}{
		"NodeDefault":     {reason: "Node.js has one that is not said.", service: `runtime: nodejs22.x`},
		"Node":            {reason: "A file may be in folders, a function in objects.", service: `handler: ".build/v1.2/app.api.v1.$main"`},
		"NodeWithClass":   {reason: "It is Java's.", service: `handler: "com.example.Payment::handle"`, want: refused("com.example.Payment::handle", node)},
		"NodeWithoutFile": {reason: "A function is in a file.", service: `handler: handler`, want: refused("handler", node)},
		"NodeOutside":     {reason: "The code is below the task's root.", service: `handler: ../app.handler`, want: refused("../app.handler", node)},
		"Blank":           {reason: "Lambda takes no space.", service: `handler: "a b"`, want: []string{field + `"a b": ` + node, field + `"a b": should match '^\S*$'`}},

		"PythonDefault":  {reason: "Python has one that is not said.", service: `runtime: python3.12`},
		"Python":         {reason: "Slashes are dots.", service: `runtime: python3.14, handler: pay/v1.api-2.main`},
		"PythonRelative": {reason: "Python would look in a package above.", service: `runtime: python3.14, handler: ./app.main`, want: refused("./app.main", python)},
		"PythonDollar":   {reason: "No function of Python is called so.", service: `runtime: python3.14, handler: app.$main`, want: refused("app.$main", python)},

		"JavaWithout":   {reason: "Java has none that is not said.", service: `runtime: java21`, want: refused("", java)},
		"Java":          {reason: "A class may be in another one.", service: `runtime: java17, handler: "com.example.Payment$Api::handle"`},
		"JavaNoPackage": {reason: "A class may be in no package.", service: `runtime: java25, handler: "Payment::handle"`},
		"JavaClass":     {reason: "Which method is then not known.", service: `runtime: java21, handler: com.example.Payment`, want: refused("com.example.Payment", java)},
		"JavaFile":      {reason: "It is Node.js's.", service: `runtime: java21, handler: index.handler`, want: refused("index.handler", java)},

		"RubyDefault":   {reason: "Ruby has one that is not said.", service: `runtime: ruby3.3`},
		"Ruby":          {reason: "A method may be of a module in a module.", service: `runtime: ruby3.4, handler: "lib/app.Payments::Api.handle"`},
		"RubyLowerCase": {reason: "Modules are constants.", service: `runtime: ruby3.4, handler: app.api.handle`, want: refused("app.api.handle", ruby)},
		"RubyDots":      {reason: "Lambda takes a file, a module and a method.", service: `runtime: ruby3.4, handler: app.A.B.handle`, want: refused("app.A.B.handle", ruby)},

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
