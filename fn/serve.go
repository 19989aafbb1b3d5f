package main

import (
	"context"
	"runtime/debug"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/status"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
	"github.com/crossplane/function-sdk-go"
	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"
)

const (
	// drainTimeout is how long calls in flight may take once the function is told to stop. It is shorter than the 30
	// seconds that Kubernetes grants a pod by default.
	drainTimeout = 25 * time.Second

	// flushTime is how long the last answers have to reach the wire. The SDK keeps its gRPC server to itself, so it cannot
	// be asked to stop gracefully.
	flushTime = 250 * time.Millisecond
)

// serve the function until the context is done, then drain it: health turns NOT_SERVING, new calls are refused, calls in
// flight may finish. An error is returned if the function cannot be served, or if calls outlast drainTimeout.
//
// Panics and draining are handled by decorators of the function and not by gRPC interceptors, because the SDK installs
// interceptors only if it serves metrics.
func serve(ctx context.Context, fn fnv1.FunctionRunnerServiceServer, log logging.Logger, o ...function.ServeOption) error {
	h := health.NewServer()
	d := &drainer{wrapped: &recoverer{wrapped: fn, log: log}}

	failed := make(chan error, 1)
	go func() { failed <- function.Serve(d, append(o, function.WithHealthServer(h))...) }()

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}

	log.Info("Stopping", "timeout", drainTimeout.String())
	h.Shutdown()

	if !d.Drain(drainTimeout) {
		return errors.Errorf("cannot stop gracefully: calls still running after %s", drainTimeout)
	}
	time.Sleep(flushTime)

	return nil
}

// A recoverer answers a call that panics with a FATAL result. Crossplane then changes nothing, shows the message on the
// XR, and tries again; other XRs are served on.
type recoverer struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	wrapped fnv1.FunctionRunnerServiceServer
	log     logging.Logger
}

// RunFunction runs the wrapped function.
func (r *recoverer) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (rsp *fnv1.RunFunctionResponse, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}

		// The stack is for the function's operator: it means nothing to the owner of a claim, and would change with builds.
		r.log.Info("Recovered from a panic", "panic", p, "stack", string(debug.Stack()))

		rsp, err = response.To(req, response.DefaultTTL), nil
		response.Fatal(rsp, errors.Errorf("cannot run function: internal error: %v", p))
	}()

	return r.wrapped.RunFunction(ctx, req)
}

// A drainer refuses calls once it drains.
type drainer struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	wrapped fnv1.FunctionRunnerServiceServer

	// Each call in flight holds mx for reading. Who drains takes it for writing and keeps it: from the moment it waits for
	// the lock no call can begin, and it has the lock when the last call has ended.
	mx sync.RWMutex
}

// RunFunction runs the wrapped function, or returns codes.Unavailable.
func (d *drainer) RunFunction(ctx context.Context, req *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	if !d.mx.TryRLock() {
		return nil, status.Error(codes.Unavailable, "function is stopping")
	}
	defer d.mx.RUnlock()

	return d.wrapped.RunFunction(ctx, req)
}

// Drain refuses new calls and reports whether those in flight ended within the timeout. It can be called once.
func (d *drainer) Drain(timeout time.Duration) bool {
	drained := make(chan struct{})
	go func() {
		d.mx.Lock()
		close(drained)
	}()

	select {
	case <-drained:
		return true
	case <-time.After(timeout):
		return false
	}
}
