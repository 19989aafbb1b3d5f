package build

import (
	"path"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
)

// buildspec is the claim's own, or that of the functions' language with what the claim adds.
func (c Config) buildspec() string {
	if c.Build.Buildspec != "" {
		return c.Build.Buildspec
	}
	e := c.extras()
	return buildspecs.Get([]byte(c.settings()+document.JSON(e)), func() string { return e.addTo(c.stepsBuildspec()).text() })
}

// buildspecs by what the claim says of their script, and what it adds. A share of it holds one of MaxLength.
var buildspecs = memo.New[string](2 << 20)

// extras are what a claim adds to the buildspec of its runtime.
type extras struct {
	// OnLambda compute, CodeBuild knows neither on-failure nor runtime-versions: the image is for one runtime. See
	// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html.
	OnLambda bool

	// Directory in which all is done. Empty: the root of the repository.
	Directory string

	// Clones says that CodeBuild clones the repository, and that git has its credentials.
	Clones bool

	// LogIn are commands before anything is installed.
	LogIn []string

	// Reports by their names.
	Reports map[string]report

	// Cache are paths to keep.
	Cache []string
}

func (c Config) extras() extras {
	e := extras{
		OnLambda:  c.onLambda(),
		Directory: c.Directory,
		Clones:    c.FullClone,
		LogIn:     c.codeArtifactCommands(),
		Reports:   c.reports(),
	}
	if c.Build.Cache == v1alpha1.BuildCacheS3 {
		e.Cache = c.language().downloads
	}
	return e
}

// submodules are cloned by a build of its own accord only.
func (e extras) submodules() []string {
	if !e.Clones {
		return nil
	}
	return []string{`git -C "$CODEBUILD_SRC_DIR" submodule update --init --recursive`}
}

// addTo the buildspec of a runtime.
func (e extras) addTo(b buildspec) buildspec {
	if e.Clones {
		b.Env = &env{GitCredentialHelper: "yes"}
	}
	b.Phases.Install.Commands = slices.Concat(e.LogIn, e.submodules(), b.Phases.Install.Commands)
	for _, p := range []*phase{&b.Phases.Install, &b.Phases.PreBuild, &b.Phases.Build} {
		if e.Directory != "" {
			// From the root each time: which folder the phase before has left, AWS does not say.
			p.Commands = slices.Concat([]string{`cd "` + path.Join("$CODEBUILD_SRC_DIR", e.Directory) + `"`}, p.Commands)
		}
		if e.OnLambda {
			p.OnFailure, p.RuntimeVersions = "", nil
		}
	}
	b.Artifacts.BaseDirectory = path.Join(e.Directory, b.Artifacts.BaseDirectory)
	if len(e.Reports) > 0 {
		// Reports of tests that have failed matter most, and AWS does not say that a build writes any after it was aborted.
		b.Phases.Build.OnFailure = ""
		b.Reports = e.Reports
	}
	if len(e.Cache) > 0 {
		b.Cache = &cache{Paths: e.Cache}
	}
	return b
}
