package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

func TestLiveTraffic(t *testing.T) {
	alias := func(version string, policies ...xpv2.ManagementAction) lambdav1beta2.AliasSpec {
		return lambdav1beta2.AliasSpec{
			ClusterManagedResourceSpec: xpv2.ClusterManagedResourceSpec{
				ProviderConfigReference: &xpv2.Reference{Name: "default"},
				ManagementPolicies:      policies,
			},
			ForProvider: lambdav1beta2.AliasParameters{
				Region:          new("us-east-1"),
				FunctionNameRef: &xpv2.Reference{Name: "pr-123.blue-function.default"},
				FunctionVersion: new(version),
			},
		}
	}
	type args struct {
		change  func(*Pipeline)
		version string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   lambdav1beta2.AliasSpec
	}{
		"First": {
			reason: "The alias should be created, observed and deleted, but never updated: its version and weights are CodeDeploy's.",
			args:   args{version: "1"},
			want:   alias("1", xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionDelete),
		},
		"Shifted": {
			reason: "The alias should follow what is live, to come back on it when deleted.",
			args:   args{version: "42"},
			want:   alias("42", xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionDelete),
		},
		"Protected": {
			reason: "A protected alias should stay when the claim goes.",
			args:   args{version: "1", change: func(p *Pipeline) { p.Spec.DeletionProtection = true }},
			want:   alias("1", xpv2.ManagementActionObserve, xpv2.ManagementActionCreate),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := newTestPipeline(t, tc.args.change).liveAlias(compose.Known{liveVersion: tc.args.version}.Only([]compose.Fact{liveVersion}))
			if diff := cmp.Diff(tc.want, got.(*lambdav1beta2.Alias).Spec); diff != "" {
				t.Errorf("%s\nliveAlias(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
