package architecture

import (
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// triggers start the pipeline for pushes to the branch that change the claim's paths. None: any push does. With a trigger,
// CodePipeline must not detect changes by itself: see
// https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html.
func (p Pipeline) triggers() []codepipelinev1beta2.TriggerParameters {
	paths := p.pathFilter(p.Spec.Source.Paths)
	if len(paths.Includes)+len(paths.Excludes) == 0 {
		return nil
	}
	return trigger(codepipelinev1beta2.GitConfigurationParameters{
		Push: []codepipelinev1beta2.PushParameters{{
			Branches:  &codepipelinev1beta2.PushBranchesParameters{Includes: texts([]string{p.Spec.Source.Branch})},
			FilePaths: &codepipelinev1beta2.PushFilePathsParameters{Includes: texts(paths.Includes), Excludes: texts(paths.Excludes)},
		}},
	})
}

// pathFilter is what the claim says, and what it says of its directory where it includes nothing.
func (p Pipeline) pathFilter(asked *v1alpha1.PathFilter) v1alpha1.PathFilter {
	var filter v1alpha1.PathFilter
	if asked != nil {
		filter = *asked
	}
	if dir := p.Spec.Source.Directory; dir != "" && len(filter.Includes) == 0 {
		filter.Includes = []string{dir + "/**"}
	}
	return filter
}

func trigger(git codepipelinev1beta2.GitConfigurationParameters) []codepipelinev1beta2.TriggerParameters {
	git.SourceActionName = new(sourceActionName)
	return []codepipelinev1beta2.TriggerParameters{{
		ProviderType:     new("CodeStarSourceConnection"),
		GitConfiguration: &git,
	}}
}
