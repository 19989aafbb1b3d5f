package build

import (
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// A language is how code of it is built.
type language struct {
	// tool and its version are what CodeBuild's images are asked for. Nil: they have one version of each.
	tool func(version string) (tool, asked string)

	// script in scripts has the steps of a build. What of the repository's is missing is passed over, unless it is certain to be needed.
	script string

	// loader in scripts loads a handler in the language's own way. Empty: the script does.
	loader string

	// packer in scripts is a program that finds what is built and shipped. Empty: the script does.
	packer string

	// downloads are where a build in an image of CodeBuild keeps what it has downloaded.
	downloads []string

	// image is what CodeBuild calls the language in the names of its images for Lambda compute. See
	// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html.
	image string
}

// languages that functions can be written in.
var languages = map[runtime.Language]language{
	runtime.Node: {
		tool:   func(version string) (string, string) { return "nodejs", strings.TrimSuffix(version, ".x") },
		script: "node.sh",
		loader: "load.mjs",
		packer: "packages.mjs",
		downloads: []string{
			"/root/.npm/**/*", "/root/.local/share/pnpm/store/**/*", "/root/.bun/install/cache/**/*",
			"/root/.yarn/berry/cache/**/*", "/usr/local/share/.cache/yarn/**/*",
		},
		image: "nodejs",
	},
	runtime.Python: {
		tool:      func(version string) (string, string) { return "python", version },
		script:    "python.sh",
		loader:    "load.py",
		downloads: []string{"/root/.cache/pip/**/*", "/root/.cache/uv/**/*"},
		image:     "python",
	},
	runtime.Java: {
		tool:      func(version string) (string, string) { return "java", "corretto" + version },
		script:    "java.sh",
		loader:    "Load.java",
		downloads: []string{"/root/.m2/**/*", "/root/.gradle/caches/**/*", "/root/.gradle/wrapper/**/*"},
		image:     "corretto",
	},
	runtime.Ruby: {
		tool:      func(version string) (string, string) { return "ruby", version },
		script:    "ruby.sh",
		loader:    "load.rb",
		downloads: []string{"/root/.bundle/cache/**/*"},
		image:     "ruby",
	},
	runtime.Provided: {
		script:    "provided.sh",
		downloads: []string{"/go/pkg/mod/**/*", "/root/.cargo/registry/**/*"},
	},
}

// language of the functions.
func (c Config) language() language {
	return languages[runtime.Of(c.Runtime).Language()]
}

// lambdaImage ends the name of the image that builds on Lambda compute run in: nodejs24.
func (c Config) lambdaImage() string {
	return c.language().image + strings.TrimSuffix(runtime.Of(c.Runtime).Version(), ".x")
}
