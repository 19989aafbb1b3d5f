// Package runtime is what Lambda's runtimes differ in: a file for each of their languages, with the handler that functions have
// otherwise, and what a function answers before its first release. How their code is built is another matter: package build.
package runtime

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
)

// A Language begins the names of its Lambda runtimes. What follows is the version.
type Language string

// Languages that functions can be written in. Provided runs a program: of Go or Rust, say.
const (
	Node     Language = "nodejs"
	Python   Language = "python"
	Java     Language = "java"
	Ruby     Language = "ruby"
	Provided Language = "provided"
)

// A language is what its Lambda runtimes share.
type language struct {
	Language

	// handler of a claim that says none. Empty: a claim must say one.
	handler string

	// bootstrap is the code that is under the handler before the first release.
	bootstrap func(handler string) []file
}

// languages that there are. Which of their runtimes a claim may name, its schema says.
var languages = []language{node, python, java, ruby, provided}

// Languages that functions can be written in.
func Languages() []Language {
	var all []Language
	for _, l := range languages {
		all = append(all, l.Language)
	}
	return all
}

// A Runtime is a Lambda runtime.
type Runtime struct {
	language language
	name     string
}

// Of returns the runtime that Lambda calls so.
func Of(name string) Runtime {
	i := slices.IndexFunc(languages, func(l language) bool { return strings.HasPrefix(name, string(l.Language)) })
	// The schema has refused a name that begins with none.
	return Runtime{language: languages[max(i, 0)], name: name}
}

// Language of the functions.
func (r Runtime) Language() Language {
	return r.language.Language
}

// Version of the language, as Lambda calls it: 24.x, or 3.14.
func (r Runtime) Version() string {
	return strings.TrimPrefix(r.name, string(r.language.Language))
}

// Handler is the claim's, or the one that functions of this language have otherwise.
func (r Runtime) Handler(claimed string) string {
	return cmp.Or(claimed, r.language.handler)
}

// Bootstrap returns, in base64, a zip file with a function under the supplied handler, for as long as nothing has been released. It
// answers the empty event with its colour, and fails on every other.
func (r Runtime) Bootstrap(handler string) string {
	return bootstraps.Get([]byte(string(r.Language())+" "+handler), func() string { return newZip(r.language.bootstrap(handler)) })
}

// bootstraps by language and handler.
var bootstraps = memo.New[string](512 << 10)
