package names

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// TestOf checks that the example claims have a name of each kind that has names, and that each name is of its claim.
func TestOf(t *testing.T) {
	files, err := filepath.Glob("../../examples/claims/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, file := range files {
		xr := read(t, file)
		for name := range namesOf(t, xr) {
			kinds[name.Kind] = true
			suffix := xr["spec"].(map[string]any)["environmentSuffix"].(string)
			if !strings.Contains(name.In+" "+name.Name, suffix) {
				t.Errorf("%s: %v has no suffix", file, name)
			}
		}
	}
	for _, kind := range append(lockedKinds(t), ReportGroup, Metric) {
		if !kinds[kind] {
			t.Errorf("want a name of each kind that has names, got none of %s", kind)
		}
	}
}

// TestShared compares a claim with itself.
func TestShared(t *testing.T) {
	full := namesOf(t, read(t, "../../examples/claims/full.yaml"))
	if shared := Shared(full, full); len(shared) != len(full) {
		t.Errorf("want all %d names to be shared, got %d", len(full), len(shared))
	}
}

// lockedKinds are those of the lock file that have names of ours.
func lockedKinds(t *testing.T) []string {
	t.Helper()
	kinds := map[string]bool{}
	for _, one := range read(t, "../../fn/testdata/identities.yaml") {
		if identity := one.(map[string]any); identity["externalName"] != nil {
			kinds[identity["kind"].(string)] = true
		}
	}
	return slices.Sorted(maps.Keys(kinds))
}

func read(t *testing.T, file string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	object := map[string]any{}
	if err := yaml.Unmarshal(raw, &object); err != nil {
		t.Fatalf("cannot parse %s: %v", file, err)
	}
	return object
}

func namesOf(t *testing.T, xr map[string]any) map[Name]string {
	t.Helper()
	xr["metadata"] = map[string]any{"name": "payments", "uid": "0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11"}
	object, err := structpb.NewStruct(xr)
	if err != nil {
		t.Fatal(err)
	}
	c, err := claim.Read(claim.Sources{}, object, claim.Existing{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := architecture.New(c, compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: object}}))
	if err != nil {
		t.Fatal(err)
	}
	all, err := Of(p)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
