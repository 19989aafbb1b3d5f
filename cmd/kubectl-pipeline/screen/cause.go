package screen

import (
	"fmt"
	"io"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/inspect"
)

// Cause says why, and what to do.
func Cause(w io.Writer, c inspect.Cause) error {
	fmt.Fprintln(w, c.What)
	for _, part := range []struct{ name, text string }{{"Why:  ", c.Detail}, {"Next: ", c.Next}, {"Open: ", c.URL}} {
		if part.text != "" {
			fmt.Fprintln(w, part.name+part.text)
		}
	}
	for _, also := range c.Also {
		fmt.Fprintln(w, "Also: "+also)
	}
	if len(c.Log) == 0 {
		return nil
	}
	fmt.Fprintln(w, "The build's log ends with:")
	for _, line := range c.Log {
		fmt.Fprintln(w, "  "+line)
	}
	return nil
}
