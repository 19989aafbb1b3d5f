package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/function-sdk-go/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/provider"
)

// setConditions from what was read and the status alone, so that the two never disagree and nothing flaps. Those that ask a person to act
// come first: Crossplane keeps the order in which it hears of them.
func setConditions(rsp *fnv1.RunFunctionResponse, seen compose.Observation, p architecture.Pipeline, status v1alpha1.PaymentDeliveryPipelineStatus, state compose.State) {
	setAccepted(rsp, seen, p.Refused)
	setResourcesFailing(rsp, state.Failing)
	setLiveVersionLost(rsp, status.Release)
	setSourceConnected(rsp, p, status.Connection)
	setResourcesWaiting(rsp, state.Waiting)
	setTrafficShifting(rsp, p, status.Release, state)
	setConfigurationPending(rsp, p, status.Release)
	setSettingsApplied(rsp, p)
	setRolloutWatched(rsp, p)
}

// idle are the reasons by which a condition says that there is nothing to say.
var idle = []string{
	v1alpha1.ReasonNothingFailing, v1alpha1.ReasonNothingLost, v1alpha1.ReasonNothingWaiting, v1alpha1.ReasonSettingsLive,
	v1alpha1.ReasonCandidateJudged, v1alpha1.ReasonAlarmInTime, v1alpha1.ReasonManaged,
}

// isIdle reports whether a claim need not be told a condition: it has nothing to say, and never had. Crossplane removes no condition, so one
// that was told is told again.
func isIdle(seen compose.Observation, c *fnv1.Condition) bool {
	return slices.Contains(idle, c.GetReason()) && seen.XR.Condition(c.GetType()).Status == ""
}

func setAccepted(rsp *fnv1.RunFunctionResponse, seen compose.Observation, refused error) {
	if refused == nil {
		response.ConditionTrue(rsp, v1alpha1.ConditionAccepted, v1alpha1.ReasonValid).TargetCompositeAndClaim()
		return
	}
	setRefused(rsp, seen, v1alpha1.ReasonRefusedByAWS, refused)
}

// providerPoll is how often provider-aws looks at what it manages, unless the platform team tells it otherwise.
const providerPoll = "10 minutes"

func setSourceConnected(rsp *fnv1.RunFunctionResponse, p architecture.Pipeline, c *v1alpha1.ConnectionStatus) {
	switch {
	case p.Spec.Source.PromotedFrom != nil:
		from := *p.Spec.Source.PromotedFrom
		response.ConditionTrue(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonPromoted).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("What is released to %s in account %s is released here too. GitHub is not read.", from.BucketName, from.AccountID))
	case c.Status == architecture.ConnectionAvailable:
		response.ConditionTrue(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonConnected).TargetCompositeAndClaim()
	case c.Shared:
		response.ConditionTrue(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonSharedConnection).TargetCompositeAndClaim().
			WithMessage("The platform team's connection is used as it is.")
	case c.AuthorizeURL == "":
		response.ConditionTrue(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonExistingConnection).TargetCompositeAndClaim().
			WithMessage("The claim brings a connection, which is used as it is.")
	case c.ARN == "" && p.Spec.DryRun:
		response.ConditionFalse(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonNotCreated).TargetCompositeAndClaim().
			WithMessage("A dry run makes no connection to GitHub, and knows none by its name. To take one over, name its ARN in source.connectionArn.")
	case c.ARN == "":
		response.ConditionFalse(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonNotCreated).TargetCompositeAndClaim().
			WithMessage("The connection to GitHub is being created.")
	default:
		response.ConditionFalse(rsp, v1alpha1.ConditionSourceConnected, v1alpha1.ReasonHandshakePending).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("A person must authorise the connection to GitHub once: open %s, choose %s and then \"Update pending connection\". The provider notices within its poll interval, %s by default. A pipeline that does not exist yet is made then.", c.AuthorizeURL, c.ARN, providerPoll))
	}
}

