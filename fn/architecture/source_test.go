package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	codestarconnectionsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codestarconnections/v1beta1"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestConnection(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(*Pipeline)
		want   map[resource.Name]codestarconnectionsv1beta1.ConnectionParameters
	}{
		"Ours": {
			reason: "Without a connection in the claim, one should be made.",
			want: map[resource.Name]codestarconnectionsv1beta1.ConnectionParameters{Connection: {
				Region:       new("us-east-1"),
				Name:         new("github-connection-pr-123"),
				ProviderType: new("GitHub"),
			}},
		},
		"Given": {
			reason: "With a connection in the claim, none should be made.",
			change: func(p *Pipeline) { p.Spec.Source.ConnectionARN = fntest.Connection },
			want:   map[resource.Name]codestarconnectionsv1beta1.ConnectionParameters{},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := map[resource.Name]codestarconnectionsv1beta1.ConnectionParameters{}
			for name, c := range buildOf[*codestarconnectionsv1beta1.Connection](newTestPipeline(t, tc.change)) {
				got[name] = c.Spec.ForProvider
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestIsAuthorised(t *testing.T) {
	cases := map[string]struct {
		reason   string
		observed string
		want     bool
	}{
		"Available": {reason: "A connection that a person authorised is ready.", observed: fntest.ConnectionIn("AVAILABLE"), want: true},
		"Pending":   {reason: "One that waits for a person is not.", observed: fntest.ConnectionIn("PENDING")},
		"Error":     {reason: "One that failed is not.", observed: fntest.ConnectionIn("ERROR")},
		"Unknown":   {reason: "One without a status is not.", observed: "{}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			seen := compose.NewObservation(fntest.State(t, fntest.XR, map[resource.Name]string{Connection: tc.observed}))
			if diff := cmp.Diff(tc.want, isAuthorised(seen.Composed(Connection))); diff != "" {
				t.Errorf("%s\nisAuthorised(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestUseConnection(t *testing.T) {
	const old, renamed = "arn:aws:codestar-connections:us-east-1:111122223333:connection/0a", "arn:aws:codeconnections:us-east-1:111122223333:connection/0a"

	cases := map[string]struct {
		reason string
		arn    string
		want   iam.Statement
	}{
		"Old":     {reason: "The action should bear the ARN's old name.", arn: old, want: iam.Allow("Source", "codestar-connections:UseConnection").On(old)},
		"Renamed": {reason: "The action should bear the ARN's new name.", arn: renamed, want: iam.Allow("Source", "codeconnections:UseConnection").On(renamed)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, useConnection(tc.arn)); diff != "" {
				t.Errorf("%s\nuseConnection(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
