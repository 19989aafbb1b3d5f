package render

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// Ports that FreeAddress gives out. Systems take none of these for a connection: Linux begins at 32768, and others later. So a port
// is still free when who it is for begins to listen, and when it is started again.
const (
	firstPort = 20000
	lastPort  = 29999
)

// reserved are the files that hold this process's ports. Who closes one gives its port up.
var (
	reserved   []*os.File
	reservedMx sync.Mutex
)

// FreeAddress is a loopback address with a port that nothing listens on, and that no other process gets here until this one ends.
func FreeAddress() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("payment-delivery-ports-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", errors.Wrap(err, "cannot reserve a port")
	}
	const ports = lastPort - firstPort + 1
	for i, begin := 0, rand.IntN(ports); i < ports; i++ {
		port := firstPort + (begin+i)%ports
		if reserve(dir, port) {
			return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), nil
		}
	}
	return "", errors.Errorf("no port from %d to %d is free", firstPort, lastPort)
}

// reserve a port, and report whether it is this process's now.
func reserve(dir string, port int) bool {
	file, err := os.OpenFile(filepath.Join(dir, strconv.Itoa(port)), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return false
	}
	if syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil || !isFree(port) {
		_ = file.Close()
		return false
	}
	reservedMx.Lock()
	defer reservedMx.Unlock()
	reserved = append(reserved, file)
	return true
}

// isFree reports whether a process could listen on the port now, on loopback or on all addresses.
func isFree(port int) bool {
	l, err := net.Listen("tcp", ":"+strconv.Itoa(port)) //nolint:noctx // It is closed at once.
	return err == nil && l.Close() == nil
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