func setResourcesWaiting(rsp *fnv1.RunFunctionResponse, waiting []compose.Waiting) {
	if len(waiting) == 0 {
		response.ConditionFalse(rsp, v1alpha1.ConditionResourcesWaiting, v1alpha1.ReasonNothingWaiting).TargetCompositeAndClaim()
		return
	}
	response.ConditionTrue(rsp, v1alpha1.ConditionResourcesWaiting, v1alpha1.ReasonFactsMissing).TargetCompositeAndClaim().
		WithMessage(waitingMessage(waiting))
}

// waitingMessage groups what waits by what it waits for, in the architecture's order.
func waitingMessage(waiting []compose.Waiting) string {
	g := groups{}
	for _, w := range waiting {
		g.add(w.For.Text, w.Name)
	}
	lines := make([]string, 0, len(g.order))
	for _, fact := range g.order {
		lines = append(lines, fmt.Sprintf("Waiting for %s: %s.", fact, strings.Join(g.names[fact], ", ")))
	}
	return strings.Join(lines, " ")
}

func setResourcesFailing(rsp *fnv1.RunFunctionResponse, failing []compose.Failing) {
	if len(failing) == 0 {
		response.ConditionFalse(rsp, v1alpha1.ConditionResourcesFailing, v1alpha1.ReasonNothingFailing).TargetCompositeAndClaim()
		return
	}
	response.ConditionTrue(rsp, v1alpha1.ConditionResourcesFailing, v1alpha1.ReasonReconcileError).TargetCompositeAndClaim().
		WithMessage(failingMessage(failing))
}

const (
	// maxErrors is how many different errors a condition tells. One that all resources have in common is one.
	maxErrors = 5

	// maxErrorLength is how many characters of an error a condition tells.
	maxErrorLength = 500
)

// failingMessage groups what fails by its error, in the architecture's order. A condition that told of single attempts would change
// with each.
func failingMessage(failing []compose.Failing) string {
	g := groups{}
	for _, f := range failing {
		message := []rune(provider.WithoutAttempt(f.Message))
		if len(message) > maxErrorLength {
			message = append(message[:maxErrorLength], '…')
		}
		g.add(string(message), f.Name)
	}
	told := g.order[:min(maxErrors, len(g.order))]
	lines := make([]string, 0, len(told)+1)
	for _, message := range told {
		lines = append(lines, strings.Join(g.names[message], ", ")+": "+message)
	}
	if more := len(g.order) - len(told); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more errors", more))
	}
	return strings.Join(lines, "; ")
}

// groups of resources that have a text in common, both in their order.
type groups struct {
	order []string
	names map[string][]string
}

func (g *groups) add(text string, name resource.Name) {
	if g.names == nil {
		g.names = map[string][]string{}
	}
	if g.names[text] == nil {
		g.order = append(g.order, text)
	}
	g.names[text] = append(g.names[text], string(name))
}

func setLiveVersionLost(rsp *fnv1.RunFunctionResponse, r *v1alpha1.ReleaseStatus) {
	if r.LostVersion == "" {
		response.ConditionFalse(rsp, v1alpha1.ConditionLiveVersionLost, v1alpha1.ReasonNothingLost).TargetCompositeAndClaim()
		return
	}
	response.ConditionTrue(rsp, v1alpha1.ConditionLiveVersionLost, v1alpha1.ReasonFunctionRecreated).TargetCompositeAndClaim().
		WithMessage(lossMessage(*r))
}

func lossMessage(r v1alpha1.ReleaseStatus) string {
	return fmt.Sprintf("Version %s was live and is gone: someone has deleted the blue function, and AWS does not know that version any more. "+
		"Version %s, which the function has now, takes its place. Nobody has approved it, and it may be nothing but the bootstrap code. "+
		"Release again: push to the branch, or choose \"Release change\" in CodePipeline.", r.LostVersion, r.LiveVersion)
}

