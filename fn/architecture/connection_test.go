package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestGiveConnection(t *testing.T) {
	const (
		shared = "status: {connection: {arn: remembered, shared: true}}"
		own    = "status: {connection: {arn: remembered, status: AVAILABLE}}"
		given  = "status: {connection: {arn: remembered}}"
	)
	there := map[resource.Name]string{Connection: "{}"}

	type args struct {
		claim    string
		settings string
		xr       string
		observed map[resource.Name]string
	}
	cases := map[string]struct {
		reason string
		args   args
		want   GivenConnection
	}{
		"Nobody": {
			reason: "A pipeline should make a connection if nobody gives one.",
		},
		"Claim": {
			reason: "The claim's should win over all others.",
			args:   args{claim: "claim", settings: "settings", xr: shared, observed: there},
			want:   GivenConnection{ARN: "claim"},
		},
		"Settings": {
			reason: "The platform team's should be used by a claim that names none.",
			args:   args{settings: "settings"},
			want:   GivenConnection{ARN: "settings", Shared: true},
		},
		"OwnObserved": {
			reason: "A connection that exists should not be deleted because of the settings.",
			args:   args{settings: "settings", xr: shared, observed: there},
		},
		"OwnRemembered": {
			reason: "Nor should a pipeline move from one that is not observed now.",
			args:   args{settings: "settings", xr: own},
		},
		"SettingsGone": {
			reason: "A pipeline should go on with the connection that it shares.",
			args:   args{xr: shared},
			want:   GivenConnection{ARN: "remembered", Shared: true},
		},
		"SettingsChanged": {
			reason: "Another ARN in the settings should be followed.",
			args:   args{settings: "settings", xr: shared},
			want:   GivenConnection{ARN: "settings", Shared: true},
		},
		"ClaimsGone": {
			reason: "The connection that a claim has brought and takes away should not be kept.",
			args:   args{xr: given},
		},
		"ClaimsGoneForSettings": {
			reason: "The platform team's should take its place.",
			args:   args{settings: "settings", xr: given},
			want:   GivenConnection{ARN: "settings", Shared: true},
		},
		"Damaged": {
			reason: "A status without an ARN should remember none.",
			args:   args{xr: "status: {connection: {shared: true}}"},
		},
		"Nonsense": {
			reason: "Only what we have written should count.",
			args:   args{xr: "status: {connection: {arn: remembered, shared: 'true'}}"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := claim.Claim{Spec: fntest.MinimalSpec()}
			c.Spec.Source.ConnectionARN, c.Platform.ConnectionARN = tc.args.claim, tc.args.settings
			got := giveConnection(c, compose.NewObservation(fntest.State(t, tc.args.xr, tc.args.observed)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\ngiveConnection(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
