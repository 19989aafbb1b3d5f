package install

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

const (
	// ours and upbound are where the mirror has the packages: ours elsewhere than where they are published.
	ours    = "payments"
	upbound = "upbound"

	functionRepository      = ours + "/function-payment-delivery-pipeline"
	configurationRepository = ours + "/configuration-payment-delivery-pipeline"
)

// publish both packages of the work tree as a version. An edit changes files of the Configuration.
func publish(ctx context.Context, version string, edit func(files map[string][]byte)) error {
	function, err := read("package/*.yaml", "package/input/*.yaml")
	if err != nil {
		return err
	}
	// So that versions differ: Crossplane makes no revision of a package that it has.
	function["crossplane.yaml"] = []byte(strings.Replace(string(function["crossplane.yaml"]),
		"annotations:", "annotations:\n    example.org/version: "+version, 1))
	if err := mirror.Push(ctx, functionRepository, version, function); err != nil {
		return err
	}

	configuration, err := read("crossplane.yaml", "apis/*.yaml")
	if err != nil {
		return err
	}
	if edit != nil {
		edit(configuration)
	}
	return mirror.Push(ctx, configurationRepository, version, configuration)
}

// read files of the repository, by their names without the folder.
func read(patterns ...string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, errors.Errorf("no file is a %q", pattern)
		}
		for _, file := range found {
			if files[filepath.Base(file)], err = os.ReadFile(file); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

var (
	providerConfig        = schema.GroupVersionKind{Group: "aws.upbound.io", Version: "v1beta1", Kind: "ProviderConfig"}
	clusterProviderConfig = schema.GroupVersionKind{Group: "aws.m.upbound.io", Version: "v1beta1", Kind: "ClusterProviderConfig"}

	// unused is a kind that a provider has and no pipeline.
	unused = schema.GroupVersionKind{Group: "lambda.aws.upbound.io", Version: "v1beta1", Kind: "LayerVersion"}
)

// dependsOnFamily is in the metadata of each member of the family.
const dependsOnFamily = `
  dependsOn:
  - provider: xpkg.upbound.io/upbound/provider-family-aws
    version: ">=v2.0.0"`

// providerVersion is the newest that the Configuration takes. There is a newer one.
const providerVersion = "v2.7.0"

// publishProviders publishes stand-ins for the members of the provider-aws family: the provider's own CRDs, and no program. Each
// depends on the family's own package, as they do.
func publishProviders(ctx context.Context) error {
	family, err := providerPackage(ctx, "provider-family-aws", "", providerConfig, clusterProviderConfig)
	if err != nil {
		return err
	}
	if err := mirror.Push(ctx, upbound+"/provider-family-aws", "v2.6.0", family); err != nil {
		return err
	}
	byService := map[string][]schema.GroupVersionKind{}
	for _, kind := range slices.Concat(kinds, plane.NamespacedKinds(kinds), []schema.GroupVersionKind{unused}) {
		service, _, _ := strings.Cut(kind.Group, ".")
		byService[service] = append(byService[service], kind)
	}
	for service, kinds := range byService {
		name := "provider-aws-" + service
		member, err := providerPackage(ctx, name, dependsOnFamily, kinds...)
		if err != nil {
			return err
		}
		for _, version := range []string{"v2.6.0", providerVersion, "v3.0.0"} {
			if err := mirror.Push(ctx, upbound+"/"+name, version, member); err != nil {
				return err
			}
		}
	}
	return nil
}

// providerPackage is a provider with the CRDs of these kinds. As provider-aws does, it waits for kinds to be activated.
func providerPackage(ctx context.Context, name, spec string, kinds ...schema.GroupVersionKind) (map[string][]byte, error) {
	files := map[string][]byte{"crossplane.yaml": []byte(`apiVersion: meta.pkg.crossplane.io/v1
kind: Provider
metadata:
  name: ` + name + `
spec:
  capabilities:
  - SafeStart` + spec)}
	for _, kind := range kinds {
		crd, err := shared.ProviderCRD(ctx, kind)
		if err != nil {
			return nil, err
		}
		if files[kind.Kind+"."+kind.Group+".yaml"], err = yaml.Marshal(crd.Object); err != nil {
			return nil, err
		}
	}
	return files, nil
}
