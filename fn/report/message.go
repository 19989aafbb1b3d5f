package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/plan"
)

// maxMessage is how many characters status.message has at most. "kubectl get" shows it in a column, and a row has less than 120.
const maxMessage = 39

// newMessage says in one line how a pipeline is that is composed. What a person must do comes first, the most urgent of it at the front;
// then what is on its way; then that all is well. It names no time but the one since which an approval waits.
func newMessage(s v1alpha1.PaymentDeliveryPipelineStatus, refused error, state compose.State, p *plan.Plan) string {
	switch {
	case s.Release.LostVersion != "":
		return "Live version lost"
	case refused != nil:
		return refusedMessage(refused)
	case len(state.Failing) > 0:
		return fmt.Sprintf("Failing: %d of %d", len(state.Failing), state.Total())
	case p != nil:
		return cut(fmt.Sprintf("Dry run: %d to create, %d to change", len(p.Create), len(p.Change)))
	case s.Connection != nil && s.Connection.ARN != "" && s.Connection.AuthorizeURL != "":
		return "Waiting: authorise the connection"
	}
	if waits := waitingRunMessage(s.Release.Last); waits != "" {
		return cut(waits)
	}
	released := s.Release.Live.Version != v1alpha1.NoVersion
	switch {
	case !state.AllReady() && !released:
		return fmt.Sprintf("Creating: %d of %d", state.Ready(), state.Total())
	case !state.AllReady():
		return fmt.Sprintf("Updating: %d of %d", state.Ready(), state.Total())
	case s.Release.CandidateVersion != "":
		return fmt.Sprintf("Releasing: %d %% to %s", s.Release.CandidateWeight, s.Release.CandidateVersion)
	}
	if goes := goingRunMessage(s.Release.Last); goes != "" {
		return cut(goes)
	}
	if !released {
		return "Ready: no release yet"
	}
	return "Ready"
}

// waitingRunMessage says that a person must look after a run of the pipeline. Empty: nobody must.
func waitingRunMessage(run *v1alpha1.RunStatus) string {
	switch {
	case run == nil:
		return ""
	case run.State == v1alpha1.RunWaitingForApproval && run.WaitingSince != nil:
		return "Waiting for approval since " + run.WaitingSince.UTC().Format("Jan _2 15:04")
	case run.State == v1alpha1.RunWaitingForApproval:
		return "Waiting for approval"
	case run.State == v1alpha1.RunFailed:
		return "Release failed: " + inWords(cmp.Or(run.Action, run.Stage, "see status.release.last"))
	default:
		return ""
	}
}

// goingRunMessage says what a run of the pipeline does, or that somebody has stopped it. Empty: it does nothing, or is superseded.
func goingRunMessage(run *v1alpha1.RunStatus) string {
	switch {
	case run == nil:
		return ""
	case run.State == v1alpha1.RunInProgress && run.Stage == buildStage:
		return strings.TrimSpace("Building " + v1alpha1.ShortCommit(run.Commit))
	case run.State == v1alpha1.RunInProgress:
		return strings.TrimSpace("Releasing " + v1alpha1.ShortCommit(run.Commit))
	case run.State == v1alpha1.RunStopping || run.State == v1alpha1.RunStopped || run.State == v1alpha1.RunCancelled:
		return "Release stopped"
	default:
		return ""
	}
}

// buildStage is what the pipeline calls the stage that builds the code.
const buildStage = "Build"

// inWords is the name of an action or a stage, as people write it.
func inWords(name string) string {
	return strings.ToLower(strings.NewReplacer("_", " ", "-", " ").Replace(name))
}

// refusedMessage names the first field that is refused, or else says why.
func refusedMessage(err error) string {
	text := err.Error()
	if object, what, found := strings.Cut(text, ": "); found && strings.HasPrefix(object, "invalid ") {
		text = strings.TrimPrefix(what, "[")
	}
	if field, _, found := strings.Cut(text, ": "); found {
		text = field + " …"
	}
	return cut("Refused: " + text)
}

// cut a text to what the column has room for.
func cut(text string) string {
	characters := []rune(text)
	if len(characters) <= maxMessage {
		return text
	}
	return strings.TrimRight(string(characters[:maxMessage-1]), " …") + "…"
}
