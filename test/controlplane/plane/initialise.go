package plane

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// initialise the cluster for the package manager: Crossplane's service account, which its Helm chart makes, and what Crossplane's
// own init container makes. Nothing is activated by default, as with --set provider.defaultActivations=null.
func (p *Plane) initialise(ctx context.Context) error {
	if err := p.prepareCrossplane(ctx); err != nil {
		return err
	}
	// A volume of its own in a cluster: without it no package can be read.
	if err := os.Mkdir(p.Path("xpkg"), 0o700); err != nil {
		return err
	}
	if err := p.Apply(ctx, &corev1.ServiceAccount{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"},
		ObjectMeta: metav1.ObjectMeta{Name: "crossplane", Namespace: namespaceCrossplane},
	}); err != nil {
		return err
	}
	crossplane, err := p.crossplane(ctx)
	if err != nil {
		return err
	}
	var out []byte
	// As an init container is, it is started again if it is faster than the API server.
	err = process.Eventually(ctx, "Crossplane has initialised", nil, func(ctx context.Context) bool {
		cmd := exec.CommandContext(ctx, p.executable(executableCrossplane), "core", "init")
		cmd.Env = append(os.Environ(),
			"KUBECONFIG="+p.Kubeconfig,
			"CRDS_PATH="+filepath.Join(crossplane, "cluster", "crds"),
			"ENABLE_WEBHOOKS=false",
			"TLS_CA_SECRET_NAME=crossplane-root-ca",
			"TLS_CLIENT_SECRET_NAME=crossplane-tls-client")
		var err error
		out, err = cmd.CombinedOutput()
		return err == nil
	})
	return errors.Wrapf(err, "crossplane core init: %s", out)
}
