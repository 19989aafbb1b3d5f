// Package mistakes is a list of wrong claims that people write, and what they are told.
package mistakes

import (
	_ "embed"
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/patch"
)

// list of the mistakes.
//
//go:embed mistakes.yaml
var list []byte

// A Mistake is a wrong claim.
type Mistake struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`

	// Patch of the smallest claim's spec, as JSON merge patches are: null takes a field out.
	Patch map[string]any `json:"patch"`

	// Told is what the API server says at apply, line by line.
	Told []string `json:"told,omitempty"`

	// Function says that instead if the API server cannot know.
	Function []string `json:"function,omitempty"`
}

// All mistakes, in the list's order.
func All() ([]Mistake, error) {
	var all []Mistake
	if err := yaml.UnmarshalStrict(list, &all); err != nil {
		return nil, fmt.Errorf("cannot parse the list of mistakes: %w", err)
	}
	return all, nil
}

// In the spec of a claim, which stays as it is, the mistake is made.
func (m Mistake) In(spec map[string]any) map[string]any {
	return patch.Merge(spec, m.Patch)
}
