package interpreter

import (
	"fmt"
	"maps"
	"slices"
)

// Members of $states.
const (
	memberInput       = "input"
	memberContext     = "context"
	memberResult      = "result"
	memberErrorOutput = "errorOutput"
)

// A site is a template of a state, with the members of $states that its expressions may use.
type site struct {
	template template
	members  []string
}

var (
	always  = []string{memberInput, memberContext}
	ofTask  = append(always[:2:2], memberResult)
	ofCatch = append(always[:2:2], memberErrorOutput)
)

// sites of the state.
func (s *state) sites() []site {
	after := always
	if s.Type == typeTask {
		after = ofTask
	}
	found := []site{
		{s.Arguments, always},
		{s.TimeoutSeconds, always},
		{s.Seconds, always},
		{s.Error, always},
		{s.Cause, always},
		{s.Assign, after},
		{s.Output, after},
	}
	for _, r := range s.Choices {
		found = append(found, site{r.Condition, always}, site{r.Assign, always}, site{r.Output, always})
	}
	for _, c := range s.Catch {
		found = append(found, site{c.Assign, ofCatch}, site{c.Output, ofCatch})
	}
	return found
}

// assigned are the variables that some state sets.
func (m *Machine) assigned() map[string]bool {
	vars := map[string]bool{}
	for _, s := range m.states {
		for _, t := range s.assigns() {
			maps.Copy(vars, t.names())
		}
	}
	return vars
}

func (s *state) assigns() []template {
	ts := []template{s.Assign}
	for _, r := range s.Choices {
		ts = append(ts, r.Assign)
	}
	for _, c := range s.Catch {
		ts = append(ts, c.Assign)
	}
	return ts
}

// names of the variables that an Assign sets.
func (t template) names() map[string]bool {
	vars := map[string]bool{}
	members, _ := t.root.(map[string]any)
	for name := range members {
		vars[name] = true
	}
	return vars
}

// vet reports expressions that use what is not there, and assignments that cannot be made.
func (s *state) vet(assigned map[string]bool) []string {
	var problems []string
	for _, at := range s.sites() {
		for _, e := range at.template.expressions() {
			for _, p := range e.problems(at.members, assigned) {
				problems = append(problems, fmt.Sprintf("%s, in %q", p, e.source))
			}
		}
	}
	for _, t := range s.assigns() {
		if _, ok := t.root.(map[string]any); t.set && !ok {
			problems = append(problems, "has an Assign that is no object")
		}
		if t.names()["states"] {
			problems = append(problems, "assigns $states")
		}
	}
	return problems
}

func (e *expression) problems(members []string, assigned map[string]bool) []string {
	problems := slices.Clone(e.uses.problems)
	for _, m := range slices.Sorted(maps.Keys(e.uses.members)) {
		if !slices.Contains(members, m) {
			problems = append(problems, fmt.Sprintf("uses a member that $states has not here: %q", m))
		}
	}
	for _, v := range slices.Sorted(maps.Keys(e.uses.variables)) {
		if !assigned[v] {
			problems = append(problems, fmt.Sprintf("uses an unknown function or variable: $%s", v))
		}
	}
	return problems
}
