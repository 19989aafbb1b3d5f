package architecture

import (
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/resource/composed"
)

var update = flag.Bool("update", false, "add new resources to the lock file")

// identitiesFile is the lock file of what every pipeline out there has.
const identitiesFile = "../testdata/identities.yaml"

// An identity is what makes a managed resource the same one as before.
type identity struct {
	// Kind and API group.
	Kind string `json:"kind"`

	// ObjectName is its metadata.name, of the pipeline pr-123 under the ProviderConfig default.
	ObjectName string `json:"objectName"`

	// ExternalName is its name in AWS. Empty where AWS or the provider chooses it.
	ExternalName string `json:"externalName,omitempty"`
}

// TestIdentities compares every resource that a pipeline can have with the lock file. "-update" adds new ones to it.
// Nothing removes one: that takes an editor, and a reason.
func TestIdentities(t *testing.T) {
	got := map[resource.Name]identity{}
	built := buildAll(newTestPipeline(t, everything).Resources())
	maps.Copy(built, buildAll(newTestPipeline(t, everything, promotedFromDev).Resources()))
	for name, o := range built {
		kinds, _, err := composed.Scheme.ObjectKinds(o)
		if err != nil {
			t.Fatal(err)
		}
		got[name] = identity{Kind: kinds[0].GroupKind().String(), ObjectName: o.GetName(), ExternalName: o.GetAnnotations()[annotationExternalName]}
	}

	locked := map[resource.Name]identity{}
	raw, err := os.ReadFile(identitiesFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(raw, &locked); err != nil {
		t.Fatalf("cannot parse %s: %v", identitiesFile, err)
	}

	var retired []resource.Name
	for _, r := range newTestPipeline(t, everything).retired() {
		if _, known := locked[r.Name]; !known || got[r.Name] != (identity{}) {
			t.Errorf("%q is retired: want a name that pipelines have had, and that none gets", r.Name)
		}
		retired = append(retired, r.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(locked)) {
		if slices.Contains(retired, name) {
			continue
		}
		have, exists := got[name]
		switch want := locked[name]; {
		case !exists:
			t.Errorf("%q is no longer composed: an upgrade would delete the %s %q of every pipeline that has it", name, want.Kind, want.ExternalName)
		case have != want:
			t.Errorf("%q would be another resource: an upgrade would leave the old one without an owner, or delete it, in every pipeline (-locked, +composed):\n%s", name, cmp.Diff(want, have))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, exists := locked[name]; !exists && !*update {
			t.Errorf("%q is new: lock it with \"go test ./fn/architecture -run TestIdentities -update\"", name)
		}
	}
	if *update {
		maps.Copy(got, locked)
		raw, err := yaml.Marshal(got)
		if err == nil {
			err = os.WriteFile(identitiesFile, append([]byte("# What every pipeline has, and keeps for ever. See TestIdentities.\n"), raw...), 0o644)
		}
		if err != nil {
			t.Fatalf("cannot write %s: %v", identitiesFile, err)
		}
	}
}
