package report

import (
	"time"

	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// conditionResponsive is Crossplane's own: False while its circuit breaker is open, that is while it does not listen to
// what happens to the XR and its resources.
const conditionResponsive = "Responsive"

// heldTTL is the default of responseTTL. The platform team's own may be what is refused.
const heldTTL = 10 * time.Minute

// timeToHold a pipeline whose claim is refused. An edit is noticed at once, and a rule may refuse hundreds of pipelines, of which each time all
// resources are applied again. Of a new claim there are none, so it can be looked after: nobody tells when its name is free.
func timeToHold(seen compose.Observation) time.Duration {
	if len(seen.Resources) == 0 || seen.XR.Condition(conditionResponsive).Status == "False" {
		return response.DefaultTTL
	}
	return heldTTL
}

// timeToLive of an answer. When it ends Crossplane calls the function and applies every resource again, which for many
// pipelines is most of what an idle control plane does. What happens to a pipeline is noticed at once, so one that is ready
// need not be asked about before the settled time. One that is not, or whose events may get lost, or which waits for
// the platform team's settings, whose events nobody sends, is looked after.
func timeToLive(settled time.Duration, seen compose.Observation, state compose.State, settingsKept bool) time.Duration {
	if state.AllReady() && !settingsKept && seen.XR.Condition(conditionResponsive).Status != "False" {
		return settled
	}
	return min(settled, response.DefaultTTL)
}
