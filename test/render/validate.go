package render

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	yamlstream "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// providerModule has the CRDs of the managed resources.
const providerModule = "github.com/upbound/provider-aws/v2"

// StatusValid is the status of a Finding that has nothing to complain of.
const StatusValid = "valid"

// A Finding is what its schema says of one object.
type Finding struct {
	// File that the object was read from.
	File string

	Kind string
	Name string

	// Status is StatusValid, or "invalid", or "missingSchema".
	Status string

	// Errors of an invalid object, each with the field's path.
	Errors []string
}

// Validate the objects in the YAML files: claims and XRs with our XRD, the function's input with its CRD, managed resources
// with the CRDs of the provider-aws version in go.mod. There is a Finding for each object, in the order of the files.
// Nothing is downloaded.
func (r *Renderer) Validate(ctx context.Context, files ...string) ([]Finding, error) {
	dir, err := os.MkdirTemp("", "validate-")
	if err != nil {
		return nil, errors.Wrap(err, "cannot create a temporary directory")
	}
	defer os.RemoveAll(dir) //nolint:errcheck // A left-over temporary directory does no harm.

	findings := []Finding{}
	objects := bytes.Buffer{}
	groups := map[string]bool{}
	for _, file := range files {
		docs, err := readObjects(file)
		if err != nil {
			return nil, errors.Wrapf(err, "cannot read objects from %q", file)
		}
		for _, d := range docs {
			findings = append(findings, Finding{File: file})
			objects.WriteString("---\n")
			objects.Write(d.yaml)
			groups[d.group] = true
		}
	}
	if len(findings) == 0 {
		return nil, nil
	}

	resources := filepath.Join(dir, "objects.yaml")
	if err := os.WriteFile(resources, objects.Bytes(), 0o600); err != nil {
		return nil, errors.Wrap(err, "cannot write objects")
	}
	schemas, err := r.schemas(ctx, slices.Sorted(maps.Keys(groups)))
	if err != nil {
		return nil, errors.Wrap(err, "cannot find schemas")
	}

	out, verr := r.crossplane(ctx, "resource", "validate", strings.Join(schemas, ","), resources,
		"--error-on-missing-schemas", "--output=json",
		// Crossplane's own schemas are not needed. Without an image to take them from, nothing is downloaded.
		"--crossplane-image=", "--cache-dir="+filepath.Join(dir, "cache"))

	report := struct {
		Resources []struct {
			Kind   string `json:"kind"`
			Name   string `json:"name"`
			Status string `json:"status"`
			Errors []struct {
				Message string `json:"message"`
			} `json:"errors"`
		} `json:"resources"`
	}{}
	// An invalid object is an error to the CLI, and a finding to us.
	if err := json.Unmarshal(out, &report); err != nil || len(report.Resources) != len(findings) {
		return nil, errors.Wrap(errors.Join(verr, err), "cannot validate objects")
	}

	for i, res := range report.Resources {
		findings[i].Kind, findings[i].Name, findings[i].Status = res.Kind, res.Name, res.Status
		for _, e := range res.Errors {
			findings[i].Errors = append(findings[i].Errors, e.Message)
		}
	}

	return findings, nil
}

// schemas for the API groups: paths of files and folders of CRDs and XRDs. All of the provider's 2,000 CRDs would take
// minutes to load, those of a dozen groups take a second.
func (r *Renderer) schemas(ctx context.Context, groups []string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", providerModule)
	cmd.Dir = r.root

	out, err := cmd.Output()
	if err != nil {
		return nil, errors.Wrapf(err, "cannot find module %q", providerModule)
	}
	provider := strings.TrimSpace(string(out))

	schemas := []string{r.api("")[0], r.api(v1alpha1.KindNamespaced)[0], filepath.Join(r.root, "package", "input")}
	for _, group := range groups {
		crds, err := filepath.Glob(filepath.Join(provider, "package", "crds", group+"_*.yaml"))
		if err != nil {
			return nil, errors.Wrapf(err, "cannot find the CRDs of API group %q", group)
		}
		schemas = append(schemas, crds...)
	}

	return schemas, nil
}

// An object is a YAML document.
type object struct {
	group string
	yaml  []byte
}

// readObjects of a file. The results that render prints are not objects of any API, and left out.
func readObjects(path string) ([]object, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}

	objects := []object{}
	for docs := yamlstream.NewYAMLReader(bufio.NewReader(bytes.NewReader(data))); ; {
		doc, err := docs.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}

		meta := struct {
			APIVersion string `json:"apiVersion"`
		}{}
		if err := yaml.Unmarshal(doc, &meta); err != nil {
			return nil, err
		}
		gv, err := schema.ParseGroupVersion(meta.APIVersion)
		if err != nil {
			return nil, err
		}
		if gv.Empty() || gv.Group == "render.crossplane.io" {
			continue
		}
		objects = append(objects, object{group: gv.Group, yaml: doc})
	}
}
