package upstream

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// shared by all tests, with Crossplane, the definition of Echo and its function.
var (
	shared  *plane.Plane
	cluster client.WithWatch
	fn      = &echo{}
)

func TestMain(m *testing.M) {
	ctrl.SetLogger(logr.Discard())
	os.Exit(run(m))
}

// run the tests between start and stop of the control plane, also if someone interrupts them.
func run(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	if err := start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer shared.Stop()
	uninterrupted := context.AfterFunc(ctx, func() {
		shared.Stop()
		os.Exit(1)
	})
	defer uninterrupted()
	return m.Run()
}

func start(ctx context.Context) (err error) {
	if shared, err = plane.StartEmpty(ctx, "../../.."); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			shared.Stop()
		}
	}()
	if cluster, err = client.NewWithWatch(shared.Config, client.Options{}); err != nil {
		return err
	}
	if err = shared.ServeFunction(ctx, "function-echo", fn); err != nil {
		return err
	}
	return shared.ApplyFile(ctx, "testdata/echo.yaml")
}
