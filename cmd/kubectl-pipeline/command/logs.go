package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
)

const (
	// logsPoll is how often new lines are looked for.
	logsPoll = 3 * time.Second

	// logsDelay is how late CloudWatch may show a line.
	logsDelay = time.Minute
)

func newLogs(o *options) *cobra.Command {
	var (
		version string
		green   bool
		follow  bool
		since   time.Duration
	)
	c := &cobra.Command{
		Use:   "logs NAME",
		Short: "Print what the service has logged.",
		Example: `  # What version 8 has logged in the last half hour, and what comes.
  kubectl pipeline logs payments-prod --version 8 --since 30m -f

  # What the smoke test has made green log.
  kubectl pipeline logs payments-prod --green`,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, c, err := o.pipeline(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			function := c.Names.BlueFunction
			if green {
				function = c.Names.GreenFunction
			}
			return o.printLogs(cmd.Context(), c, cloud.LogGroup(function), version, o.now().Add(-since), follow)
		},
	}
	c.Flags().StringVar(&version, "version", "", "Print what this version has logged. Default: all versions.")
	c.Flags().BoolVar(&green, "green", false, "Print the log of the function that tests new code, and not of the one that serves production.")
	c.Flags().BoolVarP(&follow, "follow", "f", false, "Print new lines until Ctrl-C.")
	c.Flags().DurationVar(&since, "since", 10*time.Minute, "Print lines that are at most so old.")
	return c
}

func (o *options) printLogs(ctx context.Context, c *cloud.Cloud, group, version string, since time.Time, follow bool) error {
	seen := map[string]bool{}
	for {
		asked := o.now()
		lines, err := c.Logs(ctx, group, version, since)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // The person has ended it.
		}
		if err != nil {
			return err
		}
		now := map[string]bool{}
		for _, l := range lines {
			now[l.ID] = true
			if seen[l.ID] {
				continue
			}
			if err := o.print(l, func() error { _, err := fmt.Fprintf(o.Out, "%s %s\n", l.At.Format(time.RFC3339), l.Text); return err }); err != nil {
				return err
			}
		}
		if !follow {
			return nil
		}
		// Lines come late, so the last minute is read again.
		seen = now
		if next := asked.Add(-logsDelay); next.After(since) {
			since = next
		}
		if o.wait(ctx, logsPoll) != nil {
			return nil //nolint:nilerr // The person has ended it.
		}
	}
}
