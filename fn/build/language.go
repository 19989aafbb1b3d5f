package build

import (
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// A language is how code of it is built.
type language struct {
	// steps install exactly what the lock file says, then lint, test and package. What a repository does not have is passed over;
	// what fails, fails the build. What only the build needs is not shipped. The version is as Lambda calls it.
	steps func(version string) steps

	// downloads are where a build in an image of CodeBuild keeps what it has downloaded.
	downloads []string

	// image is what CodeBuild calls the language in the names of its images for Lambda compute. See
	// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html.
	image string
}

// languages that functions can be written in.
var languages = map[runtime.Language]language{
	runtime.Node:     node,
	runtime.Python:   python,
	runtime.Java:     java,
	runtime.Ruby:     ruby,
	runtime.Provided: provided,
}

// language of the functions.
func (c Config) language() language {
	return languages[runtime.Of(c.Runtime).Language()]
}

// steps that build the functions' language in their version.
func (c Config) steps() steps {
	return c.language().steps(runtime.Of(c.Runtime).Version())
}

// lambdaImage ends the name of the image that builds on Lambda compute run in: nodejs24.
func (c Config) lambdaImage() string {
	return c.language().image + strings.TrimSuffix(runtime.Of(c.Runtime).Version(), ".x")
}
