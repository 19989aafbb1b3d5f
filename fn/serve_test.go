package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthgrpc "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/crossplane/function-sdk-go"
	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A runner is a function made of a Go function.
type runner struct {
	fnv1.UnimplementedFunctionRunnerServiceServer

	run func() *fnv1.RunFunctionResponse
}

func (r *runner) RunFunction(context.Context, *fnv1.RunFunctionRequest) (*fnv1.RunFunctionResponse, error) {
	return r.run(), nil
}

func answer(tag string) func() *fnv1.RunFunctionResponse {
	return func() *fnv1.RunFunctionResponse {
		return &fnv1.RunFunctionResponse{Meta: &fnv1.ResponseMeta{Tag: tag}}
	}
}

func TestRecoverer(t *testing.T) {
	desired := &fnv1.State{Resources: map[string]*fnv1.Resource{"other": {Ready: fnv1.Ready_READY_TRUE}}}
	req := &fnv1.RunFunctionRequest{Meta: &fnv1.RequestMeta{Tag: "tag"}, Desired: desired}

	cases := map[string]struct {
		reason string
		run    func() *fnv1.RunFunctionResponse
		want   *fnv1.RunFunctionResponse
	}{
		"NoPanic": {
			reason: "The answer of a function that does not panic should pass through.",
			run:    answer("mine"),
			want:   &fnv1.RunFunctionResponse{Meta: &fnv1.ResponseMeta{Tag: "mine"}},
		},
		"Panic": {
			reason: "A panic should become a FATAL result beside the tag and the desired state of the request, without a stack.",
			run:    func() *fnv1.RunFunctionResponse { panic("no such thing") },
			want: &fnv1.RunFunctionResponse{
				Meta:    &fnv1.ResponseMeta{Tag: "tag", Ttl: durationpb.New(response.DefaultTTL)},
				Desired: desired,
				Results: []*fnv1.Result{{
					Severity: fnv1.Severity_SEVERITY_FATAL,
					Message:  "cannot run function: internal error: no such thing",
					Target:   fnv1.Target_TARGET_COMPOSITE.Enum(),
				}},
			},
		},
	}

	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := &recoverer{wrapped: &runner{run: tc.run}, log: logging.NewNopLogger()}

			rsp, err := r.RunFunction(t.Context(), req)
			if err != nil {
				t.Fatalf("%s\nRunFunction(...): %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, rsp, protocmp.Transform()); diff != "" {
				t.Errorf("%s\nRunFunction(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDrainTimeout(t *testing.T) {
	began, finish := make(chan struct{}), make(chan struct{})
	defer close(finish)

	d := &drainer{wrapped: &runner{run: func() *fnv1.RunFunctionResponse {
		close(began)
		<-finish
		return nil
	}}}
	go func() { _, _ = d.RunFunction(context.Background(), nil) }()
	<-began

	if d.Drain(10 * time.Millisecond) {
		t.Error("Drain(...): want false while a call is in flight, got true")
	}
}

// TestDrain drains while a call is in flight: others are refused, and Drain returns when that one has ended.
func TestDrain(t *testing.T) {
	began, finish := make(chan struct{}), make(chan struct{})
	var ended atomic.Bool
	d := &drainer{wrapped: &runner{run: first(func() *fnv1.RunFunctionResponse {
		close(began)
		<-finish
		ended.Store(true)
		return nil
	})}}
	go func() { _, _ = d.RunFunction(t.Context(), nil) }()
	<-began

	drained := make(chan bool)
	go func() {
		inTime := d.Drain(time.Hour)
		drained <- inTime && ended.Load()
	}()
	untilRefused(t, drained, func() error {
		_, err := d.RunFunction(t.Context(), nil)
		return err
	})
	close(finish)
	if !<-drained {
		t.Error("Drain(...): want true, when the last call has ended, got it before, or false")
	}
}

// untilRefused calls again and again. Meanwhile a call is in flight, so nothing may have ended.
func untilRefused[T any](t *testing.T, ended <-chan T, call func() error) {
	t.Helper()
	for status.Code(call()) != codes.Unavailable {
		select {
		case got := <-ended:
			t.Fatalf("want the call in flight to be waited for, got %v", got)
		default:
		}
	}
}

// first answers the first call by run, and all others at once.
func first(run func() *fnv1.RunFunctionResponse) func() *fnv1.RunFunctionResponse {
	var calls atomic.Int32
	return func() *fnv1.RunFunctionResponse {
		if calls.Add(1) > 1 {
			return answer("not the first")()
		}
		return run()
	}
}

// TestServeDrains stops a served function that has a call in flight.
func TestServeDrains(t *testing.T) {
	began, finish := make(chan struct{}), make(chan struct{})
	fn := &runner{run: first(func() *fnv1.RunFunctionResponse {
		close(began)
		<-finish
		return answer("in flight")()
	})}

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	address := freeAddress(t)
	stopped := make(chan error, 1)
	go func() {
		stopped <- serve(ctx, fn, logging.NewNopLogger(), function.Listen("tcp", address), function.Insecure(true), function.WithMetricsServer(""))
	}()

	conn := dial(t, address, insecure.NewCredentials())
	fnc, hc := fnv1.NewFunctionRunnerServiceClient(conn), healthgrpc.NewHealthClient(conn)

	inFlight := make(chan *fnv1.RunFunctionResponse, 1)
	go func() {
		rsp, _ := fnc.RunFunction(t.Context(), &fnv1.RunFunctionRequest{}, grpc.WaitForReady(true))
		inFlight <- rsp
	}()
	<-began

	watch, err := hc.Watch(t.Context(), &healthgrpc.HealthCheckRequest{})
	if err != nil {
		t.Fatalf("cannot watch health: %v", err)
	}
	for _, want := range []healthgrpc.HealthCheckResponse_ServingStatus{healthgrpc.HealthCheckResponse_SERVING, healthgrpc.HealthCheckResponse_NOT_SERVING} {
		rsp, err := watch.Recv()
		if err != nil {
			t.Fatalf("cannot watch health: %v", err)
		}
		if diff := cmp.Diff(want, rsp.GetStatus()); diff != "" {
			t.Errorf("health: -want, +got:\n%s", diff)
		}
		stop()
	}

	// Health turns first, and calls are refused a moment later. From then on only the call in flight is waited for: see TestDrain.
	untilRefused(t, stopped, func() error {
		_, err := fnc.RunFunction(t.Context(), &fnv1.RunFunctionRequest{})
		return err
	})
	close(finish)
	if diff := cmp.Diff("in flight", (<-inFlight).GetMeta().GetTag()); diff != "" {
		t.Errorf("answer to the call in flight: -want, +got:\n%s", diff)
	}
	if err := <-stopped; err != nil {
		t.Errorf("serve(...): want a nil error after the last call ended, got %v", err)
	}
}

func TestServeMTLS(t *testing.T) {
	ca, stranger := newAuthority(t), newAuthority(t)
	address := freeAddress(t)
	start(t, &runner{run: answer("hello")}, address, function.MTLSCertificates(ca.issueTo(t)), function.WithMetricsServer(""))

	cases := map[string]struct {
		reason string
		creds  credentials.TransportCredentials
		want   codes.Code
	}{
		"CertificateOfOurCA": {
			reason: "A client with a certificate of the CA should be served.",
			creds:  ca.client(ca.leaf(t)),
			want:   codes.OK,
		},
		"NoCertificate": {
			reason: "A client without a certificate should be refused.",
			creds:  ca.client(),
			want:   codes.Unavailable,
		},
		"CertificateOfAnotherCA": {
			reason: "A client with a certificate of another CA should be refused.",
			creds:  ca.client(stranger.leaf(t)),
			want:   codes.Unavailable,
		},
		"Plaintext": {
			reason: "A client without TLS should be refused.",
			creds:  insecure.NewCredentials(),
			want:   codes.Unavailable,
		},
	}

	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := fnv1.NewFunctionRunnerServiceClient(dial(t, address, tc.creds)).RunFunction(t.Context(), &fnv1.RunFunctionRequest{})
			if diff := cmp.Diff(tc.want, status.Code(err)); diff != "" {
				t.Errorf("%s\nRunFunction(...): -want code, +got code:\n%s\n%v", tc.reason, diff, err)
			}
		})
	}
}

