package main

import (
	"fmt"
	"regexp"
	"strings"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// Conditions of the claim and the XR, beside Crossplane's own Synced and Ready.
const (
	// conditionAccepted says whether the claim could be composed, and if not, why.
	conditionAccepted = "Accepted"

	// conditionSourceConnected says whether GitHub can be read, and if not, what to do.
	conditionSourceConnected = "SourceConnected"

	// conditionResourcesWaiting says what cannot be made yet, and for what it waits.
	conditionResourcesWaiting = "ResourcesWaiting"

	// conditionResourcesFailing says what cannot be made or changed as the claim asks, and why not.
	conditionResourcesFailing = "ResourcesFailing"

	// conditionTrafficShifting says whether two versions share production traffic, and how.
	conditionTrafficShifting = "TrafficShifting"
)

// Reasons of the conditions.
const (
	reasonValid              = "Valid"
	reasonInvalidInput       = "InvalidInput"
	reasonNameTaken          = "NameTaken"
	reasonFactLost           = "FactLost"
	reasonInternal           = "InternalError"
	reasonConnected          = "ConnectionAvailable"
	reasonExistingConnection = "ExistingConnection"
	reasonNotCreated         = "ConnectionNotCreated"
	reasonHandshakePending   = "HandshakePending"
	reasonFactsMissing       = "FactsMissing"
	reasonNothingWaiting     = "NothingWaiting"
	reasonReconcileError     = "ReconcileError"
	reasonNothingFailing     = "NothingFailing"
	reasonTwoVersions        = "TwoVersions"
	reasonOneVersion         = "OneVersion"
	reasonNotLive            = "NotLive"
)

// setConditions from the status alone, so that the two never disagree and nothing flaps.
func setConditions(rsp *fnv1.RunFunctionResponse, status v1alpha1.PaymentDeliveryPipelineStatus, state compose.State) {
	response.ConditionTrue(rsp, conditionAccepted, reasonValid).TargetCompositeAndClaim()
	setSourceConnected(rsp, *status.Connection)
	setResourcesWaiting(rsp, state.Waiting)
	setResourcesFailing(rsp, state.Failing)
	setTrafficShifting(rsp, status.Release)
}

func setSourceConnected(rsp *fnv1.RunFunctionResponse, c v1alpha1.ConnectionStatus) {
	switch {
	case c.Status == connectionAvailable:
		response.ConditionTrue(rsp, conditionSourceConnected, reasonConnected).TargetCompositeAndClaim()
	case c.AuthorizeURL == "":
		response.ConditionTrue(rsp, conditionSourceConnected, reasonExistingConnection).TargetCompositeAndClaim().
			WithMessage("The claim brings a connection, which is used as it is.")
	case c.ARN == "":
		response.ConditionFalse(rsp, conditionSourceConnected, reasonNotCreated).TargetCompositeAndClaim().
			WithMessage("The connection to GitHub is being created.")
	default:
		response.ConditionFalse(rsp, conditionSourceConnected, reasonHandshakePending).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("A person must authorise the connection to GitHub once: open %s, choose %s and then \"Update pending connection\".", c.AuthorizeURL, c.ARN))
	}
}

func setResourcesWaiting(rsp *fnv1.RunFunctionResponse, waiting []compose.Waiting) {
	if len(waiting) == 0 {
		response.ConditionFalse(rsp, conditionResourcesWaiting, reasonNothingWaiting).TargetCompositeAndClaim()
		return
	}
	response.ConditionTrue(rsp, conditionResourcesWaiting, reasonFactsMissing).TargetCompositeAndClaim().
		WithMessage(waitingMessage(waiting))
}

// waitingMessage groups what waits by what it waits for, in the architecture's order.
func waitingMessage(waiting []compose.Waiting) string {
	g := groups{}
	for _, w := range waiting {
		g.add(string(w.For), w.Name)
	}
	lines := make([]string, 0, len(g.order))
	for _, fact := range g.order {
		lines = append(lines, fmt.Sprintf("Waiting for %s: %s.", fact, strings.Join(g.names[fact], ", ")))
	}
	return strings.Join(lines, " ")
}

func setResourcesFailing(rsp *fnv1.RunFunctionResponse, failing []compose.Failing) {
	if len(failing) == 0 {
		response.ConditionFalse(rsp, conditionResourcesFailing, reasonNothingFailing).TargetCompositeAndClaim()
		return
	}
	response.ConditionTrue(rsp, conditionResourcesFailing, reasonReconcileError).TargetCompositeAndClaim().
		WithMessage(failingMessage(failing))
}

const (
	// maxErrors is how many different errors a condition tells. One that all resources have in common is one.
	maxErrors = 5

	// maxErrorLength is how many characters of an error a condition tells.
	maxErrorLength = 500
)

// perAttempt is what AWS's errors say of one attempt. A condition that told it would change with each.
var perAttempt = regexp.MustCompile(`,? ?\b(RequestID|HostID|[Rr]equest [Ii][Dd]): ?[^\s,;)]*`)

// failingMessage groups what fails by its error, in the architecture's order.
func failingMessage(failing []compose.Failing) string {
	g := groups{}
	for _, f := range failing {
		message := []rune(perAttempt.ReplaceAllString(strings.TrimSpace(f.Message), ""))
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

func setTrafficShifting(rsp *fnv1.RunFunctionResponse, r *v1alpha1.ReleaseStatus) {
	switch {
	case r == nil:
		response.ConditionFalse(rsp, conditionTrafficShifting, reasonNotLive).TargetCompositeAndClaim().
			WithMessage("No version is live yet.")
	case r.CandidateVersion == "":
		response.ConditionFalse(rsp, conditionTrafficShifting, reasonOneVersion).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("Version %s takes all production traffic.", r.LiveVersion))
	default:
		response.ConditionTrue(rsp, conditionTrafficShifting, reasonTwoVersions).TargetCompositeAndClaim().
			WithMessage(fmt.Sprintf("Version %s takes %d %% of production traffic, version %s the rest.", r.CandidateVersion, r.CandidateWeight, r.LiveVersion))
	}
}
