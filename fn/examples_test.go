package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"
)

// structOf is YAML as a protobuf Struct, which is how Crossplane sends it.
func structOf(tb testing.TB, y string) *structpb.Struct {
	tb.Helper()
	obj := map[string]any{}
	if err := yaml.Unmarshal([]byte(y), &obj); err != nil {
		tb.Fatalf("cannot parse YAML: %v", err)
	}
	s, err := structpb.NewStruct(obj)
	if err != nil {
		tb.Fatalf("cannot make struct: %v", err)
	}
	return s
}

func fileOf(tb testing.TB, path string) string {
	tb.Helper()
	y, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("cannot read file: %v", err)
	}
	return string(y)
}

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
	type claim struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
	}
	want := claim{APIVersion: "paymentdelivery.io/v1alpha1", Kind: "PaymentDeliveryPipeline"}
	want.Metadata.Namespace = "payments"

	suffixes := map[string]string{}
	for _, file := range filesOf(t, "claims") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			y := fileOf(t, file)
			got := claim{}
			if err := yaml.Unmarshal([]byte(y), &got); err != nil {
				t.Fatalf("cannot parse claim: %v", err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("an example is a claim in namespace payments: -want, +got:\n%s", diff)
			}

			spec, errs := readSpec(structOf(t, y))
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

func TestExampleInputs(t *testing.T) {
	for _, file := range filesOf(t, "platform") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			if _, errs := readDefaults(structOf(t, fileOf(t, file))); len(errs) > 0 {
				t.Errorf("an example must be valid: %v", errs.ToAggregate())
			}
		})
	}
}

func TestComposition(t *testing.T) {
	fields := structOf(t, fileOf(t, filepath.Join("..", "apis", "composition.yaml"))).AsMap()
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
	if _, errs := readDefaults(structOf(t, string(in))); len(errs) > 0 {
		t.Errorf("the input must be valid: %v", errs.ToAggregate())
	}

	function := structOf(t, fileOf(t, filepath.Join("..", "package", "crossplane.yaml"))).AsMap()
	name := function["metadata"].(map[string]any)["name"]
	if diff := cmp.Diff(map[string]any{"name": name}, step["functionRef"]); diff != "" {
		t.Errorf("the step must call this function: -want, +got:\n%s", diff)
	}
}

func BenchmarkReadSpec(b *testing.B) {
	claim := structOf(b, fileOf(b, filepath.Join("..", "examples", "claims", "full.yaml")))
	if _, errs := readSpec(claim); len(errs) > 0 {
		b.Fatal(errs.ToAggregate())
	}
	b.ReportAllocs()
	for b.Loop() {
		readSpec(claim)
	}
}
