package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
)

// rollbackPoll is how often a rollback is looked at.
const rollbackPoll = 3 * time.Second

func newRollback(o *options) *cobra.Command {
	var (
		request cloud.RollbackRequest
		yes     bool
		noWait  bool
	)
	c := &cobra.Command{
		Use:   "rollback NAME",
		Short: "Take production back to a version that was live, also while traffic shifts.",
		Example: `  # Back to the version that was live before.
  kubectl pipeline rollback payments-prod --reason "payments are charged twice"

  # Back to version 7.
  kubectl pipeline rollback payments-prod --to 7 --reason "payments are charged twice"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if request.Reason == "" {
				return &exitError{exitUsage, errors.New("--reason is required: the history and the message to your team have it")}
			}
			return o.rollback(cmd.Context(), args[0], request, yes, noWait)
		},
	}
	c.Flags().StringVar(&request.Reason, "reason", "", "Say why. The history and the message to your team have it.")
	c.Flags().StringVar(&request.TargetVersion, "to", "", "Go back to this version of the function. Default: the one that was live before.")
	c.Flags().BoolVar(&request.BySteps, "by-steps", false, "Shift by the steps of the rollout instead of at once.")
	c.Flags().BoolVarP(&yes, "yes", "y", false, "Do not ask for a confirmation.")
	c.Flags().BoolVar(&noWait, "no-wait", false, "Do not wait until the rollback has ended.")
	return c
}

func (o *options) rollback(ctx context.Context, name string, request cloud.RollbackRequest, yes, noWait bool) error {
	_, c, err := o.pipeline(ctx, name)
	if err != nil {
		return err
	}
	traffic, err := c.Traffic(ctx)
	if err != nil {
		return err
	}
	request.RequestedBy = c.Person
	fmt.Fprintf(o.ErrOut, "%s\n", describe(traffic, request))
	if !yes {
		if err := o.confirm("Do you roll back?"); err != nil {
			return err
		}
	}
	arn, err := c.StartRollback(ctx, request)
	if err != nil {
		return err
	}
	fmt.Fprintf(o.ErrOut, "Started %s\n", arn)
	if noWait {
		return nil
	}
	return o.follow(ctx, c, arn)
}

// describe what a rollback changes.
func describe(t cloud.Traffic, r cloud.RollbackRequest) string {
	to := "the version that was live before"
	if r.TargetVersion != "" {
		to = "version " + r.TargetVersion
	}
	if t.Candidate != "" {
		if r.TargetVersion == "" {
			to = "version " + t.Live
		}
		return fmt.Sprintf("Version %s takes %.0f %% of production traffic, version %s the rest. The rollback stops that, and all traffic goes to %s.", t.Candidate, t.Weight, t.Live, to)
	}
	return fmt.Sprintf("Version %s takes all production traffic. The rollback moves it to %s.", t.Live, to)
}

// follow a rollback until it has ended, and say how.
func (o *options) follow(ctx context.Context, c *cloud.Cloud, arn string) error {
	began := o.now()
	for {
		r, err := c.ReadRollback(ctx, arn)
		if err != nil {
			return err
		}
		if r.HasSucceeded() {
			return o.rolledBack(ctx, c, r)
		}
		if r.HasEnded() {
			return fmt.Errorf("the rollback failed: %s: %s", r.Error, r.Cause)
		}
		fmt.Fprintf(o.ErrOut, "rolling back, %s so far\n", o.now().Sub(began).Round(time.Second))
		if err := o.wait(ctx, rollbackPoll); err != nil {
			return fmt.Errorf("the rollback goes on in AWS: %s", arn)
		}
	}
}

func (o *options) rolledBack(ctx context.Context, c *cloud.Cloud, r cloud.Rollback) error {
	t, err := c.Traffic(ctx)
	if err != nil {
		return err
	}
	return o.print(r, func() error {
		_, err := fmt.Fprintf(o.Out, "rolled back: version %s takes all production traffic\n", t.Live)
		return err
	})
}
