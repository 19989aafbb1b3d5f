// Package inspect looks at a pipeline in Kubernetes and AWS, and finds what it waits for.
package inspect

import (
	"context"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
)

// A Snapshot is what a pipeline is and does at one time.
type Snapshot struct {
	Namespace string    `json:"namespace"`
	Name      string    `json:"name"`
	Message   string    `json:"message,omitempty"`
	At        time.Time `json:"at"`

	// Run is the newest run of the pipeline. Nil: there was none.
	Run     *cloud.Run    `json:"run,omitempty"`
	Stages  []cloud.Stage `json:"stages"`
	Traffic cloud.Traffic `json:"traffic"`

	// Deployment moves traffic. Nil: none does.
	Deployment *cloud.Deployment `json:"deployment,omitempty"`

	// Figures of the versions that take traffic, since the deployment began.
	Figures []cloud.Figures `json:"figures,omitempty"`
	Alarms  []cloud.Alarm   `json:"alarms"`

	// Claim that the pipeline is of.
	Claim cluster.Pipeline `json:"-"`

	// runs are the newest ones: a run may wait for an approval while others behind it build.
	runs []cloud.Run
}

// Take a snapshot of a claim's pipeline.
func Take(ctx context.Context, claim cluster.Pipeline, c *cloud.Cloud, now time.Time) (Snapshot, error) {
	s := Snapshot{Namespace: claim.Namespace, Name: claim.Name, Message: claim.Status.Message, At: now, Claim: claim}
	var err error
	if s.runs, err = c.Runs(ctx); err != nil {
		return s, err
	}
	if len(s.runs) > 0 {
		s.Run = &s.runs[0]
	}
	if s.Stages, err = c.Stages(ctx); err != nil {
		return s, err
	}
	if s.Traffic, err = c.Traffic(ctx); err != nil {
		return s, err
	}
	if s.Deployment, err = c.UnderWay(ctx); err != nil {
		return s, err
	}
	if s.Deployment != nil && s.Traffic.Candidate != "" {
		s.Figures, err = c.Figures(ctx, []string{s.Traffic.Candidate, s.Traffic.Live}, s.Deployment.CreatedAt, now)
		if err != nil {
			return s, err
		}
	}
	s.Alarms, err = c.Alarms(ctx, claim.Spec.Alarm.AdditionalAlarms)
	return s, err
}

// Commit that the newest run releases, in short.
func (s Snapshot) Commit() string {
	if s.Run == nil {
		return ""
	}
	return v1alpha1.ShortCommit(s.Run.Commit)
}

// CommitOf a run, in short. Empty: the run is not among the newest.
func (s Snapshot) CommitOf(runID string) string {
	for _, r := range s.runs {
		if r.ID == runID {
			return v1alpha1.ShortCommit(r.Commit)
		}
	}
	return ""
}
