package inspect

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
)

// A Cause is why a pipeline does not do what its people expect, and what they can do.
type Cause struct {
	// Healthy: nothing holds the pipeline up.
	Healthy bool `json:"healthy"`

	What   string `json:"what"`
	Detail string `json:"detail,omitempty"`
	Next   string `json:"next,omitempty"`
	URL    string `json:"url,omitempty"`

	// Also: what else holds the pipeline up, or is under way, in one line each.
	Also []string `json:"also,omitempty"`

	// BuildID of the build that failed.
	BuildID string `json:"buildId,omitempty"`

	// Log ends with why the build failed.
	Log []string `json:"log,omitempty"`
}

// Add another cause, in one line.
func (c *Cause) Add(other Cause) {
	c.Healthy = c.Healthy && other.Healthy
	c.Also = append(append(c.Also, other.What), other.Also...)
}

// InCluster is the cause that the claim itself reports. Nil: it reports none.
func InCluster(p cluster.Pipeline) *Cause {
	for _, find := range []func(cluster.Pipeline) *Cause{unseen, lost, refused, notConnected, failing, waiting} {
		if c := find(p); c != nil {
			return c
		}
	}
	return nil
}

func unseen(p cluster.Pipeline) *Cause {
	if p.Condition(v1alpha1.ConditionAccepted) != nil {
		return nil
	}
	c := &Cause{
		What: "The function has not looked at the claim yet.",
		Next: "Wait a minute. If it stays so, ask the platform team whether the packages are healthy: kubectl get function.pkg,configuration.pkg,provider.pkg",
	}
	if synced := p.Condition("Synced"); synced != nil && synced.Status == metav1.ConditionFalse {
		c.Detail = synced.Message
	}
	return c
}

func refused(p cluster.Pipeline) *Cause {
	a := p.Condition(v1alpha1.ConditionAccepted)
	if a.Status != metav1.ConditionFalse {
		return nil
	}
	next := "Correct the claim as the message says, and apply it again. What exists stays as it is until then."
	if a.Reason == v1alpha1.ReasonNameTaken {
		next = "Delete this claim, and create it with another spec.environmentSuffix."
	}
	return &Cause{What: "The claim is refused.", Detail: a.Message, Next: next}
}

func notConnected(p cluster.Pipeline) *Cause {
	c := p.Condition(v1alpha1.ConditionSourceConnected)
	if c == nil || c.Status != metav1.ConditionFalse || c.Reason == v1alpha1.ReasonNotCreated {
		return nil
	}
	cause := &Cause{What: "The connection to GitHub is not authorized.", Detail: c.Message, Next: "Wait."}
	if connection := p.Status.Connection; connection != nil && connection.AuthorizeURL != "" && connection.ARN != "" {
		cause.URL = connection.AuthorizeURL
		cause.Next = "Open the link, choose the connection, and then \"Update pending connection\"."
	}
	return cause
}

func failing(p cluster.Pipeline) *Cause {
	c := p.Condition(v1alpha1.ConditionResourcesFailing)
	if c == nil || c.Status != metav1.ConditionTrue {
		return nil
	}
	return &Cause{
		What:   "AWS or the provider refuses a resource of the pipeline.",
		Detail: c.Message,
		Next:   "Do what AWS's message says. If it is AccessDenied, ask the platform team to compare the provider's role with docs/provider-policy.md.",
	}
}

func waiting(p cluster.Pipeline) *Cause {
	if ready := p.Condition("Ready"); ready != nil && ready.Status == metav1.ConditionTrue {
		return nil
	}
	c := &Cause{What: "The pipeline is being created.", Next: "Wait: kubectl pipeline wait " + p.Name + " --for=ready"}
	if w := p.Condition(v1alpha1.ConditionResourcesWaiting); w != nil && w.Status == metav1.ConditionTrue {
		c.Detail = w.Message
		return c
	}
	if r := p.Status.Resources; r != nil {
		c.Detail = fmt.Sprintf("%d of %d resources are ready. Not ready: %s.", r.Ready, r.Desired, strings.Join(r.Unready, ", "))
	}
	return c
}

