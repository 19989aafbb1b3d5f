// Command docgen writes those parts of the documents that are drawn from what is rendered: the tables of fields in the
// README from the definitions that the API server gets, the table of conditions from their constants, and the picture of the
// release from its state machine.
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

	claim, err := schemaOf(filepath.Join(root, "apis", "definition.yaml"))
	if err != nil {
		return err
	}
	in, err := schemaOf(filepath.Join(root, "package", "input", "paymentdelivery.fn.crossplane.io_platformsettings.yaml"))
	if err != nil {
		return err
	}
	// Every object has these three.
	for _, name := range []string{"apiVersion", "kind", "metadata"} {
		delete(in.Properties, name)
	}

	picture, err := statePicture(filepath.Join(root, "test", "render", "04-ready", "expected.yaml"))
	if err != nil {
		return err
	}

	conditions, err := conditionsTable(filepath.Join(root, "apis", "v1alpha1", "conditions.go"))
	if err != nil {
		return err
	}
	packages, err := packagesPicture(filepath.Join(root, "fn"))
	if err != nil {
		return err
	}
	if err := write(filepath.Join(root, "docs", "architecture.md"), map[string]string{"packages": packages}); err != nil {
		return err
	}
	if err := write(filepath.Join(root, "docs", "conditions.md"), map[string]string{"conditions": conditions}); err != nil {
		return err
	}

	if err := write(filepath.Join(root, "README.md"), map[string]string{
		"claim fields":    table(claim.Properties["spec"]),
		"platform fields": table(*in),
		"status fields":   list(claim.Properties["status"]),
	}); err != nil {
		return err
	}
	return write(filepath.Join(root, "docs", "release.md"), map[string]string{"state machine": picture})
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
	if err := os.WriteFile(path, []byte(document), 0o644); err != nil {
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

// table documents the fields that a person writes.
func table(s extv1.JSONSchemaProps) string {
	b := &strings.Builder{}
	b.WriteString("| field | type | default | allowed | what |\n|---|---|---|---|---|\n")
	walk("", s, func(path string, required bool, s extv1.JSONSchemaProps) {
		def := "none"
		switch {
		case required:
			def = "**required**"
		case s.Default != nil:
			def = code(strings.Trim(string(s.Default.Raw), `"`))
		}
		row(b, code(path), typeOf(s), def, allowed(s), whatOf(s))
	})
	return b.String()
}

// list documents the fields that the function writes.
func list(s extv1.JSONSchemaProps) string {
	b := &strings.Builder{}
	b.WriteString("| field | type | what |\n|---|---|---|\n")
	walk("", s, func(path string, _ bool, s extv1.JSONSchemaProps) {
		row(b, code(path), typeOf(s), whatOf(s))
	})
	return b.String()
}

// walk visits the fields below a schema, in order. An object that is always there says nothing that its fields do not.
func walk(path string, s extv1.JSONSchemaProps, visit func(path string, required bool, s extv1.JSONSchemaProps)) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		child, at := s.Properties[name], strings.TrimPrefix(path+"."+name, ".")
		required := slices.Contains(s.Required, name)
		if len(child.Properties) == 0 || (!required && child.Default == nil) {
			visit(at, required, child)
		}
		walk(at, child, visit)
		if child.Items != nil && child.Items.Schema != nil {
			walk(at+"[]", *child.Items.Schema, visit)
		}
	}
}

// typeOf is a field's type, as a person says it.
func typeOf(s extv1.JSONSchemaProps) string {
	switch {
	case s.Items != nil && s.Items.Schema != nil:
		return "list of " + s.Items.Schema.Type + "s"
	case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
		return "map of " + s.AdditionalProperties.Schema.Type + "s"
	default:
		return s.Type
	}
}

// allowed says what a value must be like.
func allowed(s extv1.JSONSchemaProps) string {
	says := []string{}
	if len(s.Enum) > 0 {
		values := []string{}
		for _, v := range s.Enum {
			values = append(values, code(strings.Trim(string(v.Raw), `"`)))
		}
		says = append(says, strings.Join(values, ", "))
	}
	if s.Minimum != nil && s.Maximum != nil {
		says = append(says, fmt.Sprintf("%v to %v", *s.Minimum, *s.Maximum))
	}
	for _, limit := range []struct {
		most *int64
		of   string
	}{{s.MaxLength, "characters"}, {s.MaxItems, "items"}, {s.MaxProperties, "keys"}} {
		if limit.most != nil {
			says = append(says, fmt.Sprintf("at most %d %s", *limit.most, limit.of))
		}
	}
	if s.Pattern != "" {
		says = append(says, code(s.Pattern))
	}
	for _, rule := range s.XValidations {
		says = append(says, rule.Message)
	}
	if s.Items != nil && s.Items.Schema != nil {
		if each := allowed(*s.Items.Schema); each != "" {
			says = append(says, "each: "+each)
		}
	}
	return strings.Join(says, "; ")
}

// whatOf is a field's description on one line.
func whatOf(s extv1.JSONSchemaProps) string {
	return strings.Join(strings.Fields(s.Description), " ")
}

func code(s string) string {
	if s == "" {
		return "empty"
	}
	return "`" + s + "`"
}

// row writes one row of a table. A bar would end its cell, in code too.
func row(b *strings.Builder, cells ...string) {
	for _, cell := range cells {
		b.WriteString("| " + strings.ReplaceAll(cell, "|", `\|`) + " ")
	}
	b.WriteString("|\n")
}
