// Package emulator runs emulators of AWS that others wrote, as processes on loopback.
package emulator

import (
	"context"
	"net/http"
	"net/url"
	"os"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// An Emulator is a running emulator.
type Emulator struct {
	*process.Process

	// URL of its API.
	URL *url.URL
}

// start an emulator at a free address, and wait until its health check is answered.
func start(ctx context.Context, dir, name, executable, health string, command func(address string) (args, env []string)) (*Emulator, error) {
	if _, err := os.Stat(executable); err != nil {
		return nil, errors.Wrap(err, `cannot find an emulator: run "make aws"`)
	}
	address, err := render.FreeAddress()
	if err != nil {
		return nil, err
	}
	args, env := command(address)
	p, err := process.Start(dir, name, executable, args, env)
	if err != nil {
		return nil, err
	}
	e := &Emulator{Process: p, URL: &url.URL{Scheme: "http", Host: address}}
	err = process.Eventually(ctx, name+" answers", p, func(ctx context.Context) bool {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL.String()+health, nil)
		if err != nil {
			return false
		}
		rsp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		_ = rsp.Body.Close()
		return rsp.StatusCode == http.StatusOK
	})
	if err != nil {
		p.Kill()
	}
	return e, err
}
