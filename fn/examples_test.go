package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// filesOf are the files of a folder of examples.
func filesOf(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "examples", folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("cannot find examples in %q: %v", folder, err)
	}
	return files
}

func TestExampleClaims(t *testing.T) {
	type manifest struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
	}
	want := manifest{APIVersion: "paymentdelivery.io/v1alpha1", Kind: "PaymentDeliveryPipeline"}
	want.Metadata.Namespace = "payments"

	suffixes := map[string]string{}
	for _, file := range filesOf(t, "claims") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			y := fntest.File(t, file)
			got := manifest{}
			if err := yaml.Unmarshal([]byte(y), &got); err != nil {
				t.Fatalf("cannot parse claim: %v", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("an example is a claim in namespace payments: -want, +got:\n%s", diff)
			}

			spec, errs := claim.ReadSpec(fntest.Struct(t, y))
			if len(errs) > 0 {
				t.Fatalf("an example must be valid: %v", errs.ToAggregate())
			}
			if other, taken := suffixes[spec.EnvironmentSuffix]; taken {
				t.Errorf("all examples must fit into one account, but %s has the same suffix", other)
			}
			suffixes[spec.EnvironmentSuffix] = file
		})
	}
}

// TestExampleSettings checks that a claim of each team is accepted under the settings, and that they say something of it.
func TestExampleSettings(t *testing.T) {
	for _, file := range filesOf(t, "platform") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, objects, err := render.ReadSettings(file)
			if err != nil || len(objects) == 0 {
				t.Fatalf("want EnvironmentConfigs, got %v, %v", objects, err)
			}
			for _, o := range objects {
				sources := claim.Sources{Objects: []*structpb.Struct{mustStruct(o)}}
				c, err := claim.Read(sources, fntest.Struct(t, "metadata: {labels: {crossplane.io/claim-namespace: "+teamOf(o)+"}}\n"+
					"spec: {environmentSuffix: prod, source: {owner: my-org, repository: my-repo}}"), claim.Existing{})
				if err != nil {
					t.Errorf("an example must be valid: %v", err)
				}
				if len(c.Settings.Status.From) != 1 {
					t.Errorf("%v says nothing of a claim", o)
				}
			}
		})
	}
}

// teamOf an EnvironmentConfig is a namespace that it is for.
func teamOf(o map[string]any) string {
	namespaces, _, _ := unstructured.NestedStringSlice(o, "data", "match", "namespaces")
	return append(namespaces, "payments")[0]
}

func TestComposition(t *testing.T) {
	fields := fntest.Struct(t, fntest.File(t, filepath.Join("..", "apis", "composition.yaml"))).AsMap()
	spec, _ := fields["spec"].(map[string]any)
	steps, _ := spec["pipeline"].([]any)
	if len(steps) != 1 {
		t.Fatalf("composition has %d steps, want one", len(steps))
	}
	step, _ := steps[0].(map[string]any)
	in, err := yaml.Marshal(step["input"])
	if err != nil {
		t.Fatalf("cannot marshal input: %v", err)
	}
	if _, errs := claim.ReadSettings(fntest.Struct(t, string(in))); len(errs) > 0 {
		t.Errorf("the input must be valid: %v", errs.ToAggregate())
	}

	function := fntest.Struct(t, fntest.File(t, filepath.Join("..", "package", "crossplane.yaml"))).AsMap()
	name := function["metadata"].(map[string]any)["name"]
	if diff := cmp.Diff(map[string]any{"name": name}, step["functionRef"]); diff != "" {
		t.Errorf("the step must call this function: -want, +got:\n%s", diff)
	}
}

func BenchmarkReadSpec(b *testing.B) {
	xr := fntest.Struct(b, fntest.File(b, filepath.Join("..", "examples", "claims", "full.yaml")))
	if _, errs := claim.ReadSpec(xr); len(errs) > 0 {
		b.Fatal(errs.ToAggregate())
	}
	b.ReportAllocs()
	for b.Loop() {
		claim.ReadSpec(xr)
	}
}
