// Package claim reads a claim and the platform team's settings: checked against their schemas, with defaults, and within
// the platform team's guardrails.
package claim

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A Claim is what an app team asks for, and what the platform team has settled.
type Claim struct {
	// Owner is the object that asks.
	Owner Owner

	Spec     v1alpha1.PaymentDeliveryPipelineSpec
	Platform v1beta1.PlatformSettings

	// Provenance of the platform team's settings.
	Provenance Provenance

	// Refused is what AWS refuses of both: field, value, and what is allowed. Nil: nothing. A pipeline that exists goes on all
	// the same, with what AWS takes of it; a new one must not begin.
	Refused error
}

// Read the composite resource of a claim under the platform team's settings. The error names what is wrong with either, so that
// nothing can be made of it: field, value, and what is allowed.
func Read(sources Sources, xr *structpb.Struct, existing Existing) (Claim, error) {
	found, err := settle(sources, xr, existing)
	if err != nil {
		return Claim{}, err
	}
	platform := found.platform
	asker := subjectOf(xr)
	filed := asker.owner.Filed()
	spec, wrong := ReadSpec(xr)
	invalid, refused := divide(wrong)
	if len(invalid) == 0 {
		invalid = slices.Concat(checkGuardrails(judged{asker, &spec, &platform, found.origins()}), checkBytes(xr), checkChange(xr))
	}
	if len(invalid) > 0 {
		return Claim{}, invalid.Of(filed)
	}
	kind, root := found.kind(sources.Input)
	account := cmp.Or(existing.Account, platform.AccountID)
	return Claim{Owner: asker.owner, Spec: spec, Platform: platform, Provenance: found.provenance, Refused: utilerrors.NewAggregate([]error{
		slices.Concat(found.refused, checkSettingsInAWS(spec, platform, account, root)).Of(kind),
		slices.Concat(refused, checkInAWS(spec, account)).Of(filed),
	})}, nil
}

// divide what is wrong with an object into mistakes, of which nothing can be made, and what only AWS refuses.
func divide(wrong refusal.List) (mistakes, refused refusal.List) {
	for _, r := range wrong {
		if r.Rule == refusal.AWS {
			refused = append(refused, r)
		} else {
			mistakes = append(mistakes, r)
		}
	}
	return mistakes, refused
}

// Partition of AWS that the pipeline's region belongs to, as ARNs name it.
func (c Claim) Partition() string {
	return partition(c.Spec.Region)
}

// Tags of the claim and of the platform team, whose tags win. To IAM, keys that differ in case are the same.
func (c Claim) Tags() map[string]string {
	return merge(c.Spec.Tags, c.Platform.Tags)
}

func merge(claim, platform v1alpha1.Tags) map[string]string {
	tags, settled := map[string]string{}, map[string]bool{}
	for key, value := range platform {
		tags[key] = string(value)
		settled[strings.ToLower(key)] = true
	}
	for key, value := range claim {
		if !settled[strings.ToLower(key)] {
			tags[key] = string(value)
		}
	}
	return tags
}
