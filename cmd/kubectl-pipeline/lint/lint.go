// Package lint checks claims without a cluster: unknown fields, the API's schema with its rules, and what the function itself refuses.
package lint

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A Finding is a mistake in a file.
type Finding struct {
	// Object that has it: its namespace, if it has one, and its name.
	Object string `json:"object"`

	// Mistake names the field, the value, and what is allowed.
	Mistake string `json:"mistake"`
}

// apiVersion of claims.
const apiVersion = "paymentdelivery.io/v1alpha1"

// Objects of a YAML stream.
func Objects(r io.Reader) ([]*structpb.Struct, error) {
	var objects []*structpb.Struct
	documents := yaml.NewYAMLReader(bufio.NewReader(r))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(document)) == 0 {
			continue
		}
		j, err := sigsyaml.YAMLToJSONStrict(document)
		if err != nil {
			return nil, err
		}
		if string(j) == "null" {
			continue
		}
		s := &structpb.Struct{}
		if err := protojson.Unmarshal(j, s); err != nil {
			return nil, fmt.Errorf("a document is no object: %w", err)
		}
		objects = append(objects, s)
	}
}

// A Linter checks claims under the platform team's settings.
type Linter struct {
	known    *fields
	settings []*structpb.Struct
}

// New returns a Linter. Settings are EnvironmentConfigs; without any, no rule of the platform team is known.
func New(settings []*structpb.Struct) (*Linter, error) {
	known, err := newFields()
	if err != nil {
		return nil, err
	}
	return &Linter{known: known, settings: settings}, nil
}

// Check the claims among the objects. What is of another API is not looked at. Checked is how many claims there are.
func (l *Linter) Check(objects []*structpb.Struct) (findings []Finding, checked int) {
	for _, o := range objects {
		if !isClaim(o) {
			continue
		}
		checked++
		for _, mistake := range l.mistakes(o) {
			findings = append(findings, Finding{Object: nameOf(o), Mistake: mistake})
		}
	}
	return findings, checked
}

// isClaim reports whether an object is one, or was meant to be.
func isClaim(o *structpb.Struct) bool {
	f := o.GetFields()
	group, _, _ := strings.Cut(f["apiVersion"].GetStringValue(), "/")
	return isFiled(f["kind"].GetStringValue()) || group == "paymentdelivery.io"
}

// isFiled reports whether app teams file objects of a kind.
func isFiled(kind string) bool {
	return kind == claim.Kind || kind == v1alpha1.KindNamespaced
}

func nameOf(o *structpb.Struct) string {
	m := o.GetFields()["metadata"].GetStructValue().GetFields()
	name := m["name"].GetStringValue()
	if namespace := m["namespace"].GetStringValue(); namespace != "" {
		return namespace + "/" + name
	}
	return name
}

func (l *Linter) mistakes(o *structpb.Struct) []string {
	f := o.GetFields()
	if got := f["apiVersion"].GetStringValue(); got != apiVersion {
		return []string{fmt.Sprintf("apiVersion: %q is not known; allowed: %s", got, apiVersion)}
	}
	if got := f["kind"].GetStringValue(); !isFiled(got) {
		return []string{fmt.Sprintf("kind: %q is not what app teams file; allowed: %s, %s", got, claim.Kind, v1alpha1.KindNamespaced)}
	}
	mistakes := append(l.known.unknown(o.AsMap()), texts(l.known.refused(o.AsMap()))...)
	xr := composite(o)
	c, err := claim.Read(claim.Sources{Objects: l.settings}, xr, claim.Existing{})
	if err == nil {
		err = c.Refused
	}
	if err == nil {
		_, err = architecture.New(c, compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr}}))
	}
	for _, line := range lines(err) {
		if !slices.Contains(mistakes, line) { // The function knows most of the schema's rules too.
			mistakes = append(mistakes, line)
		}
	}
	return mistakes
}

// anyUID stands for that of a composite resource. The name of the artifact bucket comes from it.
const anyUID = "00000000-0000-4000-8000-000000000000"

// composite is what Crossplane makes of a claim for the function. A namespaced pipeline is a composite resource itself.
func composite(o *structpb.Struct) *structpb.Struct {
	m := o.GetFields()["metadata"].GetStructValue().GetFields()
	namespace := m["namespace"]
	metadata := map[string]*structpb.Value{"name": m["name"], "uid": structpb.NewStringValue(anyUID)}
	if o.GetFields()["kind"].GetStringValue() == v1alpha1.KindNamespaced {
		metadata["namespace"] = namespace
	} else {
		labels := map[string]*structpb.Value{v1alpha1.LabelClaimName: m["name"], v1alpha1.LabelClaimNamespace: namespace}
		metadata["labels"] = structpb.NewStructValue(&structpb.Struct{Fields: labels})
	}
	return &structpb.Struct{Fields: map[string]*structpb.Value{
		"kind":     o.GetFields()["kind"],
		"spec":     o.GetFields()["spec"],
		"metadata": structpb.NewStructValue(&structpb.Struct{Fields: metadata}),
	}}
}

// lines of an error, each one mistake.
func lines(err error) []string {
	if err == nil {
		return nil
	}
	var mistakes []string
	all, refused := utilerrors.Aggregate(nil), (*refusal.Error)(nil)
	switch {
	case errors.As(err, &all):
		for _, e := range all.Errors() {
			mistakes = append(mistakes, lines(e)...)
		}
	case errors.As(err, &refused):
		mistakes = texts(refused.Refusals)
	default:
		mistakes = append(mistakes, err.Error())
	}
	return mistakes
}

// texts of refusals but those of unknown fields, which are found with what was meant.
func texts(refused refusal.List) (mistakes []string) {
	for _, r := range refused {
		if !r.IsUnknownField() {
			mistakes = append(mistakes, r.Error())
		}
	}
	return mistakes
}
