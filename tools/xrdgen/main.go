// Command xrdgen writes what Crossplane and the API server need to know of the Go types: the
// CompositeResourceDefinition of the claim, and the CustomResourceDefinition of the function's input.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/packages"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-tools/pkg/crd"
	crdmarkers "sigs.k8s.io/controller-tools/pkg/crd/markers"
	"sigs.k8s.io/controller-tools/pkg/loader"
	"sigs.k8s.io/controller-tools/pkg/markers"
	"sigs.k8s.io/yaml"

	xpextv1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1"
	xpextv2 "github.com/crossplane/crossplane/apis/v2/apiextensions/v2"
	xpcorev2 "github.com/crossplane/crossplane/apis/v2/core/v2"
)

// composition that a claim gets when it names none, and that of every namespaced pipeline.
const (
	composition           = "payment-delivery-pipeline"
	namespacedComposition = "payment-pipeline"
)

// Names of the namespaced composite resource. The claim's kind has a CustomResourceDefinition of its own, so it cannot have that one.
var namespacedNames = extv1.CustomResourceDefinitionNames{
	Kind:       "PaymentPipeline",
	ListKind:   "PaymentPipelineList",
	Plural:     "paymentpipelines",
	Singular:   "paymentpipeline",
	ShortNames: []string{"pp"},
	Categories: []string{"crossplane"},
}

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: xrdgen <root of the repository>"))
	}
	fail(generate(os.Args[1]))
}

// fail ends the command if there is an error.
func fail(err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "xrdgen:", err)
	os.Exit(1)
}

// generate writes all definitions below root.
func generate(root string) error {
	claim, err := definitionOf(root, "./apis/v1alpha1")
	if err != nil {
		return err
	}
	xrd, err := compositeOf(claim)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(root, "apis", "definition.yaml"), "apis/v1alpha1", xrd); err != nil {
		return err
	}
	if err := write(filepath.Join(root, "apis", "namespaced-definition.yaml"), "apis/v1alpha1", namespaced(xrd)); err != nil {
		return err
	}

	input, err := definitionOf(root, "./fn/input/v1beta1")
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%s_%s.yaml", input.Spec.Group, input.Spec.Names.Plural)
	return write(filepath.Join(root, "package", "input", name), "fn/input/v1beta1", input)
}

// definitionOf is the CustomResourceDefinition of the one kind in a Go package.
func definitionOf(root, pkg string) (*extv1.CustomResourceDefinition, error) {
	roots, err := loader.LoadRootsWithConfig(&packages.Config{Dir: root}, pkg)
	if err != nil {
		return nil, fmt.Errorf("cannot load package %q: %w", pkg, err)
	}
	registry := &markers.Registry{}
	if err := crdmarkers.Register(registry); err != nil {
		return nil, fmt.Errorf("cannot register markers: %w", err)
	}

	parser := &crd.Parser{
		Collector: &markers.Collector{Registry: registry},
		Checker:   &loader.TypeChecker{},
		// Numbers with fractions. Languages read them differently in the last digit, which none of ours has.
		AllowDangerousTypes: true,
	}
	crd.AddKnownTypes(parser)
	for _, r := range roots {
		parser.NeedPackage(r)
	}
	// A type whose markers cannot be read is no kind, so errors come first.
	if err := check(roots, pkg); err != nil {
		return nil, err
	}
	kinds := crd.FindKubeKinds(parser, crd.FindMetav1(roots))
	if len(kinds) != 1 {
		return nil, fmt.Errorf("package %q has %d kinds, want one", pkg, len(kinds))
	}
	parser.NeedCRDFor(kinds[0], nil)
	if err := check(roots, pkg); err != nil {
		return nil, err
	}

	d := parser.CustomResourceDefinitions[kinds[0]]
	crd.FixTopLevelMetadata(d)
	return &d, nil
}

// check that a package and its markers could be read. What could not is printed.
func check(roots []*loader.Package, pkg string) error {
	if loader.PrintErrors(roots, packages.TypeError) {
		return fmt.Errorf("cannot read package %q and its markers", pkg)
	}
	return nil
}

