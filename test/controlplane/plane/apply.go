package plane

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// fieldOwner of what we apply.
const fieldOwner = "controlplane"

// Apply the object, whatever was there before. A typed object must carry its apiVersion and kind.
func (p *Plane) Apply(ctx context.Context, o client.Object) error {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return err
	}
	u := &unstructured.Unstructured{Object: content}
	// Server-side apply takes neither.
	delete(u.Object, "status")
	u.SetManagedFields(nil)
	return p.Client.Apply(ctx, client.ApplyConfigurationFromUnstructured(u), client.FieldOwner(fieldOwner), client.ForceOwnership)
}

// ApplyFile applies the objects in a YAML file: those with these names, or all if there are no names.
func (p *Plane) ApplyFile(ctx context.Context, path string, names ...string) error {
	objects, err := readObjects(path)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if len(names) > 0 && !slices.Contains(names, o.GetName()) {
			continue
		}
		if err := p.Apply(ctx, o); err != nil {
			return errors.Wrapf(err, "cannot apply %s %q", o.GetKind(), o.GetName())
		}
	}
	return nil
}

// installCRDs of Crossplane.
func (p *Plane) installCRDs(ctx context.Context) error {
	crossplane, err := p.crossplane(ctx)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(crossplane, "cluster", "crds", "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := p.ApplyFile(ctx, file); err != nil {
			return errors.Wrapf(err, "cannot apply %q", file)
		}
	}
	return nil
}

// ManagedKinds are the kinds of managed resources that the pipeline of any claim has: all cluster-scoped ones in the golden cases.
func (p *Plane) ManagedKinds() ([]schema.GroupVersionKind, error) {
	cases, err := golden.Cases(p.Root)
	if err != nil {
		return nil, err
	}
	var kinds []schema.GroupVersionKind
	for _, c := range cases {
		managed, err := c.Managed()
		if err != nil {
			return nil, err
		}
		for _, mr := range managed {
			if gvk := mr.GroupVersionKind(); mr.GetNamespace() == "" && !slices.Contains(kinds, gvk) {
				kinds = append(kinds, gvk)
			}
		}
	}
	if len(kinds) == 0 {
		return nil, errors.New("no golden case in test/render has a managed resource")
	}
	return kinds, nil
}

// NamespacedKinds are the kinds that a namespaced pipeline has in the place of these.
func NamespacedKinds(kinds []schema.GroupVersionKind) []schema.GroupVersionKind {
	namespaced := make([]schema.GroupVersionKind, 0, len(kinds))
	for _, kind := range kinds {
		namespaced = append(namespaced, schema.GroupVersionKind{
			Group: strings.Replace(kind.Group, ".aws.", ".aws.m.", 1), Version: "v1beta1", Kind: kind.Kind,
		})
	}
	return namespaced
}

// module returns the directory of a module that the go.mod in a directory of the repository requires.
func (p *Plane) module(ctx context.Context, dir, path string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", path)
	cmd.Dir = filepath.Join(p.Root, dir)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), errors.Wrapf(err, "cannot find module %q", path)
}

// readObjects of a YAML file.
func readObjects(path string) ([]*unstructured.Unstructured, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // It is only read.

	var objects []*unstructured.Unstructured
	for docs := utilyaml.NewYAMLReader(bufio.NewReader(f)); ; {
		doc, err := docs.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		o := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(doc, &o.Object); err != nil {
			return nil, err
		}
		if len(o.Object) > 0 {
			objects = append(objects, o)
		}
	}
}
