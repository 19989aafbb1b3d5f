package golden

import (
	"maps"
	"reflect"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// without are the keys that only the base has.
const without = mark + "without"

// changeOf is what differs between two values: the other value, but of a map only the keys that differ, and of a list its edits.
func changeOf(from, to any) any {
	switch to := to.(type) {
	case map[string]any:
		if from, ok := from.(map[string]any); ok {
			return changeOfMap(from, to)
		}
	case []any:
		if from, ok := from.([]any); ok {
			return changeOfList(from, to)
		}
	}
	return to
}

func changeOfMap(from, to map[string]any) map[string]any {
	change := map[string]any{}
	gone := []any{}
	for _, key := range slices.Sorted(maps.Keys(from)) {
		if _, ok := to[key]; !ok {
			gone = append(gone, key)
		}
	}
	if len(gone) > 0 {
		change[without] = gone
	}
	for key, value := range to {
		if was, ok := from[key]; !ok || !reflect.DeepEqual(was, value) {
			change[key] = changeOf(was, value)
		}
	}
	return change
}

// changed is the base with the change. The base stays as it is.
func changed(base, change any) (any, error) {
	c, ok := change.(map[string]any)
	if !ok {
		return change, nil
	}
	if list, ok := c[edits]; ok {
		return changedList(base, list)
	}
	m := map[string]any{}
	if base, ok := base.(map[string]any); ok {
		maps.Copy(m, base)
	}
	gone, _ := c[without].([]any)
	for _, key := range gone {
		k, _ := key.(string)
		if _, ok := m[k]; !ok {
			return nil, errors.Errorf("the base has no %q to leave out", key)
		}
		delete(m, k)
	}
	for key, value := range c {
		if key == without {
			continue
		}
		var err error
		if m[key], err = changed(m[key], value); err != nil {
			return nil, errors.Wrap(err, key)
		}
	}
	return m, nil
}
