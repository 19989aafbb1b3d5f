package interpreter

import (
	"maps"
	"slices"
)

// A Kept answer is what a Task keeps of the answer to its call: in variables, and in its output, which the next state gets.
type Kept struct {
	State, Resource string

	// Paths of the members that are kept. An empty path is the whole answer.
	Paths [][]string
}

// Kept answers of all Tasks, by the names of their states. A Task without an Output hands the whole answer on.
func (m *Machine) Kept() []Kept {
	var all []Kept
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		s := m.states[name]
		if s.Type != typeTask {
			continue
		}
		k := Kept{State: name, Resource: s.Resource}
		if !s.Output.set {
			k.Paths = append(k.Paths, []string{})
		}
		for _, t := range []template{s.Assign, s.Output} {
			for _, e := range t.expressions() {
				k.Paths = append(k.Paths, e.uses.answers...)
			}
		}
		all = append(all, k)
	}
	return all
}
