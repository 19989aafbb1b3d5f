package report

import (
	"fmt"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
)

// setSettingsApplied tells whose settings hold, and why not those of now if they do not.
func setSettingsApplied(rsp *fnv1.RunFunctionResponse, p architecture.Pipeline) {
	s := p.Provenance
	if s.Kept != nil {
		response.ConditionFalse(rsp, v1alpha1.ConditionSettingsApplied, s.Kept.Reason).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("The pipeline goes on with the platform team's settings that it had (status.settings), and stays where it is. Tell the platform team: %s.", s.Kept))
		return
	}
	from := "the Composition's input"
	if len(s.Status.From) > 0 {
		from = "EnvironmentConfig " + strings.Join(s.Status.From, ", ") + ", and " + from
	}
	response.ConditionTrue(rsp, v1alpha1.ConditionSettingsApplied, v1alpha1.ReasonSettingsRead).TargetCompositeAndClaim().
		WithMessage("The platform team's settings are those of " + from + ".")
}
