package claim

import (
	"maps"
	"strings"
)

// presetName is the setting that sets all others which keep teams apart.
const presetName = "separateTeams"

// preset sets, in values of the platform team's, what separateTeams stands for and nobody has said. It returns the rules that it sets.
func preset(values map[string]any) (map[string]any, []string) {
	if values[presetName] != true {
		return values, nil
	}
	values = maps.Clone(values)
	require := map[string]any{}
	if said, ok := values["require"].(map[string]any); ok {
		require = maps.Clone(said)
	}
	values["require"] = require
	var set []string
	for _, r := range rules {
		object, name := values, r.name
		if inner, is := strings.CutPrefix(r.name, "require."); is {
			object, name = require, inner
		}
		if _, said := object[name]; r.separate == nil || said {
			continue
		}
		object[name] = r.separate
		set = append(set, r.name)
	}
	return values, set
}

// origins of the settings that hold, those included that separateTeams sets.
func (f found) origins() Origins {
	all := maps.Clone(f.provenance.Origins)
	for _, name := range f.preset {
		all[name] = all.of(presetName) + ", by " + presetName
	}
	return all
}
