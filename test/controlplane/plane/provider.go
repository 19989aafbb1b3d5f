package plane

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/certs"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// InstallProviderCRDs of these kinds of provider-aws, each with the one version that we use: for where a stand-in plays the
// provider. Others would need the provider's webhook, which converts between them.
func (p *Plane) InstallProviderCRDs(ctx context.Context, kinds ...schema.GroupVersionKind) error {
	return p.installProviderCRDs(ctx, kinds, oneVersion)
}

// ProviderCRD is the CRD of a kind of provider-aws, with just this version.
func (p *Plane) ProviderCRD(ctx context.Context, kind schema.GroupVersionKind) (*unstructured.Unstructured, error) {
	crds, err := p.providerCRDs(ctx)
	if err != nil {
		return nil, err
	}
	crd, err := readCRD(crds, kind)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot find the CRD of %s", kind)
	}
	return crd, oneVersion(crd, kind)
}

// oneVersion leaves a CRD the version of a kind, and needs no conversion for that.
func oneVersion(crd *unstructured.Unstructured, kind schema.GroupVersionKind) error {
	versions, _, err := unstructured.NestedSlice(crd.Object, "spec", "versions")
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v, ok := v.(map[string]any); ok && v["name"] == kind.Version {
			v["storage"] = true
			unstructured.RemoveNestedField(crd.Object, "spec", "conversion")
			return unstructured.SetNestedSlice(crd.Object, []any{v}, "spec", "versions")
		}
	}
	return errors.Errorf("it has no version %q", kind.Version)
}

const executableProvider = "provider-aws"

// A Provider is the real provider-aws as a process. It is stopped with the control plane. Until then it is started again whenever it ends: now
// and then two of its controllers register its webhook in the same moment, and it panics.
type Provider struct {
	kept *process.Kept

	// webhook is the address that the provider's webhook listens at.
	webhook string
}

// StartProvider with controllers for these kinds of managed resources, whose CRDs are installed whole, converted by the
// provider's own webhook. The environment is ours, with env on top.
func (p *Plane) StartProvider(ctx context.Context, kinds []schema.GroupVersionKind, env, flags []string) (*Provider, error) {
	var webhook int
	if err := process.FreePorts(&webhook); err != nil {
		return nil, err
	}
	dir, err := p.issue(executableProvider)
	if err != nil {
		return nil, err
	}
	if err := p.installConvertedCRDs(ctx, kinds, webhook, filepath.Join(dir, certs.FileCA)); err != nil {
		return nil, err
	}
	kept, err := process.Keep(func() (*process.Process, error) {
		return process.Start(p.dir, executableProvider, p.executable(executableProvider), append([]string{
			"--certs-dir=" + dir,
			fmt.Sprintf("--webhook-port=%d", webhook),
			// Nobody asks, and the defaults are taken.
			"--metrics-bind-address=0",
			"--health-probe-bind-addr=0",
		}, flags...), append([]string{"KUBECONFIG=" + p.Kubeconfig}, env...))
	})
	if err != nil {
		return nil, err
	}
	p.OnStop(func() { kept.Stop(patience) })
	return &Provider{kept: kept, webhook: fmt.Sprintf("localhost:%d", webhook)}, nil
}

// Restart the provider, as Kubernetes does with one that was killed, and wait until its webhook listens.
func (p *Provider) Restart() error {
	p.kept.Kill()
	return process.Eventually(context.Background(), "the provider's webhook listens", nil, p.listens)
}

// listens reports whether the provider's webhook does.
func (p *Provider) listens(ctx context.Context) bool {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.webhook)
	return err == nil && conn.Close() == nil
}

func (p *Plane) installConvertedCRDs(ctx context.Context, kinds []schema.GroupVersionKind, port int, caFile string) error {
	ca, err := os.ReadFile(caFile)
	if err != nil {
		return err
	}
	conversion := map[string]any{
		"strategy": "Webhook",
		"webhook": map[string]any{
			"conversionReviewVersions": []any{"v1"},
			"clientConfig": map[string]any{
				"url":      fmt.Sprintf("https://localhost:%d/convert", port),
				"caBundle": base64.StdEncoding.EncodeToString(ca),
			},
		},
	}
	return p.installProviderCRDs(ctx, kinds, func(crd *unstructured.Unstructured, _ schema.GroupVersionKind) error {
		versions, _, err := unstructured.NestedSlice(crd.Object, "spec", "versions")
		if err != nil || len(versions) == 1 {
			return err
		}
		return unstructured.SetNestedField(crd.Object, conversion, "spec", "conversion")
	})
}

type editCRD func(*unstructured.Unstructured, schema.GroupVersionKind) error

func (p *Plane) installProviderCRDs(ctx context.Context, kinds []schema.GroupVersionKind, edit editCRD) error {
	crds, err := p.providerCRDs(ctx)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		crd, err := readCRD(crds, kind)
		if err == nil {
			err = edit(crd, kind)
		}
		if err == nil {
			err = p.Apply(ctx, crd)
		}
		if err != nil {
			return errors.Wrapf(err, "cannot install the CRD of %s", kind)
		}
	}
	for _, kind := range kinds {
		if err := p.served(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

// providerCRDs is the directory of the provider's CRDs.
func (p *Plane) providerCRDs(ctx context.Context) (string, error) {
	provider, err := p.module(ctx, ".", "github.com/upbound/provider-aws/v2")
	return filepath.Join(provider, "package", "crds"), err
}

// served waits until the API server serves a kind.
func (p *Plane) served(ctx context.Context, gvk schema.GroupVersionKind) error {
	return process.Eventually(ctx, gvk.Kind+" is served", p.Process(executableAPIServer), func(ctx context.Context) bool {
		l := &metav1.PartialObjectMetadataList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		return p.Client.List(ctx, l, client.Limit(1)) == nil
	})
}

// readCRD of a kind in a directory of CRDs.
func readCRD(dir string, gvk schema.GroupVersionKind) (*unstructured.Unstructured, error) {
	files, err := filepath.Glob(filepath.Join(dir, gvk.Group+"_*.yaml"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		// Parsing all CRDs of a group to find one of them would take far longer.
		if bytes.Contains(b, []byte("\n    kind: "+gvk.Kind+"\n")) {
			crd := &unstructured.Unstructured{}
			return crd, yaml.Unmarshal(b, &crd.Object)
		}
	}
	return nil, errors.Errorf("no CRD in %q has it", dir)
}
