package lint

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	xpv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
)

// fields of a claim.
type fields struct {
	spec extv1.JSONSchemaProps

	// creation is what the API server checks when a claim is created.
	creation *schema.Schema

	// paths of all fields, by their last names.
	paths map[string][]string
}

func newFields() (*fields, error) {
	xrd := xpv1.CompositeResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, &xrd); err != nil {
		return nil, fmt.Errorf("cannot read the API: %w", err)
	}
	root := extv1.JSONSchemaProps{}
	if err := json.Unmarshal(xrd.Spec.Versions[0].Schema.OpenAPIV3Schema.Raw, &root); err != nil {
		return nil, fmt.Errorf("cannot read the API: %w", err)
	}
	spec := root.Properties["spec"]
	creation, err := schema.NewOfCreation(&spec)
	if err != nil {
		return nil, fmt.Errorf("cannot read the API: %w", err)
	}
	f := &fields{spec: spec, creation: creation, paths: map[string][]string{}}
	f.collect("spec", f.spec)
	return f, nil
}

// refused is what the API server refuses of a claim.
func (f *fields) refused(o map[string]any) refusal.List {
	spec, ok := o["spec"].(map[string]any)
	if !ok {
		return nil // The function says so.
	}
	for _, name := range crossplanes {
		delete(spec, name)
	}
	return f.creation.Apply(spec, field.NewPath("spec"))
}

func (f *fields) collect(path string, s extv1.JSONSchemaProps) {
	for name, below := range s.Properties {
		at := path + "." + name
		f.paths[name] = append(f.paths[name], at)
		f.collect(at, below)
	}
	if s.Items != nil && s.Items.Schema != nil {
		f.collect(path+"[]", *s.Items.Schema)
	}
}

// unknown fields of a claim, which the API server would drop.
func (f *fields) unknown(o map[string]any) []string {
	found := f.below("spec", f.spec, o["spec"])
	for name := range o {
		if !slices.Contains([]string{"apiVersion", "kind", "metadata", "spec", "status"}, name) {
			found = append(found, fmt.Sprintf("%s: unknown field%s", name, f.suggest(name, nil, "")))
		}
	}
	slices.Sort(found)
	return found
}

func (f *fields) below(path string, s extv1.JSONSchemaProps, value any) (found []string) {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			at := path + "." + name
			below, known := s.Properties[name]
			switch {
			case known:
				found = append(found, f.below(at, below, member)...)
			case s.AdditionalProperties != nil && s.AdditionalProperties.Schema != nil:
				found = append(found, f.below(at, *s.AdditionalProperties.Schema, member)...)
			case s.XPreserveUnknownFields == nil && s.AdditionalProperties == nil && !isCrossplanes(path, name):
				found = append(found, fmt.Sprintf("%s: unknown field%s", at, f.suggest(name, s.Properties, path)))
			}
		}
	case []any:
		if s.Items == nil || s.Items.Schema == nil {
			return nil
		}
		for i, member := range v {
			found = append(found, f.below(fmt.Sprintf("%s[%d]", path, i), *s.Items.Schema, member)...)
		}
	}
	return found
}

// crossplanes are members of a claim's spec that Crossplane adds to the API.
var crossplanes = []string{
	"compositeDeletePolicy", "compositionRef", "compositionRevisionRef", "compositionRevisionSelector", "compositionSelector",
	"compositionUpdatePolicy", "resourceRef", "writeConnectionSecretToRef",
}

func isCrossplanes(path, name string) bool {
	return path == "spec" && slices.Contains(crossplanes, name)
}

// namesElsewhere are fields of a claim by the names that SAM, CDK, Terraform and AWS's own APIs have for them.
var namesElsewhere = map[string]string{
	"canary":               "spec.rollout.deploymentConfig",
	"cron":                 "spec.service.eventSources[].schedule.expression",
	"deadLetterConfig":     "spec.service.async.onFailure",
	"deadLetterQueue":      "spec.service.async.onFailure",
	"deploymentPreference": "spec.rollout.deploymentConfig",
	"dlq":                  "spec.service.async.onFailure",
	"environmentVariables": "spec.service.environment",
	"events":               "spec.service.eventSources",
	"policies":             "spec.service.permissions",
	"slack":                "spec.notifications.topicArn",
	"snsTopic":             "spec.notifications.topicArn",
}

// suggest what was meant: a field beside it with nearly the same name, one of the same name elsewhere, or what other tools call so.
func (f *fields) suggest(name string, beside map[string]extv1.JSONSchemaProps, path string) string {
	nearest, distance := "", 1+max(1, len(name)/3)
	for _, other := range sortedNames(beside) {
		if d := distanceOf(strings.ToLower(name), strings.ToLower(other)); d < distance {
			nearest, distance = path+"."+other, d
		}
	}
	if nearest == "" && len(f.paths[name]) > 0 {
		nearest = slices.MinFunc(f.paths[name], func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	}
	if nearest == "" {
		nearest = namesElsewhere[name]
	}
	if nearest == "" {
		return ""
	}
	return "; did you mean " + nearest + "?"
}

// distanceOf two names: people leave out the end of a name, such as its unit.
func distanceOf(name, other string) int {
	return min(levenshtein.ComputeDistance(name, other), levenshtein.ComputeDistance(name, other[:min(len(name), len(other))]))
}

func sortedNames(properties map[string]extv1.JSONSchemaProps) []string {
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
