package command

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"
)

func newOpen(o *options) *cobra.Command {
	var dashboard, printOnly bool
	c := &cobra.Command{
		Use:   "open NAME",
		Short: "Open the pipeline or its dashboard in the AWS console.",
		Example: `  kubectl pipeline open payments-prod
  kubectl pipeline open payments-prod --dashboard`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := o.claim(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			url, what := p.Status.PipelineURL, "pipeline"
			if dashboard {
				url, what = p.Status.DashboardURL, "dashboard"
			}
			if url == "" {
				return fmt.Errorf("PaymentDeliveryPipeline %s/%s has no %s yet; run: kubectl pipeline why %s", p.Namespace, p.Name, what, p.Name)
			}
			if _, err := fmt.Fprintln(o.Out, url); err != nil || printOnly {
				return err
			}
			return o.browse(cmd.Context(), url)
		},
	}
	c.Flags().BoolVar(&dashboard, "dashboard", false, "Open the dashboard.")
	c.Flags().BoolVar(&printOnly, "print", false, "Print the address only.")
	return c
}

// browse opens a page with what the operating system opens pages with.
func browse(ctx context.Context, url string) error {
	openers := map[string][]string{
		"darwin":  {"open"},
		"windows": {"rundll32", "url.dll,FileProtocolHandler"},
	}
	opener, known := openers[runtime.GOOS]
	if !known {
		opener = []string{"xdg-open"}
	}
	if err := exec.CommandContext(ctx, opener[0], append(opener[1:], url)...).Run(); err != nil { //nolint:gosec // The address is the claim's own.
		return fmt.Errorf("cannot open a browser with %s: %w; --print prints the address only", opener[0], err)
	}
	return nil
}
