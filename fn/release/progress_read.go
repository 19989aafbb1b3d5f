package release

import (
	"slices"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

// A Progress is what the object says.
type Progress struct {
	// Last is the pipeline's last run. Nil: there was none, or nobody has seen it.
	Last *v1alpha1.RunStatus

	// Live is the version that was live then, and how it became that. Nil: none was, or nobody has seen it.
	Live *v1alpha1.LiveStatus
}

// runStates are all that a run can have.
var runStates = []string{
	v1alpha1.RunInProgress, v1alpha1.RunWaitingForApproval, v1alpha1.RunSucceeded, v1alpha1.RunFailed,
	v1alpha1.RunStopping, v1alpha1.RunStopped, v1alpha1.RunSuperseded, v1alpha1.RunCancelled,
}

// ReadProgress reads the metadata of the object. What cannot be understood is left out.
func ReadProgress(meta map[string]string) Progress {
	var p Progress
	if id, state := meta[logic.MetaExecution], meta[logic.MetaState]; id != "" && slices.Contains(runStates, state) {
		p.Last = &v1alpha1.RunStatus{
			ExecutionID:  id,
			Commit:       meta[logic.MetaCommit],
			State:        state,
			Stage:        meta[logic.MetaStage],
			Action:       meta[logic.MetaAction],
			Reason:       meta[logic.MetaReason],
			StartedAt:    parseTime(meta[logic.MetaStarted]),
			WaitingSince: parseTime(meta[logic.MetaWaiting]),
			EndedAt:      parseTime(meta[logic.MetaEnded]),
			DeploymentID: meta[logic.MetaDeployment],
			ObservedAt:   parseTime(meta[logic.MetaObserved]),
		}
	}
	if version := meta[logic.MetaLiveVersion]; isVersion(version) {
		p.Live = &v1alpha1.LiveStatus{
			Version:      version,
			Commit:       meta[logic.MetaLiveCommit],
			DeploymentID: meta[logic.MetaLiveDeployment],
			Since:        parseTime(meta[logic.MetaLiveSince]),
		}
	}
	return p
}

// isVersion says whether a text is the number of a function's version: not $LATEST.
func isVersion(text string) bool {
	n, err := strconv.ParseUint(text, 10, 64)
	return err == nil && n > 0
}

// parseTime reads a time in RFC 3339, or nil if it is none.
func parseTime(text string) *metav1.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil
	}
	return &metav1.Time{Time: t.UTC().Truncate(time.Second)}
}