// tellLoss once, by an event, when the version that was live is found to be gone. The condition tells it from then on.
func tellLoss(rsp *fnv1.RunFunctionResponse, seen compose.Observation, r *v1alpha1.ReleaseStatus) {
	if r.LostVersion == "" || seen.XR.String("status", "release", "lostVersion") != "" {
		return
	}
	response.Warning(rsp, errors.New(lossMessage(*r))).TargetCompositeAndClaim().WithReason(v1alpha1.ConditionLiveVersionLost)
}

func setTrafficShifting(rsp *fnv1.RunFunctionResponse, p architecture.Pipeline, r *v1alpha1.ReleaseStatus, state compose.State) {
	switch {
	case r.LiveVersion == "":
		response.ConditionFalse(rsp, v1alpha1.ConditionTrafficShifting, v1alpha1.ReasonNotLive).TargetCompositeAndClaim().
			WithMessage("No version is live yet.")
	case r.LostVersion != "" && slices.Contains(state.Unready, architecture.LiveAlias):
		response.ConditionFalse(rsp, v1alpha1.ConditionTrafficShifting, v1alpha1.ReasonOneVersion).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("Version %s takes all production traffic as soon as the alias is there again.", r.LiveVersion))
	case r.CandidateVersion == "" && r.LiveVersion == r.BootstrapVersion:
		response.ConditionFalse(rsp, v1alpha1.ConditionTrafficShifting, v1alpha1.ReasonBootstrapLive).TargetCompositeAndClaim().
			WithMessage(bootstrapMessage(p, *r, state.Deferred))
	case r.CandidateVersion == "":
		response.ConditionFalse(rsp, v1alpha1.ConditionTrafficShifting, v1alpha1.ReasonOneVersion).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("Version %s takes all production traffic.", r.LiveVersion))
	default:
		response.ConditionTrue(rsp, v1alpha1.ConditionTrafficShifting, v1alpha1.ReasonTwoVersions).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("Version %s takes %d %% of production traffic, version %s the rest.", r.CandidateVersion, r.CandidateWeight, r.LiveVersion))
	}
}

// bootstrapMessage says why nothing is delivered to the live version.
func bootstrapMessage(p architecture.Pipeline, r v1alpha1.ReleaseStatus, deferred []resource.Name) string {
	message := fmt.Sprintf("No release is live. The alias is on version %s, which has the code that the pipeline created the function with.", r.LiveVersion)
	if len(p.Spec.Service.EventSources) > 0 {
		message += " Until the next release, all event sources are disabled."
	}
	if len(deferred) > 0 {
		names := make([]string, 0, len(deferred))
		for _, name := range deferred {
			names = append(names, string(name))
		}
		message += " The next release also creates what lets others call the service: " + strings.Join(names, ", ") + "."
	}
	return message
}

// metricsLag is how long after Lambda has answered a release can know of it, and have looked.
const metricsLag = 3 * time.Minute

// setRolloutWatched tells whether anything can stop a rollout: one that is over first has no one to stop it.
func setRolloutWatched(rsp *fnv1.RunFunctionResponse, p architecture.Pipeline) {
	shift, fires := p.RolloutTime(), p.AlarmTime()
	if p.JudgedTime() >= metricsLag {
		response.ConditionTrue(rsp, v1alpha1.ConditionRolloutWatched, v1alpha1.ReasonCandidateJudged).TargetCompositeAndClaim()
		return
	}
	if fires < shift {
		response.ConditionTrue(rsp, v1alpha1.ConditionRolloutWatched, v1alpha1.ReasonAlarmInTime).TargetCompositeAndClaim()
		return
	}
	response.ConditionFalse(rsp, v1alpha1.ConditionRolloutWatched, v1alpha1.ReasonAlarmTooSlow).TargetCompositeAndClaim().
		WithMessage(fmt.Sprintf("A rollout moves all traffic in %g minutes, and the alarm fires %g minutes after failures began at the earliest: it stops no rollout. "+
			"Choose a slower rollout, or less of alarm.evaluationPeriods or alarm.periodSeconds, or have releases judged: rollout.analysis.", shift.Minutes(), fires.Minutes()))
}
