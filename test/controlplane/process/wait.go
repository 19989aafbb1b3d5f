package process

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// FreePort on loopback, which is this process's and its children's until it ends: see render.FreeAddress.
func FreePort() (port int, err error) {
	address, err := render.FreeAddress()
	if err != nil {
		return 0, err
	}
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

// FreePorts on loopback, as many as there are pointers.
func FreePorts(ports ...*int) (err error) {
	for _, port := range ports {
		if *port, err = FreePort(); err != nil {
			return err
		}
	}
	return nil
}

// patience is how long Eventually waits: far longer than a busy machine takes.
const patience = 5 * time.Minute

// Eventually calls the condition until it is true. The error tells what was waited for, and the process's last words if
// it ended meanwhile. The process may be nil.
func Eventually(ctx context.Context, what string, process *Process, condition func(context.Context) bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("%s: not within %s", what, patience))
	defer cancel()
	for !condition(ctx) {
		var ended <-chan struct{}
		if process != nil {
			ended = process.done
		}
		select {
		case <-ctx.Done():
			if process != nil {
				return errors.Wrap(context.Cause(ctx), process.Log())
			}
			return context.Cause(ctx)
		case <-ended:
			return errors.Errorf("%s: the process has ended:\n%s", what, process.Log())
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}