func TestServeWithoutCredentials(t *testing.T) {
	if err := serve(t.Context(), &runner{}, logging.NewNopLogger(), function.MTLSCertificates(""), function.Insecure(false)); err == nil {
		t.Error("serve(...): want an error without certificates unless --insecure, got none")
	}
}

func TestServeMetrics(t *testing.T) {
	address, metrics := freeAddress(t), freeAddress(t)
	start(t, &runner{run: answer("hello")}, address, function.Insecure(true),
		function.WithMetricsServer(metrics), function.WithMetricsRegistry(prometheus.NewRegistry()))

	fnc := fnv1.NewFunctionRunnerServiceClient(dial(t, address, insecure.NewCredentials()))
	if _, err := fnc.RunFunction(t.Context(), &fnv1.RunFunctionRequest{}); err != nil {
		t.Fatalf("cannot run function: %v", err)
	}
	if err := render.WaitListening(t.Context(), metrics); err != nil {
		t.Fatal(err)
	}

	rsp, err := http.Get("http://" + metrics + "/metrics")
	if err != nil {
		t.Fatalf("cannot get metrics: %v", err)
	}
	defer rsp.Body.Close()

	body, err := io.ReadAll(rsp.Body)
	if err != nil {
		t.Fatalf("cannot read metrics: %v", err)
	}
	want := `grpc_server_handled_total{grpc_code="OK",grpc_method="RunFunction",grpc_service="apiextensions.fn.proto.v1.FunctionRunnerService",grpc_type="unary"} 1`
	if !strings.Contains(string(body), want) {
		t.Errorf("metrics: want a line\n%s\ngot:\n%s", want, body)
	}
}

// start serves the function at the address until the test ends. It returns when it listens, however long that takes.
func start(t *testing.T, fn fnv1.FunctionRunnerServiceServer, address string, o ...function.ServeOption) {
	t.Helper()

	ctx, stop := context.WithCancelCause(context.Background())
	stopped := make(chan error, 1)
	go func() {
		err := serve(ctx, fn, logging.NewNopLogger(), append(o, function.Listen("tcp", address))...)
		// A function that cannot listen ends, and then there is nothing to wait for.
		stop(err)
		stopped <- err
	}()

	t.Cleanup(func() {
		stop(nil)
		if err := <-stopped; err != nil {
			t.Errorf("cannot serve function: %v", err)
		}
	})
	if err := render.WaitListening(ctx, address); err != nil {
		t.Fatal(err)
	}
}

func dial(t *testing.T, address string, creds credentials.TransportCredentials) *grpc.ClientConn {
	t.Helper()

	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(creds))
	if err != nil {
		t.Fatalf("cannot create a client for %q: %v", address, err)
	}
	t.Cleanup(func() { _ = conn.Close() })

	return conn
}

func freeAddress(t *testing.T) string {
	t.Helper()

	address, err := render.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}
