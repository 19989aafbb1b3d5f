package admission

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

const root = "../../.."

// shared by all tests, with Crossplane and the CRD of roles, and without our API.
var (
	shared *plane.Plane

	// role is a managed resource as Crossplane applies it.
	role *unstructured.Unstructured
)

func TestMain(m *testing.M) {
	ctrl.SetLogger(logr.Discard())
	os.Exit(plane.Main(m, start, func() { shared.Stop() }))
}

func start(ctx context.Context) (err error) {
	if role, err = goldenRole(); err != nil {
		return err
	}
	if shared, err = plane.StartEmpty(ctx, root); err != nil {
		return err
	}
	if err = shared.InstallProviderCRDs(ctx, role.GroupVersionKind()); err != nil {
		shared.Stop()
	}
	return err
}

// goldenRole is a role of a golden case.
func goldenRole() (*unstructured.Unstructured, error) {
	c := golden.Case(filepath.Join(root, "test", "render", "04-ready"))
	managed, err := c.Managed()
	if err != nil {
		return nil, err
	}
	for _, mr := range managed {
		if mr.GetKind() == "Role" {
			return mr, nil
		}
	}
	return nil, errors.Errorf("%s has no role", c.Name())
}
