package awsmodel

import (
	"fmt"
	"maps"
	"slices"
)

// Gaps in the tables and models, as far as these managed resources show any: what nobody checks, and what to add where. Each is told
// once, however many resources show it.
func Gaps(resources []Managed) []string {
	gaps := map[string]bool{}
	for _, m := range resources {
		for _, gap := range gapsOf(m, resources) {
			gaps[gap] = true
		}
	}
	return slices.Sorted(maps.Keys(gaps))
}

func gapsOf(m Managed, all []Managed) []string {
	name := m.Kind()
	kind, ok := Kinds()[name]
	if !ok {
		return []string{fmt.Sprintf("%s: no table has this kind: say in one of test/awsmodel/kinds_*.go which call makes it, and what its fields are in it", name)}
	}
	const model = "no model has %s of %s: name it in tools/awsmodels/wanted.go, and run make aws-models"
	api, err := LoadAPI(kind.Service)
	if err != nil {
		return []string{fmt.Sprintf("%s: "+model, name, kind.Create, kind.Service)}
	}
	var gaps []string
	requests, _, unknown := NewRequests(kind, m, all)
	for _, field := range unknown {
		gaps = append(gaps, fmt.Sprintf("%s: %s has no parameter: say in Fields of test/awsmodel/%s which it becomes, or in Local why none", name, field, tableOf(name)))
	}
	for call := range requests {
		if _, modelled := api.Operations[call]; !modelled {
			gaps = append(gaps, fmt.Sprintf("%s: "+model, name, call, kind.Service))
		}
	}
	return gaps
}

// tableOf a kind is the file that it is in.
func tableOf(kind string) string {
	for file, table := range tables {
		if _, has := table[kind]; has {
			return file
		}
	}
	return ""
}
