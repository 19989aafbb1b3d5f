package architecture

import (
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// provisionedConcurrency are the environments of the live version that have started before they are called.
const provisionedConcurrency resource.Name = "live-provisioned-concurrency"

// liveTraffic says whether what is provisioned for the alias can be changed: while the alias has two versions, Lambda refuses that.
var liveTraffic = compose.Fact{ID: "live-traffic", Text: "the live alias to be there, and traffic to stay with one version"}

// Values of liveTraffic.
const (
	trafficStays  = "stays"
	trafficShifts = "shifts"
)

// readLiveTraffic is empty only as long as nothing is provisioned.
func (p Pipeline) readLiveTraffic(seen compose.Observation) string {
	exists, shifts := seen.Exists(provisionedConcurrency), p.Serving.Candidate != ""
	switch {
	case exists && shifts:
		return trafficShifts
	case exists, !shifts && allReady(seen, []resource.Name{LiveAlias}):
		return trafficStays
	default:
		return ""
	}
}

// reservedConcurrency of blue. Green has none: it runs one invocation at a time, and what is kept for it all other functions of the
// account would lack. Nil: the provider takes a reservation away.
func (p Pipeline) reservedConcurrency(c color) *float64 {
	reserved := p.Spec.Service.Concurrency.Reserved
	if c != blue || reserved < 0 {
		return nil
	}
	return new(float64(reserved))
}

// provisioned concurrency of the alias: Lambda moves it to the version that the alias moves to.
func (p Pipeline) provisioned() []compose.Resource {
	if p.Spec.Service.Concurrency.Provisioned == nil {
		return nil
	}
	return []compose.Resource{{Name: provisionedConcurrency, Needs: []compose.Fact{liveTraffic}, Build: p.provisionedConcurrency}}
}

func (p Pipeline) provisionedConcurrency(f compose.Facts) client.Object {
	var held []xpv2.ManagementAction
	if f.Get(liveTraffic) == trafficShifts || p.scales() {
		// The update would fail until the shift is over. Then the alias is seen to have one version, and the update comes. With
		// scaling none comes: Application Auto Scaling owns the number.
		held = append(held, xpv2.ManagementActionUpdate)
	}
	return &lambdav1beta1.ProvisionedConcurrencyConfig{
		ObjectMeta: p.meta(provisionedConcurrency, ""),
		Spec: lambdav1beta1.ProvisionedConcurrencyConfigSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(held...),
			ForProvider: lambdav1beta1.ProvisionedConcurrencyConfigParameters{
				Region:                          p.region(),
				FunctionName:                    new(p.Names.function(blue)),
				Qualifier:                       new(aliasName),
				ProvisionedConcurrentExecutions: new(float64(p.Spec.Service.Concurrency.Provisioned.Min)),
			},
		},
	}
}
