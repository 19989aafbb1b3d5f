// Command docgen writes those parts of the documents that are drawn from what is rendered: the tables of fields from the
// definitions that the API server gets, the table of conditions from their constants, the table of resources from the lock
// file of their identities, the tables of guardrails from the list of rules, the packages from their imports and comments,
// and the pictures of the state machines and of the dashboard from what is rendered of them.
package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("usage: docgen <root of the repository>")
	}
	root := args[0]
	dir, err := os.MkdirTemp("", "docgen-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // A left-over temporary directory does no harm.
	complete, err := expected(root, "04-ready", dir)
	if err != nil {
		return err
	}
	for _, document := range []func(root, complete string) (name string, sections map[string]string, err error){
		architectureSections, claimSections, conditionsSections, guardrailsSections, settingsSections, releaseSections, resourcesSections,
		securitySections,
	} {
		name, sections, err := document(root, complete)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(root, "docs", name), sections); err != nil {
			return err
		}
	}
	dashboard, err := dashboardPicture(complete)
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(root, "docs", "images", "dashboard.svg"), dashboard)
}

func architectureSections(root, _ string) (string, map[string]string, error) {
	packages, err := packagesPicture(filepath.Join(root, "fn"))
	if err != nil {
		return "", nil, err
	}
	table, err := packagesTable(filepath.Join(root, "fn"))
	return "architecture.md", map[string]string{"packages": packages, "package table": table}, err
}

func claimSections(root, _ string) (string, map[string]string, error) {
	claim, err := schemaOf(filepath.Join(root, "apis", "definition.yaml"))
	if err != nil {
		return "", nil, err
	}
	return "claim.md", map[string]string{"claim fields": table(claim.Properties["spec"]), "status fields": list(claim.Properties["status"])}, nil
}

func conditionsSections(root, _ string) (string, map[string]string, error) {
	conditions, err := conditionsTable(filepath.Join(root, "apis", "v1alpha1", "conditions.go"))
	return "conditions.md", map[string]string{"conditions": conditions}, err
}

func guardrailsSections(root, _ string) (string, map[string]string, error) {
	rules, err := readGuardrails(root)
	return "guardrails.md", map[string]string{"rules": rules.ruleTable(), "limited fields": rules.fieldTable()}, err
}

func settingsSections(root, _ string) (string, map[string]string, error) {
	settings, err := schemaOf(filepath.Join(root, "package", "input", "paymentdelivery.fn.crossplane.io_platformsettings.yaml"))
	if err != nil {
		return "", nil, err
	}
	// Every object has these three.
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		delete(settings.Properties, name)
	}
	return "settings.md", map[string]string{"platform fields": table(*settings)}, nil
}

func releaseSections(_, complete string) (string, map[string]string, error) {
	pictures, err := statePictures(complete)
	return "release.md", pictures, err
}

func resourcesSections(root, complete string) (string, map[string]string, error) {
	resources, err := resourcesTable(filepath.Join(root, "fn", "testdata", "identities.yaml"), complete, filepath.Join(root, "fn", "architecture"))
	return "resources.md", map[string]string{"resources": resources}, err
}

func securitySections(_, complete string) (string, map[string]string, error) {
	roles, err := rolesTable(complete)
	return "security.md", map[string]string{"roles": roles}, err
}

// write the sections of a document, each between its markers.
func write(path string, sections map[string]string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("cannot read document: %w", err)
	}
	document := string(raw)
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		if document, err = replace(document, name, sections[name]); err != nil {
			return fmt.Errorf("cannot write to %q: %w", path, err)
		}
	}
	if document == string(raw) {
		return nil
	}
	return writeFile(path, document)
}

func writeFile(path, text string) error {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("cannot write document: %w", err)
	}
	return nil
}

// schemaOf is the schema in a definition. A CompositeResourceDefinition keeps it where a CustomResourceDefinition does.
func schemaOf(path string) (*extv1.JSONSchemaProps, error) {
	y, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read definition: %w", err)
	}
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(y, d); err != nil {
		return nil, fmt.Errorf("cannot parse definition %q: %w", path, err)
	}
	if len(d.Spec.Versions) != 1 {
		return nil, fmt.Errorf("definition %q has %d versions, want one", path, len(d.Spec.Versions))
	}
	return d.Spec.Versions[0].Schema.OpenAPIV3Schema, nil
}

// replace puts text between the two markers of a section.
func replace(document, section, text string) (string, error) {
	begin, end := "<!-- BEGIN "+section+" -->", "<!-- END "+section+" -->"
	head, rest, found := strings.Cut(document, begin)
	if !found {
		return "", fmt.Errorf("there is no line %q: add it where the section belongs", begin)
	}
	_, tail, found := strings.Cut(rest, end)
	if !found {
		return "", fmt.Errorf("there is no line %q after %q", end, begin)
	}
	return head + begin + "\n" + text + end + tail, nil
}
