package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// TestChecksTriggers checks what is checked.
func TestChecksTriggers(t *testing.T) {
	request := func(branches []string, paths *codepipelinev1beta2.FilePathsParameters) []codepipelinev1beta2.PullRequestParameters {
		return []codepipelinev1beta2.PullRequestParameters{{
			Events: texts([]string{"OPEN", "UPDATED"}), Branches: &codepipelinev1beta2.BranchesParameters{Includes: texts(branches)}, FilePaths: paths,
		}}
	}
	cases := map[string]struct {
		reason string
		source v1alpha1.Source
		want   codepipelinev1beta2.GitConfigurationParameters
	}{
		"PullRequests": {
			reason: "Those into the branch that is delivered, when they are opened and pushed to.",
			source: v1alpha1.Source{Checks: &v1alpha1.Checks{PullRequests: &v1alpha1.PullRequestChecks{}}},
			want:   codepipelinev1beta2.GitConfigurationParameters{PullRequest: request([]string{"main"}, nil)},
		},
		"Directory": {
			reason: "A pull request that changes other services is not this one's to check.",
			source: v1alpha1.Source{Directory: "a", Checks: &v1alpha1.Checks{PullRequests: &v1alpha1.PullRequestChecks{}}},
			want: codepipelinev1beta2.GitConfigurationParameters{
				PullRequest: request([]string{"main"}, &codepipelinev1beta2.FilePathsParameters{Includes: texts([]string{"a/**"})}),
			},
		},
		"SourcePaths": {
			reason: "What starts a release counts for checks too.",
			source: v1alpha1.Source{
				Paths:  &v1alpha1.PathFilter{Excludes: []string{"*.md"}},
				Checks: &v1alpha1.Checks{PullRequests: &v1alpha1.PullRequestChecks{}},
			},
			want: codepipelinev1beta2.GitConfigurationParameters{
				PullRequest: request([]string{"main"}, &codepipelinev1beta2.FilePathsParameters{Excludes: texts([]string{"*.md"})}),
			},
		},
		"Own": {
			reason: "Checks may say others.",
			source: v1alpha1.Source{
				Directory: "a", Paths: &v1alpha1.PathFilter{Excludes: []string{"*.md"}},
				Checks: &v1alpha1.Checks{PullRequests: &v1alpha1.PullRequestChecks{
					Branches: []string{"main", "release/*"}, Paths: &v1alpha1.PathFilter{Includes: []string{"**"}},
				}},
			},
			want: codepipelinev1beta2.GitConfigurationParameters{
				PullRequest: request([]string{"main", "release/*"}, &codepipelinev1beta2.FilePathsParameters{Includes: texts([]string{"**"})}),
			},
		},
		"Tags": {
			reason: "CodePipeline filters tags by nothing else.",
			source: v1alpha1.Source{Directory: "a", Checks: &v1alpha1.Checks{Tags: &v1alpha1.TagChecks{Includes: []string{"v*"}}}},
			want: codepipelinev1beta2.GitConfigurationParameters{
				Push: []codepipelinev1beta2.PushParameters{{Tags: &codepipelinev1beta2.TagsParameters{Includes: texts([]string{"v*"})}}},
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) {
				tc.source.Owner, tc.source.Repository, tc.source.Branch = "my-org", "my-repo", "main"
				p.Spec.Source = tc.source
			})
			got := buildOne[*codepipelinev1beta2.Codepipeline](t, p, checksPipeline).Spec.ForProvider
			tc.want.SourceActionName = got.Stage[0].Action[0].Name
			want := []codepipelinev1beta2.TriggerParameters{{ProviderType: new("CodeStarSourceConnection"), GitConfiguration: &tc.want}}
			if diff := cmp.Diff(want, got.Trigger); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(new("false"), got.Stage[0].Action[0].Configuration["DetectChanges"]); diff != "" {
				t.Errorf("%s\n-want no runs for pushes to the branch, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestNoChecks checks that nothing is made for who asks for no checks of anything.
func TestNoChecks(t *testing.T) {
	for _, asked := range []*v1alpha1.Checks{nil, {}} {
		p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Source.Checks = asked })
		if rs := p.checks(); len(rs) > 0 {
			t.Errorf("%v: want none, got %v", asked, rs)
		}
		if diff := cmp.Diff([]string{p.buildProjectARN(allFacts())}, p.builtBy(allFacts())); diff != "" {
			t.Errorf("%v: -want, +got:\n%s", asked, diff)
		}
	}
}

// TestChecksReleaseNothing checks that what a pull request brings gets no secrets, reaches no network of the team's, and can neither
// be released nor change what is.
func TestChecksReleaseNothing(t *testing.T) {
	p := newTestPipeline(t, builtWithEverything)
	pipeline := buildOne[*codepipelinev1beta2.Codepipeline](t, p, checksPipeline).Spec.ForProvider
	want := []actionSummary{
		{Stage: "Source", Action: "GitHub_Source", Provider: "Source/AWS/CodeStarSourceConnection/1", Out: "source_output", Namespace: "SourceVariables", Order: 1},
		{Stage: "Check", Action: "Check", Provider: "Test/AWS/CodeBuild/1", In: "source_output", Order: 1},
	}
	if diff := cmp.Diff(want, summarise(pipeline.Stage)); diff != "" {
		t.Errorf("-want two actions that hand on nothing, +got:\n%s", diff)
	}
	if diff := cmp.Diff(new("payment-processor-checks-pr-123"), pipeline.Stage[1].Action[0].Configuration["ProjectName"]); diff != "" {
		t.Errorf("-want a project of its own, +got:\n%s", diff)
	}
	if diff := cmp.Diff(new("PARALLEL"), pipeline.ExecutionMode); diff != "" {
		t.Errorf("-want that no pull request overtakes another, +got:\n%s", diff)
	}

	project := buildOne[*codebuildv1beta1.Project](t, p, checksProject).Spec.ForProvider
	if len(project.Environment.EnvironmentVariable) > 0 || project.VPCConfig != nil || *project.Cache.Type != "NO_CACHE" {
		t.Errorf("want neither secrets nor a VPC nor a cache, got %+v", project)
	}
	if diff := cmp.Diff("pr-123.checks-role.default", project.ServiceRoleRef.Name); diff != "" {
		t.Errorf("-want a role of its own, +got:\n%s", diff)
	}

	writes := 0
	for _, s := range statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, checksPolicy).Spec.ForProvider.Policy) {
		for _, action := range s.Action {
			service, name, _ := strings.Cut(action, ":")
			switch service {
			case "s3":
				if diff := cmp.Diff(iam.Texts{"arn:aws:s3:::pipeline-artifacts-pr-123-0b7a2c9e/payment-processor-ch/source_out/*"}, s.Resource); diff != "" || !strings.HasPrefix(name, "Get") {
					t.Errorf("%s: -want to read its own source only, +got:\n%s", action, diff)
				}
			case "secretsmanager", "ssm", "ec2", "codeconnections":
				t.Errorf("%s: not for code that nobody has reviewed", action)
			case "logs", "codebuild":
				writes++
				if !strings.Contains(s.Resource[0], "payment-processor-checks-pr-123") {
					t.Errorf("%s: on %v", action, s.Resource)
				}
			}
		}
	}
	if writes != 7 {
		t.Errorf("want to write a log and reports, got %d actions that do", writes)
	}
}

// TestChecksKeys checks that no key of what a release leaves in the bucket begins as those of checks do.
func TestChecksKeys(t *testing.T) {
	p := newTestPipeline(t)
	source := p.checksConfig().SourcePrefix
	for _, other := range []string{p.buildConfig().SourcePrefix, p.outputFolder(), build.CachePrefix, "bootstrap"} {
		if strings.HasPrefix(other, source) {
			t.Errorf("%s: checks could read it", other)
		}
	}
	if !strings.HasPrefix(source, runPrefix) {
		t.Error("what checks leave behind would stay for ever")
	}
}
