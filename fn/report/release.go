package report

import (
	"cmp"
	"math"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// newReleaseStatus says which version serves, and how the last run goes. Before a version serves, only that none is live.
func newReleaseStatus(p architecture.Pipeline, seen compose.Observation) *v1alpha1.ReleaseStatus {
	s, last := p.Serving, newRunStatus(p, seen)
	if s.Before == "" {
		return &v1alpha1.ReleaseStatus{Live: newLiveStatus(p, nil), Last: last}
	}
	versions := architecture.RememberVersions(seen, s)
	return &v1alpha1.ReleaseStatus{
		Live:             newLiveStatus(p, versions),
		Last:             last,
		LiveVersion:      s.Version,
		LostVersion:      s.Lost,
		BootstrapVersion: s.Bootstrap,
		CandidateVersion: s.Candidate,
		CandidateWeight:  percent(s.CandidateShare),
		Versions:         versions,
	}
}

// newLiveStatus says what production runs. The provider looks at the alias and at what the watch has written at different times: of
// another version than the alias has, nothing is said. Where nobody knows the bootstrap version, whatever serves counts as released.
func newLiveStatus(p architecture.Pipeline, versions []v1alpha1.VersionStatus) *v1alpha1.LiveStatus {
	if p.Serving.Before == "" || !p.Serving.IsReleased() {
		return &v1alpha1.LiveStatus{Version: v1alpha1.NoVersion}
	}
	live := v1alpha1.LiveStatus{Version: p.Serving.Version}
	if written := p.Progress.Live; written != nil && written.Version == live.Version {
		live = *written
	}
	live.Commit = cmp.Or(live.Commit, commitOf(versions, live.Version))
	live.ShortCommit = v1alpha1.ShortCommit(live.Commit)
	return &live
}

func commitOf(versions []v1alpha1.VersionStatus, version string) string {
	for _, v := range versions {
		if v.Version == version {
			return v.Commit
		}
	}
	return ""
}

// newRunStatus says how the pipeline's last run goes. Its deployment is remembered: CodeDeploy's last one may be a rollback that somebody has
// asked for since.
func newRunStatus(p architecture.Pipeline, seen compose.Observation) *v1alpha1.RunStatus {
	if p.Progress.Last == nil {
		return nil
	}
	last := *p.Progress.Last
	last.URL = p.RunURL(last.ExecutionID)
	if seen.XR.String("status", "release", "last", "executionId") == last.ExecutionID {
		last.DeploymentID = cmp.Or(last.DeploymentID, seen.XR.String("status", "release", "last", "deploymentId"))
	}
	return &last
}

// percent of a share, 0 to 1.
func percent(share float64) int32 {
	return int32(math.Round(100 * share))
}
