package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	codepipelinev1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/codepipeline/v1beta2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// TestTriggers checks which pushes start the pipeline, and that CodePipeline does not start it for others by itself.
func TestTriggers(t *testing.T) {
	cases := map[string]struct {
		reason    string
		directory string
		paths     *v1alpha1.PathFilter
		want      *codepipelinev1beta2.PushFilePathsParameters
	}{
		"None":  {reason: "Any push to the branch starts it, as CodePipeline has it by itself."},
		"Empty": {reason: "A filter that says nothing filters nothing.", paths: &v1alpha1.PathFilter{}},
		"Directory": {
			reason: "Of a service in a directory, pushes that change it.", directory: "services/payments",
			want: &codepipelinev1beta2.PushFilePathsParameters{Includes: texts([]string{"services/payments/**"})},
		},
		"Paths": {
			reason: "What the claim says counts.", directory: "services/payments",
			paths: &v1alpha1.PathFilter{Includes: []string{"libraries/**"}, Excludes: []string{"**/*.md"}},
			want: &codepipelinev1beta2.PushFilePathsParameters{
				Includes: texts([]string{"libraries/**"}), Excludes: texts([]string{"**/*.md"}),
			},
		},
		"Excludes": {
			reason: "To exclude something is not to include all.", directory: "services/payments",
			paths: &v1alpha1.PathFilter{Excludes: []string{"**/*.md"}},
			want: &codepipelinev1beta2.PushFilePathsParameters{
				Includes: texts([]string{"services/payments/**"}), Excludes: texts([]string{"**/*.md"}),
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) {
				p.Spec.Source.Branch, p.Spec.Source.Directory, p.Spec.Source.Paths = "release", tc.directory, tc.paths
			})
			got := buildOne[*codepipelinev1beta2.Codepipeline](t, p, deliveryPipeline).Spec.ForProvider
			detects := "true"
			var want []codepipelinev1beta2.TriggerParameters
			if tc.want != nil {
				detects = "false"
				want = []codepipelinev1beta2.TriggerParameters{{
					ProviderType: new("CodeStarSourceConnection"),
					GitConfiguration: &codepipelinev1beta2.GitConfigurationParameters{
						SourceActionName: got.Stage[0].Action[0].Name,
						Push: []codepipelinev1beta2.PushParameters{{
							Branches:  &codepipelinev1beta2.PushBranchesParameters{Includes: texts([]string{"release"})},
							FilePaths: tc.want,
						}},
					},
				}}
			}
			if diff := cmp.Diff(want, got.Trigger); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(new(detects), got.Stage[0].Action[0].Configuration["DetectChanges"]); diff != "" {
				t.Errorf("%s\n-want it to detect changes, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
