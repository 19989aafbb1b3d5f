package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// TestGoldenNamespaced renders every golden case of a claim as a namespaced pipeline too. All of it must be the same but for what the form
// makes different, and provider-aws must take it.
func TestGoldenNamespaced(t *testing.T) {
	t.Parallel()
	dir, files := t.TempDir(), []string{}
	for _, c := range goldenCases(t) {
		other, ok := namespacedCase(t, c, filepath.Join(dir, c.Name()))
		if !ok {
			continue
		}
		claims, refused := outputIn(t, c)
		namespaced, alsoRefused := outputIn(t, other)
		if diff := cmp.Diff(refused, strings.ReplaceAll(alsoRefused, v1alpha1.KindNamespaced, claim.Kind)); diff != "" {
			t.Errorf("%s is refused: -claim, +namespaced:\n%s", c.Name(), diff)
		}
		if refused != "" || isRefused(t, c) {
			continue
		}
		if diff := cmp.Diff(withoutForm(t, claims, c), withoutForm(t, namespaced, other)); diff != "" {
			t.Errorf("%s: -claim, +namespaced:\n%s", c.Name(), diff)
		}
		file := other.Path("rendered.yaml")
		rendered, err := render.Print(namespaced[1:])
		must(t, err)
		must(t, os.WriteFile(file, rendered, 0o600))
		files = append(files, other.Path("claim.yaml"), file)
	}
	for _, f := range validate(t, files) {
		if f.Status != render.StatusValid {
			t.Errorf("%s: %s %q: want status %s, got %s:\n%s", f.File, f.Kind, f.Name, render.StatusValid, f.Status, strings.Join(f.Errors, "\n"))
		}
	}
}

// namespacedCase copies a case of a claim into a folder, as a namespaced pipeline. There is none of a case that is one.
func namespacedCase(t *testing.T, c golden.Case, dir string) (copied golden.Case, ok bool) {
	t.Helper()
	objects, err := objectsIn(c.Path("claim.yaml"))
	must(t, err)
	if objects[0]["kind"] == v1alpha1.KindNamespaced {
		return "", false
	}
	must(t, os.Mkdir(dir, 0o700))
	for _, file := range []string{"settings.yaml", "composition.yaml", "required.yaml"} {
		if path := c.Optional(file); path != "" { // Some are links.
			text, err := os.ReadFile(path)
			must(t, err)
			must(t, os.WriteFile(filepath.Join(dir, file), text, 0o600))
		}
	}
	definition, err := objectsIn(c.Optional("case.yaml"))
	must(t, err)
	if len(definition) > 0 {
		embedTold(definition[0])
		text, err := yaml.Marshal(definition[0])
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, "case.yaml"), text, 0o600))
	}
	objects[0]["kind"] = v1alpha1.KindNamespaced
	text, err := yaml.Marshal(objects[0])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "claim.yaml"), text, 0o600))
	return golden.Case(dir), true
}

// embedTold makes of what a case says of AWS what the providers of namespaced resources tell.
func embedTold(value any) {
	object, _ := value.(map[string]any)
	for name, member := range object {
		list, isList := member.([]any)
		if isList && slices.Contains([]string{"environment", "ephemeralStorage", "loggingConfig", "pointInTimeRecovery", "tracingConfig"}, name) {
			object[name] = list[0]
		}
		embedTold(member)
	}
}

// outputIn this process, or why the function refuses.
func outputIn(t *testing.T, c golden.Case) (output []*unstructured.Unstructured, refused string) {
	t.Helper()
	output, err := c.Render(context.Background(), lives, renderInProcess)
	if isRefusal, ok := err.(*render.RefusedError); ok { //nolint:errorlint // It is not wrapped.
		return nil, isRefusal.Message
	}
	must(t, err)
	return output, ""
}

// withoutForm is what an output has in either form: without the groups, versions and namespaces of resources, with objects for lists of one, and
// with one name for the kind and for the bucket, which carries the beginning of the XR's UID.
func withoutForm(t *testing.T, output []*unstructured.Unstructured, c golden.Case) []any {
	t.Helper()
	xr, err := xrOf(render.Case{Claim: c.Path("claim.yaml")})
	must(t, err)
	uid := xr["metadata"].(map[string]any)["uid"].(string)
	var all []any
	for _, u := range told(output) {
		u = u.DeepCopy()
		group, _, _ := strings.Cut(u.GetAPIVersion(), ".")
		u.SetAPIVersion(group)
		u.SetNamespace("")
		u.SetLabels(nil)
		u.SetOwnerReferences(nil)
		unstructured.RemoveNestedField(u.Object, "spec", "providerConfigRef", "kind")
		unstructured.RemoveNestedField(u.Object, "status", "settings", "values", "providerConfigKind")
		raw, err := json.Marshal(standin.Objects(u.Object))
		must(t, err)
		text := strings.NewReplacer(uid[:8], "00000000", v1alpha1.KindNamespaced, claim.Kind).Replace(string(raw))
		var same any
		must(t, json.Unmarshal([]byte(text), &same))
		all = append(all, same)
	}
	return all
}
