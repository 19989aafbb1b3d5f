// Package claim reads a claim and the platform team's settings: checked against their schemas, with defaults, and within
// the platform team's guardrails.
package claim

import (
	"maps"

	"google.golang.org/protobuf/types/known/structpb"

	"github.com/crossplane/function-sdk-go/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// A Claim is what an app team asks for, and what the platform team has settled.
type Claim struct {
	Spec     v1alpha1.PaymentDeliveryPipelineSpec
	Platform v1beta1.PlatformSettings
}

// Read the composite resource of a claim under the function's input. The account is where the pipeline already is, or empty
// where that is not known. The error names what is wrong with either: field, value, and what is allowed.
func Read(input, xr *structpb.Struct, account string) (Claim, error) {
	platform, invalid := ReadSettings(input)
	if len(invalid) == 0 {
		invalid = checkAccount(platform, account)
	}
	if len(invalid) > 0 {
		return Claim{}, errors.Wrap(invalid.ToAggregate(), "invalid "+kindOf(input))
	}
	spec, invalid := ReadSpec(xr)
	if len(invalid) == 0 {
		invalid = checkGuardrails(spec, platform)
	}
	if len(invalid) > 0 {
		return Claim{}, errors.Wrap(invalid.ToAggregate(), "invalid PaymentDeliveryPipeline")
	}
	return Claim{Spec: spec, Platform: platform}, nil
}

// Tags of the claim and of the platform team, whose tags win.
func (c Claim) Tags() map[string]string {
	return merge(c.Spec.Tags, c.Platform.Tags)
}

func merge(claim, platform map[string]string) map[string]string {
	t := maps.Clone(claim)
	if t == nil {
		t = map[string]string{}
	}
	maps.Copy(t, platform)
	return t
}
