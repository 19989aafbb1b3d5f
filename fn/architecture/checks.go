package architecture

import (
	"cmp"
	"strconv"

	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const (
	checksRole             resource.Name = "checks-role"
	checksPolicy           resource.Name = "checks-policy"
	checksPolicyAttachment resource.Name = "checks-policy-attachment"
	checksLogGroup         resource.Name = "checks-log-group"
	checksProject          resource.Name = "checks-project"
	checksPipeline         resource.Name = "checks-pipeline"
)

// checks build and test what is not released, in a project of their own: what builds a pull request is written by whoever opened
// it, so its role reads the source of checks and can write nothing that a release reads. No code runs in the name of the
// pipeline's role, which so is that of both pipelines.
func (p Pipeline) checks() []compose.Resource {
	if !p.hasChecks() {
		return nil
	}
	c := p.checksConfig()
	policy := p.policy(checksPolicy, builders(c))
	return []compose.Resource{
		p.role(checksRole, p.Names.aws("checks-service-role"), "codebuild.amazonaws.com"),
		policy,
		p.attach(checksPolicyAttachment, checksRole, policy),
		p.logGroup(checksLogGroup, c.LogGroup()),
		p.project(checksProject, c, checksRole),
		{Name: checksPipeline, Needs: []compose.Fact{ConnectionARN, sourceOpen, stagesReady}, Build: p.checksPipeline},
	}
}

// hasChecks of anything.
func (p Pipeline) hasChecks() bool {
	asked := p.Spec.Source.Checks
	return asked != nil && (asked.PullRequests != nil || asked.Tags != nil)
}

// checks is the name of both the project and the pipeline.
func (n Names) checks() string {
	return n.aws("payment-processor-checks")
}

// checksConfig is that of builds whose code nobody has reviewed.
func (p Pipeline) checksConfig() build.Config {
	c := p.buildConfig()
	c.Name, c.SourcePrefix, c.OutputPrefix = p.Names.checks(), runFolder(p.Names.checks(), sourceOutput), ""
	return c
}

func (p Pipeline) checksPipeline(f compose.Facts) client.Object {
	source := p.sourceAction(f)
	source.Configuration["DetectChanges"] = new(strconv.FormatBool(false))
	build := action("Check", "Test", "CodeBuild", map[string]string{"ProjectName": p.Names.checks()})
	build.InputArtifacts = []*string{new(sourceOutput)}
	return &codepipelinev1beta2.Codepipeline{
		ObjectMeta: p.meta(checksPipeline, p.Names.checks()),
		Spec: codepipelinev1beta2.CodepipelineSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: codepipelinev1beta2.CodepipelineParameters{
				Region:       p.region(),
				PipelineType: new("V2"),
				// One pull request must not overtake another.
				ExecutionMode: new("PARALLEL"),
				RoleArnRef:    p.ref(deliveryRole),
				ArtifactStore: []codepipelinev1beta2.ArtifactStoreParameters{p.artifactStore()},
				Stage: []codepipelinev1beta2.StageParameters{
					stage("Source", source),
					stage("Check", build),
				},
				Trigger: p.checksTriggers(),
				Tags:    p.tags(),
			},
		},
	}
}

func (p Pipeline) checksTriggers() []codepipelinev1beta2.TriggerParameters {
	var git codepipelinev1beta2.GitConfigurationParameters
	if asked := p.Spec.Source.Checks.PullRequests; asked != nil {
		branches := asked.Branches
		if len(branches) == 0 {
			branches = []string{p.Spec.Source.Branch}
		}
		request := codepipelinev1beta2.PullRequestParameters{
			Events:   texts([]string{"OPEN", "UPDATED"}),
			Branches: &codepipelinev1beta2.BranchesParameters{Includes: texts(branches)},
		}
		paths := p.pathFilter(cmp.Or(asked.Paths, p.Spec.Source.Paths))
		if len(paths.Includes)+len(paths.Excludes) > 0 {
			request.FilePaths = &codepipelinev1beta2.FilePathsParameters{Includes: texts(paths.Includes), Excludes: texts(paths.Excludes)}
		}
		git.PullRequest = []codepipelinev1beta2.PullRequestParameters{request}
	}
	if asked := p.Spec.Source.Checks.Tags; asked != nil {
		git.Push = []codepipelinev1beta2.PushParameters{{Tags: &codepipelinev1beta2.TagsParameters{Includes: texts(asked.Includes)}}}
	}
	return trigger(git)
}
