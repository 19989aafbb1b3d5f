package architecture

import (
	s3v1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/s3/v1beta2"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A claim holds the names that end in its suffix by holding the managed resource of the artifact bucket. Its name in the
// cluster is the same for every claim that wants these names, and the API server gives a resource one controller only. So
// nothing else is asked for before the bucket is there, and of two claims, even of the same moment, one gets everything
// and the other nothing.

// labelComposite is the label that Crossplane puts on every composed resource, with the name of its XR.
const labelComposite = "crossplane.io/composite"

// holder returns the XR's own name if it holds the pipeline's names, or "". Crossplane shows us only resources that this
// XR controls. One of them is enough: the bucket was there before it, even if somebody has deleted it since.
func holder(seen compose.Observation) string {
	if len(seen.Resources) == 0 {
		return ""
	}
	return seen.XR.ObjectName()
}

// Required is what Crossplane is asked to show us: the bucket's managed resource, whoever controls it. That costs a second call of the
// function, but only until the claim has a bucket of its own: then it is nothing.
func (p Pipeline) Required(seen compose.Observation) map[string]*fnv1.ResourceSelector {
	if seen.Exists(artifactBucket) {
		return nil
	}
	return map[string]*fnv1.ResourceSelector{
		string(artifactBucket): {
			ApiVersion: s3v1beta2.CRDGroupVersion.String(),
			Kind:       s3v1beta2.Bucket_Kind,
			Match:      &fnv1.ResourceSelector_MatchName{MatchName: p.Names.object(artifactBucket)},
		},
	}
}

// CheckHolder reports that another claim holds the pipeline's names, by the resources that Required names.
func (p Pipeline) CheckHolder(seen compose.Observation, required map[string]*fnv1.Resources) error {
	for _, item := range required[string(artifactBucket)].GetItems() {
		bucket := compose.Observe(item)
		if uid := bucket.ControllerUID(); uid == "" || uid == seen.XR.String("metadata", "uid") {
			continue
		}
		return refusal.Refusal{
			Field:   "spec.environmentSuffix",
			Value:   refusal.Show(p.Spec.EnvironmentSuffix),
			Allowed: "held by the PaymentDeliveryPipeline " + bucket.Claim() + " (XR " + bucket.Label(labelComposite) + ")",
			Rule:    refusal.Package,
			Next:    "choose one that no other claim in this AWS account has",
		}
	}
	return nil
}
