package command

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/inspect"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/screen"
)

// refreshEvery is how often a screen that is watched is drawn anew.
const refreshEvery = 5 * time.Second

func newStatus(o *options) *cobra.Command {
	var watch bool
	c := &cobra.Command{
		Use:   "status NAME",
		Short: "Show the run, the traffic and the alarms of a pipeline.",
		Example: `  # What the pipeline does now.
  kubectl pipeline status payments-prod

  # Follow a release until you press Ctrl-C.
  kubectl pipeline status payments-prod --watch`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, c, err := o.pipeline(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if watch {
				return o.watchStatus(cmd.Context(), args[0], c)
			}
			s, err := inspect.Take(cmd.Context(), p, c, o.now())
			if err != nil {
				return err
			}
			return o.draw(o.Out, s)
		},
	}
	c.Flags().BoolVarP(&watch, "watch", "w", false, "Draw the status again every 5 seconds, until Ctrl-C.")
	return c
}

// snapshot of the claim as it is now, and of its pipeline.
func (o *options) snapshot(ctx context.Context, name string, c *cloud.Cloud) (inspect.Snapshot, error) {
	p, err := o.claim(ctx, name)
	if err != nil {
		return inspect.Snapshot{}, err
	}
	return inspect.Take(ctx, p, c, o.now())
}

// watchStatus draws on the same place of a terminal. Elsewhere it prints what has changed.
func (o *options) watchStatus(ctx context.Context, name string, c *cloud.Cloud) error {
	var before []byte
	for {
		s, err := o.snapshot(ctx, name, c)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // The person has ended it.
		}
		if err != nil {
			return err
		}
		var now bytes.Buffer
		if err := o.draw(&now, s); err != nil {
			return err
		}
		if o.onTerminal() {
			// Home, and clear what is below.
			fmt.Fprint(o.Out, "\x1b[H\x1b[2J")
		}
		if o.onTerminal() || !bytes.Equal(before, now.Bytes()) {
			if _, err := o.Out.Write(now.Bytes()); err != nil {
				return err
			}
		}
		before = now.Bytes()
		if o.wait(ctx, refreshEvery) != nil {
			return nil //nolint:nilerr // The person has ended it.
		}
	}
}

// draw a snapshot as the person asked for it.
func (o *options) draw(w io.Writer, s inspect.Snapshot) error {
	if o.output != "" {
		return screen.Encode(w, o.output, s)
	}
	return screen.Status(w, s, o.colors())
}
