package install

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/packages"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

const (
	root = "../../.."

	// namespaceCrossplane is where packages run.
	namespaceCrossplane = "crossplane-system"

	// syncInterval is how often Crossplane looks at everything again. It is an hour by default.
	syncInterval = 45 * time.Second
)

// All tests share one control plane, on which the first of them that needs it installs the packages.
var (
	shared      *plane.Plane
	mirror      *packages.Registry
	account     *aws.Account
	nodes       *runtimes
	kinds       []schema.GroupVersionKind
	environment claims.Environment
)

func TestMain(m *testing.M) {
	flag.Parse()
	ctrl.SetLogger(logr.Discard())
	os.Exit(plane.Main(m, start, func() { shared.Stop() }))
}

func start(ctx context.Context) (err error) {
	if shared, err = plane.StartEmpty(ctx, root,
		// A stand-in plays what runs the providers' pods; functions run here as processes.
		"--package-runtime=Provider=Deployment;Function=External",
		"--sync-interval="+syncInterval.String()); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			shared.Stop()
		}
	}()
	if kinds, err = shared.ManagedKinds(); err != nil {
		return err
	}
	if mirror, err = packages.Start(ctx, filepath.Join(shared.Root, ".cache", "bin", "crossplane")); err != nil {
		return err
	}
	shared.OnStop(mirror.Stop)
	if err = publish(ctx, "v0.1.0", nil); err != nil {
		return err
	}
	if err = publishProviders(ctx); err != nil {
		return err
	}

	replica, err := shared.StartReplica(ctx, "")
	if err != nil {
		return err
	}
	nodes = &runtimes{plane: shared, endpoint: replica.Address}
	go nodes.run(ctx)
	environment = claims.Environment{Plane: shared, Kinds: kinds, Patience: 3 * time.Minute}
	account = &aws.Account{AWS: &standin.AWS{AccountID: "111122223333"}, Latency: time.Second}
	return nil
}
