package runtime

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
)

// claimed are the runtimes that a claim may have.
func claimed(t *testing.T) []string {
	t.Helper()
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	spec := d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
	var names []string
	for _, value := range spec.Properties["service"].Properties["runtime"].Enum {
		name := ""
		if err := json.Unmarshal(value.Raw, &name); err != nil {
			t.Fatalf("cannot parse enum: %v", err)
		}
		names = append(names, name)
	}
	return names
}

// inImages are the versions of languages that CodeBuild's images for both processors have, from amazonlinux-x86_64-standard:5.0
// and amazonlinux-aarch64-standard:3.0 on, and standard:7.0 and 8.0:
// https://github.com/aws/aws-codebuild-docker-images/blob/master/al/x86_64/standard/6.0/runtimes.yml and those beside it.
var inImages = map[string][]string{
	"nodejs": {"22", "24"},
	"python": {"3.11", "3.12", "3.13", "3.14"},
	"java":   {"corretto8", "corretto11", "corretto17", "corretto21", "corretto25"},
	"ruby":   {"3.3", "3.4", "4.0"},
}

// TestEveryRuntime checks that each runtime of a claim is of the language that its name says, and is built in an image that has
// it.
func TestEveryRuntime(t *testing.T) {
	used := map[string]bool{}
	for _, name := range claimed(t) {
		r := Of(name)
		used[r.prefix] = true
		if name[:len(r.prefix)] != r.prefix {
			t.Errorf("%s: taken for %s", name, r.prefix)
		}
		for tool, version := range r.Buildspec().Phases.Install.RuntimeVersions {
			if !slices.Contains(inImages[tool], version) {
				t.Errorf("%s: no image has %s %s", name, tool, version)
			}
		}
	}
	if len(used) != len(languages) {
		t.Errorf("want a runtime of each language, got %v", used)
	}
}

// TestLambdaImage checks what CodeBuild calls the languages of its images for Lambda compute.
func TestLambdaImage(t *testing.T) {
	for name, want := range map[string]string{
		"nodejs22.x": "nodejs22", "nodejs24.x": "nodejs24", "python3.12": "python3.12", "java21": "corretto21", "ruby3.4": "ruby3.4",
	} {
		if got := Of(name).LambdaImage(); got != want {
			t.Errorf("%s: want %s, got %s", name, want, got)
		}
	}
}

func TestHandler(t *testing.T) {
	got := map[string]string{}
	for _, l := range languages {
		got[l.prefix] = Of(l.prefix + "1").Handler("")
	}
	want := map[string]string{"nodejs": "index.handler", "python": "app.handler", "java": "", "ruby": "app.handler", "provided": "bootstrap"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Handler(): -want, +got:\n%s", diff)
	}
	if got := Of("python3.14").Handler("pay.main"); got != "pay.main" {
		t.Errorf("want the claim's handler, got %q", got)
	}
}

func TestIsNode(t *testing.T) {
	for _, l := range languages {
		if got, want := Of(l.prefix+"1").IsNode(), l.prefix == "nodejs"; got != want {
			t.Errorf("%s: want %t, got %t", l.prefix, want, got)
		}
	}
}
