package upstream

import (
	"context"
	"os"
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
	os.Exit(plane.Main(m, start, func() { shared.Stop() }))
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
