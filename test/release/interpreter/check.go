package interpreter

import (
	"fmt"
	"maps"
	"slices"
)

// Check returns what is wrong with the Machine's structure, beyond what Step Functions itself would refuse: states that
// cannot be reached or cannot end, tasks whose errors nobody handles, choices without a default, loops that do not wait or
// cannot be left, and variables that may be used before they are set.
func (m *Machine) Check() []string {
	var problems []string
	add := func(name, problem string) {
		problems = append(problems, fmt.Sprintf("state %q %s", name, problem))
	}
	if m.timeout == 0 {
		problems = append(problems, "the state machine has no time limit")
	}
	reachable := m.reach(m.startAt)
	all := slices.Sorted(maps.Keys(m.states))
	for _, name := range all {
		s := m.states[name]
		switch {
		case !reachable[name]:
			add(name, "cannot be reached")
		case s.Type == typeTask && (!catchesAll(s) || len(s.Retry) == 0):
			add(name, "must have Retry, and Catch everything")
		case s.Type == typeChoice && s.Default == "":
			add(name, "must have a Default")
		}
		if !m.canEnd(name) {
			add(name, "cannot come to an end")
		}
	}
	for _, name := range m.looping(func(s string) bool { return m.states[s].Type == typeWait }) {
		add(name, "is in a loop without a Wait")
	}
	for _, name := range m.looping(m.isExit) {
		add(name, "is in a loop that no Choice leaves")
	}
	return append(problems, m.unset()...)
}

func catchesAll(s *state) bool {
	return slices.ContainsFunc(s.Catch, func(c catcher) bool { return slices.Contains(c.ErrorEquals, errAll) })
}

// reach returns the states that can be visited from the supplied one on, itself among them.
func (m *Machine) reach(from string) map[string]bool {
	seen := map[string]bool{from: true}
	for todo := []string{from}; len(todo) > 0; todo = todo[1:] {
		for _, next := range m.states[todo[0]].targets() {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return seen
}

func (m *Machine) canEnd(from string) bool {
	for name := range m.reach(from) {
		if s := m.states[name]; s.End || s.Type == typeSucceed || s.Type == typeFail {
			return true
		}
	}
	return false
}

// looping returns the states that can come back to themselves without passing a state that breaks the loop.
func (m *Machine) looping(breaks func(string) bool) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		if !breaks(name) && m.returns(name, breaks) {
			found = append(found, name)
		}
	}
	return found
}

func (m *Machine) returns(name string, breaks func(string) bool) bool {
	seen := map[string]bool{}
	todo := []string{name}
	for ; len(todo) > 0; todo = todo[1:] {
		for _, next := range m.states[todo[0]].targets() {
			if next == name {
				return true
			}
			if !seen[next] && !breaks(next) {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	return false
}

// isExit says whether the state is a Choice from which there is no way back to it through one of its targets.
func (m *Machine) isExit(name string) bool {
	s := m.states[name]
	return s.Type == typeChoice && slices.ContainsFunc(s.targets(), func(next string) bool { return !m.reach(next)[name] })
}

// unset reports expressions with variables that some path to them does not set.
func (m *Machine) unset() []string {
	before := m.setBefore()
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		if before[name] == nil {
			continue
		}
		for _, v := range slices.Sorted(maps.Keys(m.states[name].reads(before[name]))) {
			problems = append(problems, fmt.Sprintf("state %q uses $%s, which may not be set", name, v))
		}
	}
	return problems
}

// setBefore returns, for each state that can be reached, the variables that every path to it sets.
func (m *Machine) setBefore() map[string]map[string]bool {
	before := map[string]map[string]bool{m.startAt: {}}
	for changed := true; changed; {
		changed = false
		for name, set := range maps.Clone(before) {
			for next, sets := range m.states[name].setting() {
				after := cloned(set)
				maps.Copy(after, sets)
				if old, ok := before[next]; ok {
					maps.DeleteFunc(after, func(v string, _ bool) bool { return !old[v] })
					if len(after) == len(old) {
						continue
					}
				}
				before[next], changed = after, true
			}
		}
	}
	return before
}

// setting returns the variables that the state sets on the way to each of its targets, on every way if there are more.
func (s *state) setting() map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	add := func(next string, vars map[string]bool) {
		if next == "" {
			return
		}
		if old, ok := sets[next]; ok {
			maps.DeleteFunc(vars, func(v string, _ bool) bool { return !old[v] })
		}
		sets[next] = vars
	}
	add(s.Next, s.Assign.names())
	add(s.Default, s.Assign.names())
	for _, r := range s.Choices {
		add(r.Next, r.Assign.names())
	}
	for _, c := range s.Catch {
		add(c.Next, c.Assign.names())
	}
	return sets
}
