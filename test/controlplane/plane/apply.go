package plane

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
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

// ApplyFile applies all objects in a YAML file.
func (p *Plane) ApplyFile(ctx context.Context, path string) error {
	objects, err := readObjects(path)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if err := p.Apply(ctx, o); err != nil {
			return errors.Wrapf(err, "cannot apply %s %q", o.GetKind(), o.GetName())
		}
	}
	return nil
}

// installCRDs of Crossplane, and of the managed resources that are used.
func (p *Plane) installCRDs(ctx context.Context) error {
	crossplane, err := p.module(ctx, "tools", "github.com/crossplane/crossplane/v2")
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

	kinds, err := p.ManagedKinds()
	if err != nil {
		return err
	}
	return p.InstallProviderCRDs(ctx, kinds...)
}

// InstallProviderCRDs of these kinds of provider-aws.
func (p *Plane) InstallProviderCRDs(ctx context.Context, kinds ...schema.GroupVersionKind) error {
	provider, err := p.module(ctx, ".", "github.com/upbound/provider-aws/v2")
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		if err := p.installCRD(ctx, filepath.Join(provider, "package", "crds"), kind); err != nil {
			return errors.Wrapf(err, "cannot install %s", kind)
		}
	}
	return nil
}

// managedType is how a managed resource's type is written in YAML.
var managedType = regexp.MustCompile(`(?m)^apiVersion: ([a-z0-9]+\.aws\.upbound\.io)/(\w+)\nkind: (\w+)$`)

// ManagedKinds are the kinds of managed resources that any pipeline has: all that occur in the golden cases.
func (p *Plane) ManagedKinds() ([]schema.GroupVersionKind, error) {
	files, err := filepath.Glob(filepath.Join(p.root, "test", "render", "*", "expected.yaml"))
	if err != nil {
		return nil, err
	}
	var kinds []schema.GroupVersionKind
	seen := map[schema.GroupVersionKind]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range managedType.FindAllStringSubmatch(string(b), -1) {
			gvk := schema.GroupVersionKind{Group: m[1], Version: m[2], Kind: m[3]}
			if !seen[gvk] {
				seen[gvk] = true
				kinds = append(kinds, gvk)
			}
		}
	}
	if len(kinds) == 0 {
		return nil, errors.New("no golden case in test/render has a managed resource")
	}
	return kinds, nil
}

// installCRD applies the CRD of a kind in the directory, with the one version that we use. Others would need the
// provider's webhook, which converts between them.
func (p *Plane) installCRD(ctx context.Context, dir string, gvk schema.GroupVersionKind) error {
	files, err := filepath.Glob(filepath.Join(dir, gvk.Group+"_*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		// Parsing all CRDs of a group to find one of them would take far longer.
		if !bytes.Contains(b, []byte("\n    kind: "+gvk.Kind+"\n")) {
			continue
		}
		crd := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(b, &crd.Object); err != nil {
			return err
		}
		versions, _, err := unstructured.NestedSlice(crd.Object, "spec", "versions")
		if err != nil {
			return err
		}
		for _, v := range versions {
			if v, ok := v.(map[string]any); ok && v["name"] == gvk.Version {
				v["storage"] = true
				return errors.Join(unstructured.SetNestedSlice(crd.Object, []any{v}, "spec", "versions"), p.Apply(ctx, crd))
			}
		}
	}
	return errors.Errorf("no CRD in %q has it", dir)
}

// module returns the directory of a module that the go.mod in a directory of the repository requires.
func (p *Plane) module(ctx context.Context, dir, path string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", path)
	cmd.Dir = filepath.Join(p.root, dir)
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
