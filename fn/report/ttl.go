package report

import (
	"time"

	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// conditionResponsive is Crossplane's own: False while its circuit breaker is open, that is while it does not listen to
// what happens to the XR and its resources.
const conditionResponsive = "Responsive"

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
