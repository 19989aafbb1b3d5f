package architecture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// TestSnapStart checks that both functions have it, so that green tries out what blue will do, and that a version is known by it.
func TestSnapStart(t *testing.T) {
	for snapStart, want := range map[v1alpha1.SnapStart][]lambdav1beta1.SnapStartParameters{
		v1alpha1.SnapStartNone:              nil,
		v1alpha1.SnapStartPublishedVersions: {{ApplyOn: new("PublishedVersions")}},
	} {
		p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.SnapStart = snapStart })
		for name, f := range buildOf[*lambdav1beta1.Function](p) {
			if diff := cmp.Diff(want, f.Spec.ForProvider.SnapStart); diff != "" {
				t.Errorf("%s of %s: -want, +got:\n%s", snapStart, name, diff)
			}
		}
		differences, _ := p.Differences(map[string]string{"handler": "index.handler"})
		got := slices.ContainsFunc(differences, func(d Difference) bool { return d.Field == "snapStart" })
		if want := snapStart == v1alpha1.SnapStartPublishedVersions; want != got {
			t.Errorf("%s: want a difference from a version without %t, got %v", snapStart, want, differences)
		}
	}
}