func lost(p cluster.Pipeline) *Cause {
	c := p.Condition(v1alpha1.ConditionLiveVersionLost)
	if c == nil || c.Status != metav1.ConditionTrue {
		return nil
	}
	return &Cause{What: "The live version is gone.", Detail: c.Message, Next: "Release again: push to the branch."}
}

// InAWS is the cause that a snapshot shows. What harms production comes first, then what is under way or waits, then what failed before.
// It is healthy if nothing holds the pipeline up.
func InAWS(s Snapshot) Cause {
	var cause *Cause
	for _, find := range []func(Snapshot) *Cause{left, alarming, shifting, awaiting, failedAction} {
		switch c := find(s); {
		case c == nil:
		case cause == nil:
			cause = c
		default:
			cause.Add(*c)
		}
	}
	if cause == nil {
		return quiet(s)
	}
	return *cause
}

// left is traffic that a deployment has left on two versions.
func left(s Snapshot) *Cause {
	if s.Traffic.Candidate == "" || s.Deployment != nil {
		return nil
	}
	return &Cause{
		What: fmt.Sprintf("Versions %s and %s share production traffic, and no deployment moves it.", s.Traffic.Live, s.Traffic.Candidate),
		Next: fmt.Sprintf("Give all traffic to version %s: kubectl pipeline rollback %s --reason '…'", s.Traffic.Live, s.Name),
	}
}

func alarming(s Snapshot) *Cause {
	for _, a := range s.Alarms {
		if a.State != "ALARM" {
			continue
		}
		next := "Look whether a release came before it: kubectl pipeline history NAME. If so: kubectl pipeline rollback NAME --reason '…'. If not: kubectl pipeline logs NAME"
		if s.Deployment != nil {
			next = "CodeDeploy takes the traffic back, unless the claim bypasses alarms for this commit. Watch it: kubectl pipeline status NAME --watch"
		}
		return &Cause{
			What:   fmt.Sprintf("The alarm %s has fired since %s.", a.Name, a.Since.UTC().Format("2006-01-02 15:04Z")),
			Detail: a.Reason,
			Next:   fill(next, s.Name),
		}
	}
	return nil
}

func shifting(s Snapshot) *Cause {
	if s.Deployment == nil {
		return nil
	}
	what := fmt.Sprintf("Traffic moves to version %s: it takes %.0f %%.", s.Traffic.Candidate, s.Traffic.Weight)
	if s.Traffic.Candidate == "" {
		what = fmt.Sprintf("The deployment %s is under way. Version %s takes all traffic.", s.Deployment.ID, s.Traffic.Live)
	}
	return &Cause{
		Healthy: true,
		What:    what,
		Next:    fmt.Sprintf("Watch it: kubectl pipeline status %s --watch. To take it back: kubectl pipeline rollback %s --reason '…'", s.Name, s.Name),
	}
}

func awaiting(s Snapshot) *Cause {
	approval, waits := cloud.Waiting(s.Stages)
	if !waits {
		return nil
	}
	return &Cause{
		Healthy: true,
		What:    fmt.Sprintf("Run %s of commit %s waits for an approval.", approval.RunID, s.CommitOf(approval.RunID)),
		Next:    fmt.Sprintf("Approve or reject it: kubectl pipeline approve %s --comment '…'", s.Name),
	}
}

// quiet is what there is to say of a pipeline that neither moves nor waits.
func quiet(s Snapshot) Cause {
	if s.Run == nil {
		return Cause{Healthy: true, What: "Nothing has been released yet.", Next: "Push to the branch " + s.Claim.Spec.Source.Branch + "."}
	}
	if s.Run.Status == "InProgress" {
		return Cause{Healthy: true, What: fmt.Sprintf("Run %s of commit %s is under way.", s.Run.ID, s.Commit()), Next: "Watch it: kubectl pipeline status " + s.Name + " --watch"}
	}
	return Cause{Healthy: true, What: fmt.Sprintf("Nothing is wrong: version %s takes all production traffic, and the last run ended: %s.", s.Traffic.Live, s.Run.Status)}
}
