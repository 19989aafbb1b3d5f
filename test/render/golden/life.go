package golden

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A Life is what has become of a claim.
type Life struct {
	// Reconciles is how often Crossplane has applied the claim since it was filed, and AWS has answered.
	Reconciles int `json:"reconciles,omitempty"`

	// Connection is the status of the GitHub connection all the time. Empty: AVAILABLE.
	Connection string `json:"connection,omitempty"`

	// SettingsGone is whether the settings of the platform team that were there have vanished since.
	SettingsGone bool `json:"settingsGone,omitempty"`

	// But is what has happened in AWS since: how observed resources differ, by their names in the composition, as JSON merge
	// patches. Null is a resource that does not exist.
	But map[string]json.RawMessage `json:"but,omitempty"`
}

// Render the case with a function that listens at target: what Crossplane makes of it, or what the function refuses it with.
func (c Case) Render(ctx context.Context, s *render.Simulator, target string) ([]byte, error) {
	d, err := c.Definition()
	if err != nil {
		return nil, err
	}
	rc := render.Case{Claim: c.Path("claim.yaml"), Settings: c.Optional("settings.yaml"), Target: target}
	observed, err := s.Live(ctx, rc, d.Connection, d.Reconciles)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot simulate the life of %q", c.Name())
	}
	if observed, err = d.happen(observed); err != nil {
		return nil, errors.Wrapf(err, "cannot change what exists in %q", c.Name())
	}
	if rc.Observed, err = s.Write(observed); err != nil {
		return nil, err
	}
	rc.Required = c.Optional("required.yaml")
	if d.SettingsGone {
		rc.Settings = ""
	}
	out, err := s.Render(ctx, rc)
	var fatal *render.FatalError
	if errors.As(err, &fatal) {
		return Refusal(fatal.Message), nil
	}
	return out, err
}

// happen to what exists.
func (l Life) happen(observed []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	after, but := []*unstructured.Unstructured{}, maps.Clone(l.But)
	for _, u := range observed {
		patch, found := but[render.ComposedName(u)]
		delete(but, render.ComposedName(u))
		if string(patch) == "null" {
			continue
		}
		if found {
			var err error
			if u, err = patched(u, patch); err != nil {
				return nil, err
			}
		}
		after = append(after, u)
	}
	if len(but) > 0 {
		return nil, errors.Errorf("what does not exist cannot change: %v", slices.Sorted(maps.Keys(but)))
	}
	return after, nil
}
