// Package main keeps a control plane running for a person to try the product on. It is what "make controlplane-up" runs.
package main

import (
	"context"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

const usage = `
A control plane is running, with Crossplane, the function, and a stand-in for AWS. In another terminal:

    export KUBECONFIG=%s
    export PATH=$PWD/.cache/bin:$PATH

    kubectl create namespace payments
    kubectl apply -f examples/claims/minimal.yaml
    kubectl get pdp -n payments --watch

The connection to GitHub is authorised %s after it was made. Ctrl-C stops everything.
`

// CLI is the command line.
type CLI struct {
	Root      string        `default:"."            help:"Root of the repository."                         type:"existingdir"`
	AccountID string        `default:"111122223333" help:"The AWS account to pretend."`
	Latency   time.Duration `default:"3s"           help:"How long AWS takes to create something."`
	Handshake time.Duration `default:"30s"          help:"How long a person takes to authorise a connection."`
}

// Run a control plane until SIGTERM or SIGINT.
func (c *CLI) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ctrl.SetLogger(logr.Discard())

	fmt.Println("starting a control plane (about 20 seconds)")
	p, err := plane.Start(ctx, c.Root)
	if err != nil {
		return err
	}
	defer p.Stop()

	kinds, err := p.ManagedKinds()
	if err != nil {
		return err
	}
	if err := p.InstallProviderCRDs(ctx, kinds...); err != nil {
		return err
	}
	account := &aws.Account{
		AWS:       &standin.AWS{AccountID: c.AccountID},
		Latency:   c.Latency,
		Handshake: c.Handshake,
	}
	if err := account.Start(ctx, p.Config, kinds); err != nil {
		return err
	}
	replica, err := p.StartReplica(ctx, "")
	if err != nil {
		return err
	}
	p.Proxy.Route(replica.Address)

	fmt.Printf(usage, p.Kubeconfig, c.Handshake)
	<-ctx.Done()
	fmt.Println("\nstopping")
	return nil
}

func main() {
	ctx := kong.Parse(&CLI{}, kong.Name("controlplane"), kong.Description("Run a control plane with the function until Ctrl-C."))
	ctx.FatalIfErrorf(ctx.Run())
}
