package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRetry(o *options) *cobra.Command {
	return &cobra.Command{
		Use:     "retry NAME",
		Short:   "Try the failed actions of the last run again, without building anew.",
		Example: `  kubectl pipeline retry payments-prod`,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, c, err := o.pipeline(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			stages, err := c.Stages(cmd.Context())
			if err != nil {
				return err
			}
			for _, s := range stages {
				if s.Status != "Failed" {
					continue
				}
				if err := c.Retry(cmd.Context(), s); err != nil {
					return err
				}
				return o.print(retried{RunID: s.RunID, Stage: s.Name}, func() error {
					_, err := fmt.Fprintf(o.Out, "retrying the stage %s of run %s\n", s.Name, s.RunID)
					return err
				})
			}
			return fmt.Errorf("no stage of %s has failed: there is nothing to retry", c.Names.Pipeline)
		},
	}
}

// A retried stage.
type retried struct {
	RunID string `json:"runId"`
	Stage string `json:"stage"`
}
