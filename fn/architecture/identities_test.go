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
const (
	identitiesFile = "../testdata/identities.yaml"
	retiredFile    = "../testdata/retired.yaml"
)

// An identity is what makes a managed resource the same one as before.
type identity struct {
	// Kind and API group.
	Kind string `json:"kind"`

	// ObjectName is its metadata.name, of the pipeline pr-123 under the ProviderConfig default.
	ObjectName string `json:"objectName"`

	// ExternalName is its name in AWS. Empty where AWS or the provider chooses it.
	ExternalName string `json:"externalName,omitempty"`
}

// readIdentities reads a lock file.
func readIdentities(t *testing.T, file string) map[resource.Name]identity {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	locked := map[resource.Name]identity{}
	if err := yaml.UnmarshalStrict(raw, &locked); err != nil {
		t.Fatalf("cannot parse %s: %v", file, err)
	}
	return locked
}

// TestRetired checks that what pipelines had in earlier releases is known to be theirs, and that no pipeline gets it any more.
func TestRetired(t *testing.T) {
	want := readIdentities(t, retiredFile)
	p := newTestPipeline(t, everything)
	names := map[resource.Name]bool{}
	for _, r := range p.retired() {
		names[r.Name] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(names))); diff != "" {
		t.Errorf("-locked, +retired:\n%s", diff)
	}
	used := readIdentities(t, identitiesFile)
	for name, r := range want {
		if _, taken := used[name]; taken {
			t.Errorf("%q was the name of the %s %q: take another one", name, r.Kind, r.ExternalName)
		}
	}
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

	locked := readIdentities(t, identitiesFile)

	for _, name := range slices.Sorted(maps.Keys(locked)) {
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
