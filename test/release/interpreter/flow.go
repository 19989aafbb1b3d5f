package interpreter

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Flow returns which variables a part of a state machine reads and may not have set before, and which it has set on every way from
// startAt to exit. States that the part goes on with are outside of it.
func Flow(part []byte, startAt, exit string) (reads, sets []string, err error) {
	var states map[string]json.RawMessage
	if err := json.Unmarshal(part, &states); err != nil {
		return nil, nil, err
	}
	m := &Machine{startAt: startAt, states: map[string]*state{}}
	for name, data := range states {
		if m.states[name], err = parseState(data); err != nil {
			return nil, nil, fmt.Errorf("cannot parse state %q: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		for _, next := range m.states[name].targets() {
			if m.states[next] == nil {
				m.states[next] = &state{Type: typeSucceed}
			}
		}
	}
	before := m.setBefore()
	all := map[string]bool{}
	for name := range states {
		maps.Copy(all, m.states[name].reads(before[name]))
	}
	return slices.Sorted(maps.Keys(all)), slices.Sorted(maps.Keys(before[exit])), nil
}

// reads returns the variables that the state uses, but for those that are set.
func (s *state) reads(set map[string]bool) map[string]bool {
	used := map[string]bool{}
	for _, at := range s.sites() {
		for _, e := range at.template.expressions() {
			maps.Copy(used, e.uses.variables)
		}
	}
	maps.DeleteFunc(used, func(v string, _ bool) bool { return set[v] })
	return used
}
