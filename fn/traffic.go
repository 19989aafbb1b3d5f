package main

import (
	lambdav1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/apis/common"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const liveTraffic resource.Name = "live-alias"

// liveAlias is the alias of blue that production callers invoke.
const liveAlias = "live"

// traffic is the alias that CodeDeploy shifts from version to version.
func traffic(p pipeline) []compose.Resource {
	return []compose.Resource{{Name: liveTraffic, Needs: []compose.Fact{liveVersion}, Build: p.liveTraffic}}
}

// liveTraffic is created on blue's first version. After that its version and weights are CodeDeploy's, and no update of
// ours reaches AWS. The version here follows what is live all the same: it is what the alias would be created with again
// if someone deleted it.
func (p pipeline) liveTraffic(f compose.Facts) client.Object {
	return &lambdav1beta2.Alias{
		ObjectMeta: p.meta(liveTraffic, liveAlias),
		Spec: lambdav1beta2.AliasSpec{
			ResourceSpec: p.managed(common.ManagementActionUpdate, common.ManagementActionLateInitialize),
			ForProvider: lambdav1beta2.AliasParameters{
				Region:          p.region(),
				FunctionNameRef: p.ref(blueFunction),
				FunctionVersion: new(f[liveVersion]),
			},
		},
	}
}
