package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/screen"
)

func newList(o *options) *cobra.Command {
	var all bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List pipelines, and what each of them waits for.",
		Args:  noName,
		Example: `  # The pipelines of your namespace.
  kubectl pipeline list

  # The pipelines of all namespaces.
  kubectl pipeline list -A`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, namespace, err := o.connect()
			if err != nil {
				return err
			}
			if all {
				namespace = ""
			}
			claims, err := client.List(cmd.Context(), namespace)
			if err != nil {
				return err
			}
			rows := screen.Rows(claims)
			return o.print(rows, func() error {
				if len(rows) == 0 {
					fmt.Fprintln(o.ErrOut, "No pipelines found.")
					return nil
				}
				return screen.List(o.Out, rows, all)
			})
		},
	}
	c.Flags().BoolVarP(&all, "all-namespaces", "A", false, "List the pipelines of all namespaces.")
	return c
}

// noName refuses the name of a claim.
func noName(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &exitError{exitUsage, fmt.Errorf("list takes no name, got %q; to see one pipeline: kubectl pipeline status %s", args[0], args[0])}
}
