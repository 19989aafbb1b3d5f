// Package main renders a claim with the function and the tools in .cache/bin. It is what "make render" runs.
package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// startTimeout is how long the function may take until it listens: far longer than it takes on a busy machine.
const startTimeout = time.Minute

// CLI is the command line.
type CLI struct {
	Claim string `arg:"" help:"File of the claim to render." type:"existingfile"`

	Reconciles int `help:"How often Crossplane has applied the claim, and AWS has answered. 4 make a pipeline."`

	Observed string `help:"File or folder of what exists, instead of what these reconciles would have made." type:"path"`
	Settings string `help:"File of EnvironmentConfigs with settings, or of the PlatformSettings to use instead of those in the Composition." type:"path"`
	Root     string `default:"." help:"Root of the repository." type:"existingdir"`
}

// Run starts the function, renders the claim and prints it.
func (c *CLI) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	r, err := render.New(c.Root)
	if err != nil {
		return err
	}
	address, err := render.FreeAddress()
	if err != nil {
		return err
	}
	halt, err := startFunction(ctx, filepath.Join(c.Root, ".cache", "bin", "function"), address)
	if err != nil {
		return err
	}
	defer halt()

	out, err := c.render(ctx, r, address)
	var refused *render.RefusedError
	if errors.As(err, &refused) {
		return errors.Errorf("the function refuses claim %s:\n%s", c.Claim, refused.Message)
	}
	if err != nil {
		return err
	}

	_, err = os.Stdout.Write(out)

	return err
}

func (c *CLI) render(ctx context.Context, r *render.Renderer, address string) (output []byte, err error) {
	rc := render.Case{Claim: c.Claim, Settings: c.Settings, Target: address}
	if c.Observed == "" {
		s := &render.Simulator{Render: r.Render}
		rc.Observed, err = s.Live(ctx, rc, render.Life{Reconciles: c.Reconciles})
	} else {
		rc.Observed, err = render.ReadObserved(c.Observed)
	}
	if err != nil {
		return nil, err
	}
	objects, err := r.Render(ctx, rc)
	if err != nil {
		return nil, err
	}
	return render.Print(objects)
}

// startFunction at the address and wait until it listens. Who calls halt stops it.
func startFunction(ctx context.Context, path, address string) (halt func(), err error) {
	cmd := exec.CommandContext(ctx, path, "--insecure", "--address="+address, "--metrics-address=")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, errors.Wrap(err, `cannot start the function: run "make build"`)
	}

	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, errors.Errorf("function did not start in %s", startTimeout))
	defer cancel()

	// A function that cannot listen ends, and then there is nothing to wait for.
	ctx, ended := context.WithCancelCause(ctx)
	go func() { ended(errors.Wrap(cmd.Wait(), "function ended")) }()

	halt = func() { _ = cmd.Process.Kill() }
	if err := render.WaitListening(ctx, address); err != nil {
		halt()
		return nil, err
	}

	return halt, nil
}

func main() {
	ctx := kong.Parse(&CLI{}, kong.Name("render"), kong.Description("Render a payment delivery pipeline claim."))
	ctx.FatalIfErrorf(ctx.Run())
}
