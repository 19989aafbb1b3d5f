package architecture

import (
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// snapStart is nil for none: the provider then turns it off, and AWS does not tell of it.
func (p Pipeline) snapStart() []lambdav1beta1.SnapStartParameters {
	if p.Spec.Service.SnapStart != v1alpha1.SnapStartPublishedVersions {
		return nil
	}
	return []lambdav1beta1.SnapStartParameters{{ApplyOn: new(string(v1alpha1.SnapStartPublishedVersions))}}
}
