package docs_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
)

// fieldPath is a text that can be a field of a claim: its parts are names joined by dots.
var fieldPath = regexp.MustCompile(`^[a-z][A-Za-z]*(\[\])?(\.[a-z][A-Za-z]*(\[\])?)+$`)

// TestFields looks for each field of a claim that a document names: with spec or status before it, or with a name
// before its first dot that one of the two has.
func TestFields(t *testing.T) {
	props := schema(t)
	for _, d := range documents(t) {
		for _, name := range d.code {
			// Maven's own file is called as a field of the status is.
			if !fieldPath.MatchString(name) || fileName.MatchString(name) || name == "settings.xml" {
				continue
			}
			if parts := schemasOf(props, name); len(parts) > 0 && !slices.ContainsFunc(parts, hasField(name)) {
				t.Errorf("%s: a claim has no field %s", d.path, name)
			}
		}
	}
}

// TestFieldsAreExplained looks for each section of a claim, and each field of one, in a document that a person has written: by its path,
// or by its name where the document names the section. CHANGELOG.md is about another time, and claim.md is generated.
func TestFieldsAreExplained(t *testing.T) {
	explained := map[string]bool{}
	sections := schema(t).Properties["spec"].Properties
	for _, d := range documents(t) {
		if d.path == "CHANGELOG.md" || d.path == "docs/claim.md" {
			continue
		}
		names := namesIn(d)
		for section, s := range sections {
			if !names[section] {
				continue
			}
			explained[section] = true
			for field := range s.Properties {
				explained[section+"."+field] = explained[section+"."+field] || names[field]
			}
		}
	}
	for section, s := range sections {
		if !explained[section] {
			t.Errorf("no document explains spec.%s", section)
		}
		for field := range s.Properties {
			if !explained[section+"."+field] {
				t.Errorf("no document explains spec.%s.%s", section, field)
			}
		}
	}
}

// saidPath is a text that says a field, and perhaps its value: spec.service, .timeoutSeconds, tracing: Active.
var saidPath = regexp.MustCompile(`^\.?([A-Za-z0-9]+(?:\[\])?(?:\.[A-Za-z0-9]+(?:\[\])?)*)(?::.*)?$`)

// namesIn the code of a document, each part of a path by itself.
func namesIn(d document) map[string]bool {
	names := map[string]bool{}
	for _, code := range d.code {
		if said := saidPath.FindStringSubmatch(code); said != nil {
			for _, name := range fields(said[1]) {
				names[name] = true
			}
		}
	}
	return names
}

// schemasOf are the parts of the claim's schema that a field's path can begin in: none if it is not a claim's, two if spec
// and status have one of its name.
func schemasOf(claim extv1.JSONSchemaProps, name string) []extv1.JSONSchemaProps {
	var parts []extv1.JSONSchemaProps
	for _, s := range []extv1.JSONSchemaProps{claim, claim.Properties["spec"], claim.Properties["status"]} {
		if has(s, fields(name)[:1]) {
			parts = append(parts, s)
		}
	}
	return parts
}

func hasField(name string) func(extv1.JSONSchemaProps) bool {
	return func(s extv1.JSONSchemaProps) bool { return has(s, fields(name)) }
}

func fields(name string) []string {
	return strings.Split(strings.ReplaceAll(name, "[]", ""), ".")
}

// has reports whether a schema has the field at a path. What stands below a map or below any object can be anything.
func has(s extv1.JSONSchemaProps, path []string) bool {
	if len(path) == 0 || len(s.Properties) == 0 {
		return true
	}
	child, found := s.Properties[path[0]]
	if child.Items != nil && child.Items.Schema != nil {
		child = *child.Items.Schema
	}
	return found && has(child, path[1:])
}

// TestClaims looks for each field that a claim, or a part of one, in a document has.
func TestClaims(t *testing.T) {
	props := schema(t)
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if b.language != "yaml" {
				continue
			}
			part := struct {
				Kind string         `json:"kind"`
				Spec map[string]any `json:"spec"`
			}{}
			if err := yaml.Unmarshal([]byte(b.text), &part); err != nil {
				t.Errorf("%s: cannot parse the block %q: %v", d.path, b.text, err)
			}
			if part.Kind != "" && part.Kind != "PaymentDeliveryPipeline" {
				continue
			}
			if part.Kind != "" {
				checkClaim(t, d, b.text)
			}
			for _, path := range paths(nil, part.Spec) {
				if !has(props.Properties["spec"], path) {
					t.Errorf("%s: a claim has no field spec.%s", d.path, strings.Join(path, "."))
				}
			}
		}
	}
}

// checkClaim reads a whole claim as the function does.
func checkClaim(t *testing.T, d document, text string) {
	t.Helper()
	object := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	s, err := structpb.NewStruct(object)
	if err != nil {
		t.Fatal(err)
	}
	if _, errs := claim.ReadSpec(s); len(errs) > 0 {
		t.Errorf("%s: the function refuses the claim: %v", d.path, errs)
	}
}

// paths of all fields below an object.
func paths(at []string, object map[string]any) [][]string {
	var all [][]string
	for _, name := range slices.Sorted(maps.Keys(object)) {
		path := append(slices.Clone(at), name)
		all = append(all, path)
		if below, ok := object[name].(map[string]any); ok {
			all = append(all, paths(path, below)...)
		}
	}
	return all
}

// schema of a claim, as the API server has it: with the conditions that Crossplane adds to every status.
func schema(t *testing.T) extv1.JSONSchemaProps {
	t.Helper()
	xrd := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(read(t, "apis/definition.yaml"), xrd); err != nil {
		t.Fatal(err)
	}
	if len(xrd.Spec.Versions) != 1 {
		t.Fatalf("apis/definition.yaml: want one version, got %d", len(xrd.Spec.Versions))
	}
	claim := *xrd.Spec.Versions[0].Schema.OpenAPIV3Schema
	claim.Properties["status"].Properties["conditions"] = extv1.JSONSchemaProps{}
	return claim
}

// TestRuntimes looks for runtimes that a claim may choose and that no reader of docs/runtimes.md hears of.
func TestRuntimes(t *testing.T) {
	var told []string
	for _, d := range documents(t) {
		if d.path == "docs/runtimes.md" {
			told = d.code
		}
	}
	runtimes := schema(t).Properties["spec"].Properties["service"].Properties["runtime"].Enum
	if len(runtimes) == 0 {
		t.Fatal("the schema has no runtimes")
	}
	for _, value := range runtimes {
		var runtime string
		if err := yaml.Unmarshal(value.Raw, &runtime); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(told, runtime) {
			t.Errorf("docs/runtimes.md does not name the runtime %s", runtime)
		}
	}
}
