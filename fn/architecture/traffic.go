package architecture

import (
	"slices"

	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// LiveAlias is the alias, in the composition.
const LiveAlias resource.Name = "live-alias"

// aliasName is the alias of blue that production callers invoke.
const aliasName = "live"

// aliasARN is what production callers invoke.
func (p Pipeline) aliasARN(f compose.Facts) string {
	return p.functionARN(f, blue) + ":" + aliasName
}

// traffic is the alias that CodeDeploy shifts from version to version, who may call it, what calls it by itself,
// and what waits for calls.
func (p Pipeline) traffic() []compose.Resource {
	alias := compose.Resource{Name: LiveAlias, Needs: []compose.Fact{liveVersion}, Build: p.liveAlias}
	return slices.Concat([]compose.Resource{alias}, p.invokers(), p.functionURL(), p.eventSources(), p.provisioned(), p.scaling(), p.async())
}

// onceReleased is a resource that lets somebody call the alias. Until a release has replaced the bootstrap code it is not made.
func (p Pipeline) onceReleased(r compose.Resource) compose.Resource {
	r.Deferred = !p.Serving.IsReleased()
	return r
}

// liveAlias is created on blue's first version. After that its version and weights are CodeDeploy's, and no update of
// ours reaches AWS. The version here follows what is live all the same: it is what the alias would be created with again
// if someone deleted it. While a run may be moving traffic, the provider looks more often.
func (p Pipeline) liveAlias(f compose.Facts) client.Object {
	meta := p.meta(LiveAlias, aliasName)
	if p.isUnderWay() {
		meta = pollOften(meta)
	}
	return &lambdav1beta2.Alias{
		ObjectMeta: meta,
		Spec: lambdav1beta2.AliasSpec{
			ClusterManagedResourceSpec: p.managed(xpv2.ManagementActionUpdate),
			ForProvider: lambdav1beta2.AliasParameters{
				Region:          p.region(),
				FunctionNameRef: p.ref(blueFunction),
				FunctionVersion: new(f.Get(liveVersion)),
			},
		},
	}
}
