package report

import (
	"cmp"
	"math"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// newStatus is what the app team sees of its pipeline, beyond the conditions.
func newStatus(p architecture.Pipeline, known compose.Known, seen compose.Observation, state compose.State) v1alpha1.PaymentDeliveryPipelineStatus {
	return v1alpha1.PaymentDeliveryPipelineStatus{
		PipelineURL:         p.PipelineURL(),
		DashboardURL:        p.DashboardURL(),
		DeploymentTableName: p.Names.HistoryTable(),
		ArtifactBucketName:  p.Names.Bucket,
		AccountID:           known[architecture.AccountID],
		ARNs:                p.ARNs(known),
		FunctionURL:         p.FunctionURL(seen),
		Settings:            &p.Provenance.Status,
		Connection:          newConnectionStatus(p, known[architecture.ConnectionARN], seen),
		Release:             newReleaseStatus(seen, p.Serving),
		Alarm:               &v1alpha1.AlarmStatus{Name: p.Names.ErrorAlarm()},
		CodeDeploy: &v1alpha1.CodeDeployStatus{
			Application:     p.Names.DeployApp(),
			DeploymentGroup: p.Names.DeploymentGroup(),
		},
		KeptOnDeletion: p.Spec.DeletionProtection,
		Resources:      newResourcesStatus(state),
	}
}

// newConnectionStatus is nil for a pipeline that reads nothing from GitHub.
func newConnectionStatus(p architecture.Pipeline, arn string, seen compose.Observation) *v1alpha1.ConnectionStatus {
	if p.Spec.Source.PromotedFrom != nil {
		return nil
	}
	s := &v1alpha1.ConnectionStatus{ARN: arn, Shared: p.Given.Shared}
	if p.Given.ARN != "" {
		return s
	}
	if seen.Exists(architecture.Connection) {
		s.Status = cmp.Or(architecture.ConnectionStatus(seen), seen.XR.String("status", "connection", "status"))
	}
	if s.Status != architecture.ConnectionAvailable {
		s.AuthorizeURL = p.AuthorizeURL()
	}
	return s
}

// newReleaseStatus tells which version serves. Nil before one does.
func newReleaseStatus(seen compose.Observation, s architecture.Serving) *v1alpha1.ReleaseStatus {
	if s.Before == "" {
		return nil
	}
	return &v1alpha1.ReleaseStatus{
		LiveVersion:      s.Version,
		LostVersion:      s.Lost,
		BootstrapVersion: s.Bootstrap,
		CandidateVersion: s.Candidate,
		CandidateWeight:  percent(s.CandidateShare),
		Versions:         architecture.RememberVersions(seen, s),
	}
}

// percent of a share, 0 to 1.
func percent(share float64) int32 {
	return int32(math.Round(100 * share))
}

func newResourcesStatus(state compose.State) *v1alpha1.ResourcesStatus {
	s := &v1alpha1.ResourcesStatus{Desired: state.Total(), Ready: state.Ready()}
	for _, name := range state.Unready {
		s.Unready = append(s.Unready, string(name))
	}
	for _, w := range state.Waiting {
		s.Waiting = append(s.Waiting, v1alpha1.WaitingResource{Name: string(w.Name), For: w.For.Text})
	}
	return s
}
