package golden

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A Life is what has become of a claim.
type Life struct {
	render.Life `json:",inline"`

	// SettingsGone is whether the settings of the platform team that were there have vanished since.
	SettingsGone bool `json:"settingsGone,omitempty"`

	// But is what has happened in AWS since: how observed resources differ, by their names in the composition, as JSON merge
	// patches. Null is a resource that does not exist.
	But map[string]json.RawMessage `json:"but,omitempty"`
}

// A Render is what renders claims: Crossplane, or what stands in for it.
type Render func(ctx context.Context, c render.Case) ([]*unstructured.Unstructured, error)

// Render the case after its life: what becomes of the claim, or the error that the function refuses it with.
func (c Case) Render(ctx context.Context, lives *render.Simulator, with Render) ([]*unstructured.Unstructured, error) {
	d, err := c.Definition()
	if err != nil {
		return nil, err
	}
	rc := render.Case{Claim: c.Path("claim.yaml"), Settings: c.Optional("settings.yaml")}
	observed, err := lives.Live(ctx, rc, d.Life.Life)
	if err != nil {
		return nil, errors.Wrapf(err, "cannot simulate the life of %q", c.Name())
	}
	if rc.Observed, err = d.happen(observed); err != nil {
		return nil, errors.Wrapf(err, "cannot change what exists in %q", c.Name())
	}
	rc.Required, rc.Composition = c.Optional("required.yaml"), c.Optional("composition.yaml")
	if d.SettingsGone {
		rc.Settings = ""
	}
	out, err := with(ctx, rc)
	var why *render.RefusedError
	if errors.As(err, &why) {
		return refused(strings.TrimSpace(why.Message) + "\n"), nil
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

func patched(u *unstructured.Unstructured, patch []byte) (*unstructured.Unstructured, error) {
	b, err := json.Marshal(u.Object)
	if err != nil {
		return nil, err
	}
	if b, err = jsonpatch.MergePatch(b, patch); err != nil {
		return nil, err
	}
	after := &unstructured.Unstructured{}
	return after, utiljson.Unmarshal(b, &after.Object)
}
