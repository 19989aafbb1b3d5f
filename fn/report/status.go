package report

import (
	"cmp"
	"fmt"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// newStatus is what the app team sees of its pipeline, beyond the conditions.
func newStatus(p architecture.Pipeline, known compose.Known, seen compose.Observation, state compose.State) v1alpha1.PaymentDeliveryPipelineStatus {
	s := v1alpha1.PaymentDeliveryPipelineStatus{
		PipelineURL:         p.PipelineURLIn(seen),
		DashboardURL:        p.DashboardURLIn(seen),
		DeploymentTableName: p.Names.HistoryTable(),
		ArtifactBucketName:  p.Names.Bucket,
		AccountID:           known[architecture.AccountID],
		ARNs:                p.ARNs(known),
		FunctionURL:         p.FunctionURL(seen),
		Settings:            &p.Provenance.Status,
		Connection:          newConnectionStatus(p, known[architecture.ConnectionARN], seen),
		Release:             newReleaseStatus(p, seen),
		Alarm:               &v1alpha1.AlarmStatus{Name: p.Names.ErrorAlarm()},
		CodeDeploy: &v1alpha1.CodeDeployStatus{
			Application:     p.Names.DeployApp(),
			DeploymentGroup: p.Names.DeploymentGroup(),
		},
		Holder:         p.Holder(seen),
		ObservedSpec:   &v1alpha1.ObservedSpec{DeletionProtection: p.Spec.DeletionProtection, DryRun: p.Spec.DryRun},
		KeptOnDeletion: state.KeptOnDeletion(seen.Resources),
		Resources:      newResourcesStatus(state),
	}
	setAcceptance(&s, p, seen)
	return s
}

// setAcceptance remembers what was accepted last: the spec of now, or one before if AWS refuses something of this one.
func setAcceptance(s *v1alpha1.PaymentDeliveryPipelineStatus, p architecture.Pipeline, seen compose.Observation) {
	if p.Refused != nil && isNews(seen) {
		s.AcceptedSpec, s.AcceptedChange = seen.XR.String("status", "acceptedSpec"), seen.XR.String("status", "acceptedChange")
		return
	}
	s.AcceptedSpec, s.AcceptedChange = architecture.SpecDigest(seen), seen.XR.String("metadata", "annotations", v1alpha1.AnnotationChange)
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

func newResourcesStatus(state compose.State) *v1alpha1.ResourcesStatus {
	s := &v1alpha1.ResourcesStatus{Desired: state.Total(), Ready: state.Ready(), Summary: fmt.Sprintf("%d/%d", state.Ready(), state.Total())}
	for _, name := range state.Unready {
		s.Unready = append(s.Unready, string(name))
	}
	for _, w := range state.Waiting {
		s.Waiting = append(s.Waiting, v1alpha1.WaitingResource{Name: string(w.Name), For: w.For.Text})
	}
	return s
}
