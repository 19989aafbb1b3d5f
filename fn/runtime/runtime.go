// Package runtime is what the languages of the functions differ in: a file for each of them. It says what a build does, and
// what a function answers before its first release.
package runtime

import (
	"cmp"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
)

// A language is what its Lambda runtimes share.
type language struct {
	// prefix of its runtimes' names. What follows is the version.
	prefix string

	// handler of a claim that says none. Empty: a claim must say one.
	handler string

	// buildspec of the version.
	buildspec func(version string) Buildspec

	// downloads are where a build in an image of CodeBuild keeps what it has downloaded.
	downloads []string

	// image is what CodeBuild calls the version in the names of its images for Lambda compute. See
	// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html.
	image string

	// bootstrap is the code that answers under the handler before the first release.
	bootstrap func(handler string) []file
}

// languages that functions can be written in. Which of their runtimes a claim may name, its schema says.
var languages = []language{node, python, java, ruby, provided}

// A Runtime is a Lambda runtime.
type Runtime struct {
	language

	name string
}

// Of returns the runtime that Lambda calls so.
func Of(name string) Runtime {
	for _, l := range languages {
		if strings.HasPrefix(name, l.prefix) {
			return Runtime{language: l, name: name}
		}
	}
	// The schema has refused it.
	return Runtime{language: node, name: name}
}

// IsNode reports whether functions of it are of JavaScript.
func (r Runtime) IsNode() bool {
	return r.prefix == node.prefix
}

// Handler is the claim's, or the one that functions of this language have otherwise.
func (r Runtime) Handler(claimed string) string {
	return cmp.Or(claimed, r.handler)
}

// Buildspec that installs exactly what the lock file says, then lints, tests and packages. What a repository does not have is
// passed over; what fails, fails the build. What only the build needs is not shipped.
func (r Runtime) Buildspec() Buildspec {
	return r.buildspec(strings.TrimPrefix(r.name, r.prefix))
}

// Downloads are the paths that a cache of builds keeps.
func (r Runtime) Downloads() []string {
	return r.downloads
}

// LambdaImage ends the name of the image that builds on Lambda compute run in: nodejs24.
func (r Runtime) LambdaImage() string {
	return r.image + strings.TrimSuffix(strings.TrimPrefix(r.name, r.prefix), ".x")
}

// Bootstrap returns, in base64, a zip file with a function that answers every request with its colour, under the supplied
// handler, so that the pipeline can be tried out before the first release.
func (r Runtime) Bootstrap(handler string) string {
	return bootstraps.Get(r.prefix+" "+handler, func() string { return newZip(r.bootstrap(handler)) })
}

// bootstraps by language and handler.
var bootstraps = memo.New[string]()
