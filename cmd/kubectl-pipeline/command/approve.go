package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
)

// An answer to an approval.
type answer struct {
	verb, done string
	approved   bool

	comment, commit string
	yes             bool
}

func newApprove(o *options) *cobra.Command {
	a := &answer{verb: "approve", done: "approved", approved: true}
	return a.command(o, "Approve the run that waits, so that traffic shifts to its version.", `  # See what waits, and confirm.
  kubectl pipeline approve payments-prod --comment "reviewed with the on-call engineer"

  # In a script: only if this commit waits.
  kubectl pipeline approve payments-prod --commit 3f2a9c1 --yes --comment "released by the release train"`)
}

func newReject(o *options) *cobra.Command {
	a := &answer{verb: "reject", done: "rejected"}
	return a.command(o, "Reject the run that waits, so that it ends without any traffic.", `  kubectl pipeline reject payments-prod --comment "wait for the fix of the currency rounding"`)
}

func (a *answer) command(o *options, short, example string) *cobra.Command {
	c := &cobra.Command{
		Use:     a.verb + " NAME",
		Short:   short,
		Example: example,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.give(cmd.Context(), o, args[0]) },
	}
	c.Flags().StringVar(&a.comment, "comment", "", "Say why. The history of deployments keeps it.")
	c.Flags().StringVar(&a.commit, "commit", "", "Answer only if the run that waits releases this commit. The beginning of the commit is enough.")
	c.Flags().BoolVarP(&a.yes, "yes", "y", false, "Do not ask for a confirmation.")
	return c
}

// give the answer to the run that waits, once the person has seen which.
func (a *answer) give(ctx context.Context, o *options, name string) error {
	if a.comment == "" {
		return &exitError{exitUsage, fmt.Errorf("--comment is required: the history says why a release was %s", a.done)}
	}
	p, c, err := o.pipeline(ctx, name)
	if err != nil {
		return err
	}
	approval, err := approvalOf(ctx, c)
	if err != nil {
		return err
	}
	run, err := runOf(ctx, c, approval.RunID)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(run.Commit, a.commit) {
		return fmt.Errorf("--commit: run %s, which waits, releases commit %s and not %s", run.ID, v1alpha1.ShortCommit(run.Commit), a.commit)
	}
	fmt.Fprintf(o.ErrOut, "Run %s of %s/%s waits: commit %s %q, started %s.\n",
		run.ID, p.Namespace, p.Name, v1alpha1.ShortCommit(run.Commit), run.Summary, run.StartedAt.Format("2006-01-02 15:04 MST"))
	if !a.yes {
		if err := o.confirm(fmt.Sprintf("Do you %s it?", a.verb)); err != nil {
			return err
		}
	}
	if err := c.Answer(ctx, approval, a.approved, a.comment); err != nil {
		return err
	}
	return o.print(given{RunID: run.ID, Commit: run.Commit, Answer: a.done, Comment: a.comment}, func() error {
		_, err := fmt.Fprintf(o.Out, "run %s %s\n", run.ID, a.done)
		return err
	})
}

// A given answer.
type given struct {
	RunID   string `json:"runId"`
	Commit  string `json:"commit"`
	Answer  string `json:"answer"`
	Comment string `json:"comment"`
}

// approvalOf a pipeline that waits for one.
func approvalOf(ctx context.Context, c *cloud.Cloud) (cloud.Approval, error) {
	stages, err := c.Stages(ctx)
	if err != nil {
		return cloud.Approval{}, err
	}
	a, waits := cloud.Waiting(stages)
	if !waits {
		return a, fmt.Errorf("%s waits for no approval", c.Names.Pipeline)
	}
	return a, nil
}

func runOf(ctx context.Context, c *cloud.Cloud, id string) (cloud.Run, error) {
	runs, err := c.Runs(ctx)
	if err != nil {
		return cloud.Run{}, err
	}
	for _, r := range runs {
		if r.ID == id {
			return r, nil
		}
	}
	return cloud.Run{}, fmt.Errorf("cannot find run %s among the last %d runs of %s", id, cloud.RecentRuns, c.Names.Pipeline)
}

// confirm that the person means it.
func (o *options) confirm(question string) error {
	fmt.Fprint(o.ErrOut, question+" [y/N] ")
	line, err := bufio.NewReader(o.In).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	if err != nil {
		fmt.Fprintln(o.ErrOut)
		return &exitError{exitUsage, errors.New("nobody confirmed; --yes does not ask")}
	}
	return errors.New("nothing was done")
}
