// Package claim reads a claim and the platform team's settings: checked against their schemas, with defaults, and within
// the platform team's guardrails.
package claim

import (
	"cmp"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/crossplane/function-sdk-go/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// A Claim is what an app team asks for, and what the platform team has settled.
type Claim struct {
	Spec     v1alpha1.PaymentDeliveryPipelineSpec
	Platform v1beta1.PlatformSettings

	// Refused is what AWS refuses of both: field, value, and what is allowed. Nil: nothing. A pipeline that exists goes on all
	// the same, with what AWS takes of it; a new one must not begin.
	Refused error
}

// Read the composite resource of a claim under the function's input. The account is where the pipeline already is, or empty
// where that is not known. The error names what is wrong with either, so that nothing can be made of it: field, value, and
// what is allowed.
func Read(input, xr *structpb.Struct, account string) (Claim, error) {
	const claimKind = "PaymentDeliveryPipeline"
	platform, wrong := ReadSettings(input)
	invalid, refusedSettings := divide(wrong)
	if len(invalid) == 0 {
		invalid = checkAccount(platform, account)
	}
	if len(invalid) > 0 {
		return Claim{}, errors.Wrap(invalid.ToAggregate(), "invalid "+kindOf(input))
	}
	spec, wrong := ReadSpec(xr)
	invalid, refusedClaim := divide(wrong)
	if len(invalid) == 0 {
		invalid = checkGuardrails(spec, platform)
	}
	if len(invalid) > 0 {
		return Claim{}, errors.Wrap(invalid.ToAggregate(), "invalid "+claimKind)
	}
	claimElsewhere, settingsElsewhere := checkRegion(spec, platform)
	account = cmp.Or(account, platform.AccountID)
	claimElsewhere = slices.Concat(claimElsewhere, checkService(spec), checkTopics(spec, account), checkSecrets(spec), checkPermissions(spec, account), checkInvokers(spec), checkBuild(spec, account), checkPromotion(spec, account), checkAsync(spec), checkEventSources(spec))
	refused := utilerrors.NewAggregate([]error{
		errors.Wrap(slices.Concat(refusedSettings, settingsElsewhere).ToAggregate(), "invalid "+kindOf(input)),
		errors.Wrap(slices.Concat(refusedClaim, claimElsewhere).ToAggregate(), "invalid "+claimKind),
	})
	return Claim{Spec: spec, Platform: platform, Refused: refused}, nil
}

// divide what is wrong with an object into mistakes, of which nothing can be made, and what only AWS refuses. The schema
// says "forbidden" of the latter.
func divide(wrong field.ErrorList) (mistakes, refused field.ErrorList) {
	for _, err := range wrong {
		if err.Type == field.ErrorTypeForbidden {
			refused = append(refused, err)
		} else {
			mistakes = append(mistakes, err)
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
