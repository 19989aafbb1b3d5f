package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/screen"
)

func newHistory(o *options) *cobra.Command {
	var limit int
	c := &cobra.Command{
		Use:   "history NAME",
		Short: "List what was deployed, when, by whom, and how it ended.",
		Example: `  # The last ten deployments.
  kubectl pipeline history payments-prod

  # All deployments, for a program.
  kubectl pipeline history payments-prod --limit 0 -o json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, c, err := o.pipeline(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			records, err := c.History(cmd.Context())
			if err != nil {
				return err
			}
			if limit > 0 && len(records) > limit {
				records = records[:limit]
			}
			return o.print(records, func() error {
				if len(records) == 0 {
					fmt.Fprintln(o.ErrOut, "Nothing has been deployed yet.")
					return nil
				}
				return screen.History(o.Out, records)
			})
		},
	}
	c.Flags().IntVar(&limit, "limit", 10, "Show so many of the newest deployments. 0: all.")
	return c
}
