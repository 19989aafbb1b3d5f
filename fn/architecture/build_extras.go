package architecture

import (
	"path"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/runtime"
)

// buildExtras are what a claim adds to the buildspec of its runtime.
type buildExtras struct {
	// OnLambda compute, CodeBuild knows neither on-failure nor runtime-versions: the image is for one runtime. See
	// https://docs.aws.amazon.com/codebuild/latest/userguide/lambda-compute-images.html.
	OnLambda bool

	// Directory in which all is done. Empty: the root of the repository.
	Directory string

	// LogIn are commands before anything is installed.
	LogIn []string

	// Reports by their names.
	Reports map[string]runtime.Report

	// Cache are paths to keep.
	Cache []string
}

func (p Pipeline) buildExtras() buildExtras {
	extras := buildExtras{
		OnLambda:  p.OnLambdaCompute(),
		Directory: p.Spec.Source.Directory,
		LogIn:     p.codeArtifactCommands(),
		Reports:   p.buildReports(),
	}
	if p.Spec.Build.Cache == v1alpha1.BuildCacheS3 {
		extras.Cache = p.runtime().Downloads()
	}
	return extras
}

// addTo the buildspec of a runtime.
func (e buildExtras) addTo(b runtime.Buildspec) runtime.Buildspec {
	b.Phases.Install.Commands = slices.Concat(e.LogIn, b.Phases.Install.Commands)
	for _, phase := range []*runtime.Phase{&b.Phases.Install, b.Phases.PreBuild, &b.Phases.Build} {
		if phase == nil {
			continue
		}
		if e.Directory != "" {
			// From the root each time: which folder the phase before has left, AWS does not say.
			phase.Commands = slices.Concat([]string{`cd "` + path.Join("$CODEBUILD_SRC_DIR", e.Directory) + `"`}, phase.Commands)
		}
		if e.OnLambda {
			phase.OnFailure, phase.RuntimeVersions = "", nil
		}
	}
	b.Artifacts.BaseDirectory = path.Join(e.Directory, b.Artifacts.BaseDirectory)
	if len(e.Reports) > 0 {
		// Reports of tests that have failed matter most, and AWS does not say that a build writes any after it was aborted.
		b.Phases.Build.OnFailure = ""
		b.Reports = e.Reports
	}
	if len(e.Cache) > 0 {
		b.Cache = &runtime.Cache{Paths: e.Cache}
	}
	return b
}
