package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
)

// What can be waited for.
const (
	forReady    = "ready"
	forReleased = "released"
)

// waitPoll is how often it is looked for.
const waitPoll = 5 * time.Second

// settled is how long a claim must say the same. Crossplane calls the function within seconds of a change,
// unless it is busy.
const settled = 15 * time.Second

// A waiter waits for one thing.
type waiter struct {
	*options

	goal, commit string
	timeout      time.Duration
	said         string

	// cloud is the pipeline's account, once it is asked.
	cloud *cloud.Cloud

	// seen is what the claim says, and since when.
	seen      string
	seenSince time.Time
}

func newWait(o *options) *cobra.Command {
	w := &waiter{options: o}
	c := &cobra.Command{
		Use:   "wait NAME",
		Short: "Wait until a pipeline is ready, or until a commit is released.",
		Long: `Wait until a pipeline is ready, or until a commit is released.

The exit code is 0 if it is, 1 if it cannot come any more, such as for a claim that is refused or a run that has failed, and 3 after the timeout.

Right after a change a claim may say for some seconds what it said before. Give each change an id, as the annotation
paymentdelivery.io/change, and --for=ready waits until that change is accepted. In any case it waits until the claim has been ready, or refused, for
15 seconds. Without a new id that may be too early on a busy cluster.`,
		Example: `  kubectl annotate --local -f pipeline.yaml "paymentdelivery.io/change=$(git rev-parse HEAD)" --overwrite -o yaml | kubectl apply -f -
  kubectl pipeline wait payments-prod --for=ready

  kubectl apply -f pipeline.yaml && kubectl pipeline wait payments-prod --for=ready

  git push && kubectl pipeline wait payments-prod --for=released --commit $(git rev-parse HEAD) --timeout 4h`,
		RunE: func(cmd *cobra.Command, args []string) error { return w.wait(cmd.Context(), args[0]) },
	}
	c.Flags().StringVar(&w.goal, "for", forReady, "Wait for this: ready or released.")
	c.Flags().StringVar(&w.commit, "commit", "", "With --for=released: wait for the run of this commit. Default: the newest run.")
	c.Flags().DurationVar(&w.timeout, "timeout", time.Hour, "Wait at most so long.")
	return c
}

func (w *waiter) wait(ctx context.Context, name string) error {
	look, known := map[string]func(context.Context, string) (bool, error){forReady: w.isReady, forReleased: w.isReleased}[w.goal]
	if !known {
		return &exitError{exitUsage, fmt.Errorf("--for: %q is not known; allowed: %s, %s", w.goal, forReady, forReleased)}
	}
	end := w.now().Add(w.timeout)
	for {
		done, err := look(ctx, name)
		if err != nil {
			return err
		}
		if done {
			_, err := fmt.Fprintf(w.Out, "%s is %s\n", name, w.goal)
			return err
		}
		if !w.now().Before(end) {
			return &exitError{exitTimeout, fmt.Errorf("%s is not %s after %s; run: kubectl pipeline why %s", name, w.goal, w.timeout, name)}
		}
		if err := w.options.wait(ctx, waitPoll); err != nil {
			return err
		}
	}
}

// say once what is waited for.
func (w *waiter) say(what string) {
	if what != "" && what != w.said {
		fmt.Fprintln(w.ErrOut, what)
		w.said = what
	}
}

// isReady reports whether the claim is ready as it is now. Crossplane copies the conditions of before to a claim that has just changed, with
// an observedGeneration of now, before it calls the function. So what the claim says must stay so for a while, and only a new id of the change
// makes sure that it is accepted.
func (w *waiter) isReady(ctx context.Context, name string) (bool, error) {
	p, err := w.claim(ctx, name)
	if err != nil {
		return false, err
	}
	accepted := p.Condition(v1alpha1.ConditionAccepted)
	if !isCurrent(p, accepted) {
		w.say("waiting for the function to look at the claim")
		return false, nil
	}
	if accepted.Status == metav1.ConditionFalse {
		if !w.stays(p, accepted.Message) {
			return false, nil
		}
		return false, fmt.Errorf("the claim is refused: %s", accepted.Message)
	}
	w.say(p.Status.Message)
	if ready := p.Condition("Ready"); ready == nil || ready.Status != metav1.ConditionTrue {
		w.seen = ""
		return false, nil
	}
	// A person may have changed the claim and left the id of the change before.
	return p.AcceptedChange == p.Change() && w.stays(p, string(metav1.ConditionTrue)), nil
}

// stays reports whether the claim of now has said the same for long enough.
func (w *waiter) stays(p cluster.Pipeline, what string) bool {
	if what = fmt.Sprint(p.UID, p.Generation, what); what != w.seen {
		w.seen, w.seenSince = what, w.now()
	}
	return w.now().Sub(w.seenSince) >= settled
}

// isCurrent reports whether a condition is of the claim as it is now, as far as Crossplane says that.
func isCurrent(p cluster.Pipeline, c *metav1.Condition) bool {
	return c != nil && c.ObservedGeneration >= p.Generation
}

func (w *waiter) isReleased(ctx context.Context, name string) (bool, error) {
	if w.cloud == nil {
		var err error
		if _, w.cloud, err = w.pipeline(ctx, name); err != nil {
			return false, err
		}
	}
	runs, err := w.cloud.Runs(ctx)
	if err != nil {
		return false, err
	}
	run, found := w.wanted(runs)
	if !found {
		w.say("waiting for a run of commit " + w.commit)
		return false, nil
	}
	w.say(fmt.Sprintf("run %s of commit %s: %s", run.ID, v1alpha1.ShortCommit(run.Commit), run.Status))
	switch run.Status {
	case v1alpha1.RunSucceeded:
		return true, nil
	case v1alpha1.RunFailed, v1alpha1.RunStopped, v1alpha1.RunSuperseded, v1alpha1.RunCancelled:
		return false, fmt.Errorf("run %s of commit %s did not go live: %s; run: kubectl pipeline why %s", run.ID, v1alpha1.ShortCommit(run.Commit), run.Status, name)
	default:
		return false, nil
	}
}

// wanted is the newest run of the commit. Without a commit it is that of the run which is the newest when the waiting begins.
func (w *waiter) wanted(runs []cloud.Run) (cloud.Run, bool) {
	for _, r := range runs {
		if strings.HasPrefix(r.Commit, w.commit) {
			w.commit = r.Commit
			return r, true
		}
	}
	return cloud.Run{}, false
}
