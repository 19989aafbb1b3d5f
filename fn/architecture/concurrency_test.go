package architecture

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// provisioning has environments started before they are called.
func provisioning(p *Pipeline) {
	p.Spec.Service.Concurrency.Provisioned = &v1alpha1.ProvisionedConcurrency{Min: 5}
}

// TestReservedConcurrency checks that blue has what is reserved, none included, and green nothing.
func TestReservedConcurrency(t *testing.T) {
	cases := map[string]struct {
		reason   string
		reserved int32
		want     *float64
	}{
		"Nothing": {reason: "The provider takes away what is not stated.", reserved: -1},
		"Some":    {reason: "Blue has it.", reserved: 50, want: new(50.0)},
		"Stopped": {reason: "None is not nothing: it stops production.", reserved: 0, want: new(0.0)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Service.Concurrency.Reserved = tc.reserved })
			for function, want := range map[resource.Name]*float64{blueFunction: tc.want, greenFunction: nil} {
				got := buildOne[*lambdav1beta1.Function](t, p, function).Spec.ForProvider.ReservedConcurrentExecutions
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s\n%s: -want, +got:\n%s", tc.reason, function, diff)
				}
			}
		})
	}
}

// TestProvisionedConcurrency checks that the alias has what is provisioned, and no version or other function.
func TestProvisionedConcurrency(t *testing.T) {
	if got := buildOf[*lambdav1beta1.ProvisionedConcurrencyConfig](newTestPipeline(t)); len(got) > 0 {
		t.Errorf("want nothing provisioned unless a claim says so, got %v", got)
	}
	want := lambdav1beta1.ProvisionedConcurrencyConfigParameters{
		Region: new("us-east-1"), FunctionName: new("payment-processor-blue-pr-123"), Qualifier: new("live"),
		ProvisionedConcurrentExecutions: new(5.0),
	}
	got := buildOne[*lambdav1beta1.ProvisionedConcurrencyConfig](t, newTestPipeline(t, provisioning), provisionedConcurrency)
	if diff := cmp.Diff(want, got.Spec.ForProvider); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// TestHeldWhileTrafficShifts checks that the provider does not update what is provisioned while Lambda would refuse it, and that it
// stays otherwise.
func TestHeldWhileTrafficShifts(t *testing.T) {
	for traffic, want := range map[string]bool{trafficStays: true, trafficShifts: false} {
		for _, protected := range []bool{false, true} {
			p := newTestPipeline(t, provisioning, func(p *Pipeline) { p.Spec.DeletionProtection = protected })
			r := p.provisioned()[0]
			o, err := r.Object(compose.Known{liveTraffic: traffic})
			if err != nil {
				t.Fatal(err)
			}
			policies := o.(*lambdav1beta1.ProvisionedConcurrencyConfig).Spec.ManagementPolicies
			if got := slices.Contains(policies, xpv2.ManagementActionUpdate); got != want {
				t.Errorf("traffic %s: want an update %t, got %v", traffic, want, policies)
			}
			if got := slices.Contains(policies, xpv2.ManagementActionDelete); got == protected {
				t.Errorf("protected %t: got %v", protected, policies)
			}
			for _, always := range []xpv2.ManagementAction{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionLateInitialize} {
				if !slices.Contains(policies, always) {
					t.Errorf("traffic %s: want %s, got %v", traffic, always, policies)
				}
			}
		}
	}
}

// TestConfiguringTheAlias checks when what belongs to the alias is made, and when it is held. What exists waits for nothing.
func TestConfiguringTheAlias(t *testing.T) {
	type want struct{ Traffic, Alias string }
	cases := map[string]struct {
		reason   string
		observed map[resource.Name]string
		want     want
	}{
		"NoAlias": {reason: "There is nothing to configure."},
		"AliasPending": {
			reason:   "The alias is asked for, and not there.",
			observed: map[resource.Name]string{LiveAlias: fntest.AliasOn("7", standin.Stuck)},
		},
		"AliasThere": {
			reason:   "Both are made.",
			observed: map[resource.Name]string{LiveAlias: fntest.AliasOn("7")},
			want:     want{Traffic: trafficStays, Alias: known},
		},
		"NewWhileTrafficShifts": {
			reason:   "Lambda would refuse to provision.",
			observed: map[resource.Name]string{LiveAlias: fntest.AliasOn("7", standin.Shifting("8", 0.3))},
			want:     want{Alias: known},
		},
		"WhileTrafficShifts": {
			reason:   "What is provisioned is held.",
			observed: map[resource.Name]string{LiveAlias: fntest.AliasOn("7", standin.Shifting("8", 0.3)), provisionedConcurrency: "{}"},
			want:     want{Traffic: trafficShifts, Alias: known},
		},
		"AfterTheShift": {
			reason:   "It is held no longer.",
			observed: map[resource.Name]string{LiveAlias: fntest.AliasOn("8", standin.Shifted), provisionedConcurrency: "{}"},
			want:     want{Traffic: trafficStays, Alias: known},
		},
		"AliasLost": {
			reason:   "What exists stays, whatever becomes of the alias.",
			observed: map[resource.Name]string{provisionedConcurrency: "{}", eventInvokeConfig: "{}"},
			want:     want{Traffic: trafficStays, Alias: known},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, seen := newTestPipeline(t), compose.NewObservation(fntest.State(t, fntest.XR, tc.observed))
			p.Serving = ReadServing(seen)
			facts := p.Facts(seen)
			if diff := cmp.Diff(tc.want, want{facts[liveTraffic], facts[aliasThere]}); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
