// Package main prints all that is expected of a golden case, also where its folder tells only what differs from another's.
package main

import (
	"os"

	"github.com/alecthomas/kong"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// CLI is the command line.
type CLI struct {
	Case string `arg:"" help:"Folder of the case." type:"existingdir"`
}

// Run prints what is expected.
func (c *CLI) Run() error {
	out, err := golden.Case(c.Case).Expected()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(out)
	return err
}

func main() {
	ctx := kong.Parse(&CLI{}, kong.Name("expected"), kong.Description("Print all that is expected of a golden case."))
	ctx.FatalIfErrorf(ctx.Run())
}
