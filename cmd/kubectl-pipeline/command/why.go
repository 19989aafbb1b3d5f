package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/inspect"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/screen"
)

// buildLines are how many of the last lines of a failed build's log are shown.
const buildLines = 20

func newWhy(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "why NAME",
		Short:   "Say why a pipeline is not ready, or why its last release did not go live, and what to do.",
		Example: `  kubectl pipeline why payments-prod`,
		RunE: func(cmd *cobra.Command, args []string) error {
			cause, err := o.cause(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return o.print(cause, func() error { return screen.Cause(o.Out, cause) })
		},
	}
}

func (o *options) cause(ctx context.Context, name string) (inspect.Cause, error) {
	p, err := o.claim(ctx, name)
	if err != nil {
		return inspect.Cause{}, err
	}
	inCluster := inspect.InCluster(p)
	if inCluster != nil && !p.HasReleased() {
		return *inCluster, nil
	}
	s, c, err := o.lookInAWS(ctx, p)
	switch {
	case inCluster == nil && err != nil:
		return inspect.Cause{}, err
	case inCluster == nil:
		return withBuildLog(ctx, c, inspect.InAWS(s))
	case err != nil:
		inCluster.Also = append(inCluster.Also, "What AWS shows is not known: "+err.Error())
	default:
		// What the claim reports may be weeks old, while production needs somebody now.
		if other := inspect.InAWS(s); !other.Healthy {
			inCluster.Add(other)
		}
	}
	return *inCluster, nil
}

// lookInAWS at the pipeline of a claim. The account is what has answered.
func (o *options) lookInAWS(ctx context.Context, p cluster.Pipeline) (inspect.Snapshot, *cloud.Cloud, error) {
	c, err := o.account(ctx, p)
	if err != nil {
		return inspect.Snapshot{}, nil, err
	}
	s, err := inspect.Take(ctx, p, c, o.now())
	return s, c, err
}

// withBuildLog adds the end of the log, if a build is the cause.
func withBuildLog(ctx context.Context, c *cloud.Cloud, cause inspect.Cause) (inspect.Cause, error) {
	if cause.BuildID == "" {
		return cause, nil
	}
	lines, err := c.BuildLog(ctx, cause.BuildID, buildLines)
	for _, l := range lines {
		cause.Log = append(cause.Log, l.Text)
	}
	return cause, err
}
