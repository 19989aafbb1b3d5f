package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestHolder(t *testing.T) {
	cases := map[string]struct {
		reason   string
		observed map[resource.Name]string
		want     string
	}{
		"Nothing": {reason: "Who has nothing holds nothing."},
		"One":     {reason: "Any resource will do.", observed: map[resource.Name]string{historyTable: "{}"}, want: "payments"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, holder(compose.NewObservation(fntest.State(t, fntest.XR, tc.observed)))); diff != "" {
				t.Errorf("%s\nholder(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRequired(t *testing.T) {
	bucket := map[string]*fnv1.ResourceSelector{"artifact-bucket": {
		ApiVersion: "s3.aws.upbound.io/v1beta2", Kind: "Bucket",
		Match: &fnv1.ResourceSelector_MatchName{MatchName: "pr-123.artifact-bucket.default"},
	}}
	cases := map[string]struct {
		reason   string
		observed map[resource.Name]string
		want     map[string]*fnv1.ResourceSelector
	}{
		"Nothing":    {reason: "Whoever has the bucket should be looked for.", want: bucket},
		"BucketGone": {reason: "Also if there is something else.", observed: map[resource.Name]string{historyTable: "{}"}, want: bucket},
		"Bucket":     {reason: "Who has it need not look.", observed: map[resource.Name]string{artifactBucket: "{}"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := newTestPipeline(t).Required(compose.NewObservation(fntest.State(t, fntest.XR, tc.observed)))
			if diff := cmp.Diff(tc.want, got, protocmp.Transform()); diff != "" {
				t.Errorf("%s\nRequired(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCheckHolder(t *testing.T) {
	const labels = "labels: {crossplane.io/claim-namespace: checkout-team, crossplane.io/claim-name: checkout, crossplane.io/composite: checkout-x}"
	bucket := func(owners string) *fnv1.Resource {
		return &fnv1.Resource{Resource: fntest.Struct(t, "metadata: {ownerReferences: ["+owners+"], "+labels+"}")}
	}
	ours := bucket("{uid: 0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11, controller: true}")
	theirs := bucket("{uid: 8f2d1c35-0b1e-4c3d-9a7f-2f1f0e6d5c4b, controller: true}")
	nobodys := bucket("")

	cases := map[string]struct {
		reason string
		found  []*fnv1.Resource
		want   string
	}{
		"None":    {reason: "Names that nobody has are free."},
		"Ours":    {reason: "What is ours is not taken.", found: []*fnv1.Resource{ours}},
		"Nobodys": {reason: "Crossplane may take a resource that nobody controls.", found: []*fnv1.Resource{nobodys}},
		"Theirs": {
			reason: "Who has it should be named, also beside what does not count.",
			found:  []*fnv1.Resource{nobodys, ours, theirs},
			want: `spec.environmentSuffix: Invalid value: "pr-123": held by the PaymentDeliveryPipeline checkout-team/checkout ` +
				`(XR checkout-x); choose one that no other claim in this AWS account has`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			required := map[string]*fnv1.Resources{"artifact-bucket": {Items: tc.found}}
			got := ""
			if err := newTestPipeline(t).CheckHolder(compose.NewObservation(fntest.State(t, fntest.XR, nil)), required); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nCheckHolder(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAllWaitForTheBucket checks that nothing is made before the bucket, which keeps the names from other claims.
func TestAllWaitForTheBucket(t *testing.T) {
	state, err := compose.Compose(newTestPipeline(t, everything).Resources(), compose.Known{AccountID: fntest.Account, ConnectionARN: fntest.Connection, liveVersion: "1"}, nil)
	if err != nil {
		t.Fatalf("Compose(...): %v", err)
	}
	if state.Desired[artifactBucket] == nil || len(state.Desired) != 1 {
		t.Errorf("want the bucket alone, got %d resources", len(state.Desired))
	}
	for _, w := range state.Waiting {
		if w.For != nameHeld {
			t.Errorf("%s: want it to wait for the bucket, got %s", w.Name, w.For.Text)
		}
	}
}
