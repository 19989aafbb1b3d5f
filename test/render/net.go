package render

import (
	"context"
	"net"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// FreeAddress is a loopback address with a port that nothing listens on.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It is closed at once.
	if err != nil {
		return "", errors.Wrap(err, "cannot find a free port")
	}

	return l.Addr().String(), l.Close()
}

// WaitListening returns as soon as something listens at the address, or with an error when the context is done. Rendering
// before the function listens would only fail after a minute.
func WaitListening(ctx context.Context, address string) error {
	dialer := &net.Dialer{}
	for {
		if conn, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			return conn.Close()
		}

		select {
		case <-ctx.Done():
			return errors.Wrapf(context.Cause(ctx), "nothing listens at %s", address)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
