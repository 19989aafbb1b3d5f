package package_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	semverv1 "github.com/Masterminds/semver"
	"github.com/Masterminds/semver/v3"
	"github.com/google/go-cmp/cmp"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// composed are the kinds of the managed resources in all golden cases, as claims have them.
func composed(t *testing.T) []schema.GroupKind {
	t.Helper()

	kinds := map[schema.GroupKind]bool{}
	for _, p := range renderedPipelines(t) {
		for _, o := range p.managed {
			gk := o.GroupVersionKind().GroupKind()
			gk.Group = strings.Replace(gk.Group, ".aws.m.", ".aws.", 1)
			kinds[gk] = true
		}
	}
	return slices.SortedFunc(maps.Keys(kinds), func(a, b schema.GroupKind) int { return strings.Compare(a.String(), b.String()) })
}

// A dependency of the Configuration.
type dependency struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Package    string `json:"package"`
	Version    string `json:"version"`
}

// A configuration is what the tests read of the Configuration's metadata.
type configuration struct {
	Spec struct {
		DependsOn []dependency `json:"dependsOn"`
	} `json:"spec"`
}

func TestDependencies(t *testing.T) {
	want := []dependency{{
		APIVersion: "pkg.crossplane.io/v1",
		Kind:       "Function",
		Package:    "ghcr.io/paymentdelivery/function-payment-delivery-pipeline",
		Version:    ">=v0.1.0",
	}}
	groups := map[string]bool{}
	for _, gk := range composed(t) {
		groups[gk.Group] = true
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		want = append(want, dependency{
			APIVersion: "pkg.crossplane.io/v1",
			Kind:       "Provider",
			Package:    "xpkg.upbound.io/upbound/provider-aws-" + strings.TrimSuffix(group, ".aws.upbound.io"),
			Version:    ">=v2.6.0, <v3.0.0",
		})
	}

	got := configuration{}
	into(t, one(t, "crossplane.yaml", "Configuration"), &got)
	if diff := cmp.Diff(want, got.Spec.DependsOn); diff != "" {
		t.Errorf("the Configuration must bring the providers of what is composed, and no others: -want, +got:\n%s", diff)
	}
}

// TestDependencyVersions reads the versions as Crossplane's resolver does, which installs the highest tag that fits: v2.2 by the first
// version of a library, and later ones by the third.
func TestDependencyVersions(t *testing.T) {
	config := configuration{}
	into(t, one(t, "crossplane.yaml", "Configuration"), &config)
	fits := map[string]bool{
		"v2.5.0": false, "v2.6.0": true, "v2.7.0": true, "v2.7.0-rc.1": false, "v2.100.0": true, "v3.0.0-rc.1": false, "v3.0.0": false,
	}
	for _, d := range config.Spec.DependsOn {
		before, err1 := semverv1.NewConstraint(d.Version)
		now, err3 := semver.NewConstraint(d.Version)
		if err1 != nil || err3 != nil {
			t.Errorf("%s: %q: Crossplane v2.2: %v; later: %v", d.Package, d.Version, err1, err3)
			continue
		}
		if d.Kind != "Provider" {
			continue
		}
		for version, want := range fits {
			if got := before.Check(semverv1.MustParse(version)); got != want {
				t.Errorf("%s: want %s to fit %q in Crossplane v2.2: %t, got %t", d.Package, version, d.Version, want, got)
			}
			if got := now.Check(semver.MustParse(version)); got != want {
				t.Errorf("%s: want %s to fit %q: %t, got %t", d.Package, version, d.Version, want, got)
			}
		}
	}
}

func TestActivationPolicy(t *testing.T) {
	want := []string{}
	for _, gk := range composed(t) {
		want = append(want, crdOf(t, gk).GetName())
		gk.Group = strings.Replace(gk.Group, ".aws.", ".aws.m.", 1)
		want = append(want, crdOf(t, gk).GetName())
	}
	slices.SortFunc(want, byGroup)

	policy := struct {
		Spec struct {
			Activate []string `json:"activate"`
		} `json:"spec"`
	}{}
	into(t, one(t, "apis/activation.yaml", "ManagedResourceActivationPolicy"), &policy)
	if diff := cmp.Diff(want, policy.Spec.Activate); diff != "" {
		t.Errorf("what is composed must be activated, and nothing else: -want, +got:\n%s", diff)
	}
}

// byGroup orders names of CRDs by API group, then by resource.
func byGroup(a, b string) int {
	resourceA, groupA, _ := strings.Cut(a, ".")
	resourceB, groupB, _ := strings.Cut(b, ".")
	return strings.Compare(groupA+"/"+resourceA, groupB+"/"+resourceB)
}

// crdOf a kind, from the modules of Crossplane and provider-aws.
func crdOf(t *testing.T, gk schema.GroupKind) *extv1.CustomResourceDefinition {
	t.Helper()

	folder := filepath.Join(moduleDir(t, ".", "github.com/upbound/provider-aws/v2"), "package", "crds")
	if strings.HasSuffix(gk.Group, ".crossplane.io") {
		folder = filepath.Join(moduleDir(t, "tools", "github.com/crossplane/crossplane/v2"), "cluster", "crds")
	}
	files, err := filepath.Glob(filepath.Join(folder, gk.Group+"_*.yaml"))
	if err != nil {
		t.Fatalf("cannot find CRDs: %v", err)
	}
	for _, file := range files {
		crd := &extv1.CustomResourceDefinition{}
		into(t, read(t, file), crd)
		if crd.Spec.Names.Kind == gk.Kind {
			return crd
		}
	}
	t.Fatalf("no CRD of %s in %s", gk, folder)
	return nil
}
