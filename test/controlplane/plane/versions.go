package plane

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/certs"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/conversion"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

// InstallProviderVersions installs the CRDs of these kinds of provider-aws whole, and converts between their versions as the
// provider would: for where a stand-in plays it for functions that do not agree on the versions.
func (p *Plane) InstallProviderVersions(ctx context.Context, kinds ...schema.GroupVersionKind) error {
	schemas, err := p.ProviderSchemas(ctx, kinds...)
	if err != nil {
		return err
	}
	dir, err := p.issue("conversion")
	if err != nil {
		return err
	}
	var port int
	if err := process.FreePorts(&port); err != nil {
		return err
	}
	server := &http.Server{Addr: fmt.Sprintf("127.0.0.1:%d", port), Handler: schemas, ReadHeaderTimeout: patience}
	p.OnStop(func() { _ = server.Close() })
	go func() {
		_ = server.ListenAndServeTLS(filepath.Join(dir, certs.FileCert), filepath.Join(dir, certs.FileKey))
	}()
	return p.installConvertedCRDs(ctx, kinds, port, filepath.Join(dir, certs.FileCA))
}

// ProviderSchemas of all versions of these kinds of provider-aws. The control plane need not run.
func (p *Plane) ProviderSchemas(ctx context.Context, kinds ...schema.GroupVersionKind) (conversion.Schemas, error) {
	crds, err := p.providerCRDs(ctx)
	if err != nil {
		return nil, err
	}
	schemas := conversion.Schemas{}
	for _, kind := range kinds {
		u, err := readCRD(crds, kind)
		if err != nil {
			return nil, err
		}
		crd := &extv1.CustomResourceDefinition{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, crd); err != nil {
			return nil, err
		}
		schemas.Add(crd)
	}
	return schemas, nil
}

// ActivatedKinds are the kinds of managed resources that the release says a pipeline is made of, in the provider's storage
// versions.
func (p *Plane) ActivatedKinds(ctx context.Context) ([]schema.GroupVersionKind, error) {
	file := filepath.Join(p.Release, "apis", "activation.yaml")
	if _, err := os.Stat(file); err != nil {
		// Before the Configuration had it.
		file = filepath.Join(p.Release, "examples", "install", "1-activation.yaml")
	}
	objects, err := readObjects(file)
	if err != nil {
		return nil, err
	}
	crds, err := p.providerCRDs(ctx)
	if err != nil {
		return nil, err
	}
	var kinds []schema.GroupVersionKind
	for _, policy := range objects {
		names, _, err := unstructured.NestedStringSlice(policy.Object, "spec", "activate")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			kind, err := storageKind(crds, name)
			if err != nil {
				return nil, errors.Wrapf(err, "cannot find the kind of %q", name)
			}
			kinds = append(kinds, kind)
		}
	}
	return kinds, nil
}

// storageKind of the CRD with this name, in its storage version.
func storageKind(crds, name string) (schema.GroupVersionKind, error) {
	plural, group, _ := strings.Cut(name, ".")
	b, err := os.ReadFile(filepath.Join(crds, group+"_"+plural+".yaml"))
	if err != nil {
		return schema.GroupVersionKind{}, err
	}
	crd := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(b, crd); err != nil {
		return schema.GroupVersionKind{}, err
	}
	for i := range crd.Spec.Versions {
		if v := &crd.Spec.Versions[i]; v.Storage {
			return schema.GroupVersionKind{Group: group, Version: v.Name, Kind: crd.Spec.Names.Kind}, nil
		}
	}
	return schema.GroupVersionKind{}, errors.New("no version is stored")
}
