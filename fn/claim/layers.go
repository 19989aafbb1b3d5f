package claim

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/crossplane/function-sdk-go/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// A layer is what one object says of the settings.
type layer struct {
	// name of the object, with its kind. The Composition's input has none.
	name string

	// values that the object says, of JSON types.
	values map[string]any

	match v1beta1.Match
}

// layersFor a claim, the less specific before the more: what is for all claims, for environments, for namespaces, for both.
func layersFor(objects []*structpb.Struct, c subject) ([]layer, error) {
	var layers []layer
	for _, o := range objects {
		l, err := readLayer(o, c)
		if err != nil {
			return nil, err
		}
		if len(l.values) > 0 {
			layers = append(layers, l)
		}
	}
	slices.SortFunc(layers, func(a, b layer) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.name, b.name))
	})
	return layers, nil
}

// readLayer checks the data of an EnvironmentConfig by the schema of the settings. One that is for other claims says nothing, and its mistakes are
// theirs.
func readLayer(o *structpb.Struct, c subject) (layer, error) {
	l := layer{name: kindEnvironmentConfig + " " + nameOf(o)}
	data, found := o.GetFields()["data"]
	if !found {
		return l, nil
	}
	root := field.NewPath("data")
	if data.GetStructValue() == nil {
		return l, refusal.List{{Field: root.String(), Allowed: "must be an object"}}.Of(l.name)
	}
	if m, err := matchIn(data.GetStructValue()); err == nil && !fits(m, c) {
		return l, nil
	}
	checked, wrong := readPlatform(data.GetStructValue().AsMap(), root)
	if mistakes, _ := divide(wrong); len(mistakes) > 0 {
		return l, mistakes.Of(l.name)
	}
	l.match = checked.Match
	l.values = data.GetStructValue().AsMap()
	delete(l.values, "match")
	return l, nil
}

// matchIn data, which may be wrong.
func matchIn(data *structpb.Struct) (v1beta1.Match, error) {
	m := v1beta1.Match{}
	value := data.GetFields()["match"]
	if value == nil {
		return m, nil
	}
	if value.GetStructValue() == nil {
		return m, errors.New("match is not an object")
	}
	err := runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(value.GetStructValue().AsMap(), &m, true)
	return m, err
}

func nameOf(o *structpb.Struct) string {
	return o.GetFields()["metadata"].GetStructValue().GetFields()["name"].GetStringValue()
}

// rank of a layer: of two that fit a claim, the one of the higher rank says more of it.
func (l layer) rank() int {
	rank := 0
	if len(l.match.EnvironmentSuffixes) > 0 {
		rank++
	}
	if len(l.match.Namespaces) > 0 {
		rank += 2
	}
	return rank
}

func fits(m v1beta1.Match, c subject) bool {
	return fitsAny(m.Namespaces, c.owner.Namespace) && fitsAny(m.EnvironmentSuffixes, c.suffix)
}

// fitsAny of the patterns, or there is none.
func fitsAny(patterns []string, name string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, name) })
}

// A merger puts layers over each other. Objects are merged, and of anything else the last word counts.
type merger struct {
	values map[string]any

	// said is who said what, by the path of the value.
	said map[string]layer
}

func newMerger() merger {
	return merger{values: map[string]any{}, said: map[string]layer{}}
}

// add a layer. Two of one rank must not disagree: nobody could tell which one counts.
func (m merger) add(l layer) error {
	return m.addTo(m.values, l.values, l, nil)
}

func (m merger) addTo(into, values map[string]any, l layer, at []string) error {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		here := append(slices.Clone(at), key)
		if object, ok := values[key].(map[string]any); ok {
			inner, ok := into[key].(map[string]any)
			if !ok {
				inner = map[string]any{}
				into[key] = inner
			}
			if err := m.addTo(inner, object, l, here); err != nil {
				return err
			}
			continue
		}
		at := strings.Join(here, ".")
		if before, said := m.said[at]; said && before.name != "" && before.rank() == l.rank() && !reflect.DeepEqual(into[key], values[key]) {
			return fmt.Errorf("%s says %s %s, and %s says %s: each is for as many claims as the other, so one of them must not say it",
				before.name, at, refusal.Show(into[key]), l.name, refusal.Show(values[key]))
		}
		into[key] = values[key]
		m.said[at] = l
	}
	return nil
}

// origins of what was said, for each value and for each field at the top.
func (m merger) origins() Origins {
	o := Origins{}
	for at, l := range m.said {
		if l.name == "" {
			continue
		}
		o[at] = l.name
		top, _, _ := strings.Cut(at, ".")
		o[top] = l.name
	}
	return o
}

// from is which objects had the last word anywhere, by their names.
func (m merger) from() []string {
	names := map[string]bool{}
	for _, l := range m.said {
		if name, found := strings.CutPrefix(l.name, kindEnvironmentConfig+" "); found {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
