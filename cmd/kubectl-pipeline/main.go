// Command kubectl-pipeline is a kubectl plugin for PaymentDeliveryPipelines: kubectl pipeline shows and operates a claim's pipeline. It
// reads names from the claim's status, and AWS by the credentials of the person who runs it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	streams := command.Streams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr}
	os.Exit(command.Run(ctx, streams, os.Args[1:])) //nolint:gocritic // The process ends: nothing is left to stop.
}