// compositeOf is the CompositeResourceDefinition that offers the kind of a CustomResourceDefinition as a claim.
func compositeOf(claim *extv1.CustomResourceDefinition) (*xpextv1.CompositeResourceDefinition, error) {
	names := claim.Spec.Names
	d := &xpextv1.CompositeResourceDefinition{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apiextensions.crossplane.io/v1", Kind: "CompositeResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{Name: "x" + names.Plural + "." + claim.Spec.Group},
		Spec: xpextv1.CompositeResourceDefinitionSpec{
			Group: claim.Spec.Group,
			Names: extv1.CustomResourceDefinitionNames{
				Kind:       "X" + names.Kind,
				ListKind:   "X" + names.ListKind,
				Plural:     "x" + names.Plural,
				Singular:   "x" + names.Singular,
				Categories: names.Categories,
			},
			ClaimNames: &names,
			// Only this scope has claims.
			Scope:                 ptr.To(xpextv1.CompositeResourceScopeLegacyCluster),
			DefaultCompositionRef: &xpextv1.CompositionReference{Name: composition},
			// The claim stays until AWS is clean, so that what cannot be deleted is still seen.
			DefaultCompositeDeletePolicy: ptr.To(xpcorev2.CompositeDeleteForeground),
			// An old revision would have the new function read an old input.
			DefaultCompositionUpdatePolicy: ptr.To(xpcorev2.UpdateAutomatic),
		},
	}
	for _, short := range names.ShortNames {
		d.Spec.Names.ShortNames = append(d.Spec.Names.ShortNames, "x"+short)
	}

	for _, v := range claim.Spec.Versions {
		s := v.Schema.OpenAPIV3Schema
		// Crossplane adds apiVersion, kind and metadata, and wants its own status to be optional.
		schema, err := json.Marshal(extv1.JSONSchemaProps{
			Description: s.Description,
			Type:        s.Type,
			Required:    []string{"spec"},
			Properties:  map[string]extv1.JSONSchemaProps{"spec": s.Properties["spec"], "status": s.Properties["status"]},
		})
		if err != nil {
			return nil, fmt.Errorf("cannot marshal schema of version %q: %w", v.Name, err)
		}
		d.Spec.Versions = append(d.Spec.Versions, xpextv1.CompositeResourceDefinitionVersion{
			Name:                     v.Name,
			Served:                   true,
			Referenceable:            v.Storage,
			AdditionalPrinterColumns: v.AdditionalPrinterColumns,
			Schema:                   &xpextv1.CompositeResourceValidation{OpenAPIV3Schema: runtime.RawExtension{Raw: schema}},
		})
	}
	return d, nil
}

// namespaced is the CompositeResourceDefinition that offers the same schema as a composite resource in the team's own namespace.
func namespaced(claims *xpextv1.CompositeResourceDefinition) *xpextv2.CompositeResourceDefinition {
	d := &xpextv2.CompositeResourceDefinition{
		TypeMeta:   metav1.TypeMeta{APIVersion: "apiextensions.crossplane.io/v2", Kind: "CompositeResourceDefinition"},
		ObjectMeta: metav1.ObjectMeta{Name: namespacedNames.Plural + "." + claims.Spec.Group},
		Spec: xpextv2.CompositeResourceDefinitionSpec{
			Group: claims.Spec.Group,
			Names: namespacedNames,
			Scope: xpextv2.CompositeResourceScopeNamespaced,
			// A team may write what chooses a Composition, and must not choose its guardrails by that.
			EnforcedCompositionRef:         &xpextv2.CompositionReference{Name: namespacedComposition},
			DefaultCompositionUpdatePolicy: claims.Spec.DefaultCompositionUpdatePolicy,
		},
	}
	for _, v := range claims.Spec.Versions {
		d.Spec.Versions = append(d.Spec.Versions, xpextv2.CompositeResourceDefinitionVersion{
			Name:                     v.Name,
			Served:                   v.Served,
			Referenceable:            v.Referenceable,
			AdditionalPrinterColumns: v.AdditionalPrinterColumns,
			Schema:                   (*xpextv2.CompositeResourceValidation)(v.Schema),
		})
	}
	return d
}

// write stores an object as YAML, without the fields that only a server fills in.
func write(path, source string, obj any) error {
	u, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		return fmt.Errorf("cannot convert %q: %w", path, err)
	}
	delete(u, "status")
	if m, ok := u["metadata"].(map[string]any); ok {
		delete(m, "creationTimestamp")
	}

	y, err := yaml.Marshal(u)
	if err != nil {
		return fmt.Errorf("cannot marshal %q: %w", path, err)
	}
	header := fmt.Sprintf("# Code generated by tools/xrdgen from the Go types in %s. DO NOT EDIT.\n---\n", source)
	out := append([]byte(header), bytes.TrimSpace(y)...)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("cannot make folder of %q: %w", path, err)
	}
	if err := os.WriteFile(path, append(out, '\n'), 0o644); err != nil {
		return fmt.Errorf("cannot write %q: %w", path, err)
	}
	return nil
}
