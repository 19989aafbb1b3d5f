package golden

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// Diff between two outputs, line by line of each object that differs, with the JSON in strings parsed: -want, +got. It is empty if nothing
// differs but the order of keys.
func Diff(want, got []*unstructured.Unstructured) (string, error) {
	want, got = unfoldAll(want), unfoldAll(got)
	if bytes.Equal(toJSON(want), toJSON(got)) {
		return "", nil
	}
	w, err := linesOf(want)
	if err != nil {
		return "", err
	}
	g, err := linesOf(got)
	if err != nil {
		return "", err
	}
	all := maps.Clone(w)
	maps.Copy(all, g)
	b := strings.Builder{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if diff := cmp.Diff(w[key], g[key]); diff != "" {
			b.WriteString(key + ":\n" + diff)
		}
	}
	if b.Len() == 0 {
		return "the same objects in another order, or one of them twice", nil
	}
	return b.String(), nil
}

func unfoldAll(objects []*unstructured.Unstructured) []*unstructured.Unstructured {
	unfolded := make([]*unstructured.Unstructured, len(objects))
	for i, u := range objects {
		object, _ := unfold(u.Object).(map[string]any)
		unfolded[i] = &unstructured.Unstructured{Object: object}
	}
	return unfolded
}

// linesOf objects as YAML, by the objects' keys.
func linesOf(objects []*unstructured.Unstructured) (map[string][]string, error) {
	lines := map[string][]string{}
	for _, u := range objects {
		b, err := yaml.Marshal(u.Object)
		if err != nil {
			return nil, err
		}
		lines[keyOf(u)] = strings.Split(string(b), "\n")
	}
	return lines, nil
}
