package interpreter

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// validate reports everything for which Step Functions would refuse the definition, or which this package cannot run.
func (m *Machine) validate(resources []string) error {
	var errs []error
	if _, ok := m.states[m.startAt]; !ok {
		errs = append(errs, fmt.Errorf("StartAt names no state: %q", m.startAt))
	}
	assigned := m.assigned()
	for _, name := range slices.Sorted(maps.Keys(m.states)) {
		s := m.states[name]
		problems := slices.Concat(s.validate(resources), s.vet(assigned))
		for _, next := range s.targets() {
			if _, ok := m.states[next]; !ok {
				problems = append(problems, fmt.Sprintf("goes on with a state that is not there: %q", next))
			}
		}
		for _, p := range problems {
			errs = append(errs, fmt.Errorf("state %q %s", name, p))
		}
	}
	return errors.Join(errs...)
}

func (s *state) validate(resources []string) []string {
	var problems []string
	must := func(ok bool, problem string) {
		if !ok {
			problems = append(problems, problem)
		}
	}
	switch s.Type {
	case typeTask, typeWait, typePass:
		must((s.Next == "") == s.End, "must have either Next or End")
	case typeChoice:
		must(len(s.Choices) > 0, "must have Choices")
	}
	must(s.Type != typeTask || slices.Contains(resources, s.Resource), fmt.Sprintf("uses an unknown integration: %q", s.Resource))
	must(s.Type != typeWait || s.Seconds.set, "must have Seconds")

	for i, r := range s.Retry {
		must(validErrors(r.ErrorEquals, i == len(s.Retry)-1), "has a retrier with invalid ErrorEquals")
		must(slices.Contains([]string{"", "FULL", "NONE"}, r.JitterStrategy), "has a retrier with an invalid JitterStrategy")
		must(value(r.IntervalSeconds, 1) > 0 && value(r.MaxAttempts, 0) >= 0 && value(r.BackoffRate, 1) >= 1, "has a retrier with invalid numbers")
		must(r.MaxDelaySeconds == nil || *r.MaxDelaySeconds > value(r.IntervalSeconds, 1), "has a retrier with MaxDelaySeconds up to IntervalSeconds")
	}
	for i, c := range s.Catch {
		must(validErrors(c.ErrorEquals, i == len(s.Catch)-1), "has a catcher with invalid ErrorEquals")
		must(c.Next != "", "has a catcher without Next")
	}
	for _, c := range s.Choices {
		must(c.Condition.set && c.Next != "", "has a rule without Condition or Next")
	}
	return problems
}

// validErrors says whether the error names of a retrier or catcher are as the language wants them: States.ALL stands
// alone, in the last one.
func validErrors(names []string, last bool) bool {
	if slices.Contains(names, errAll) {
		return last && len(names) == 1
	}
	return len(names) > 0
}

// value of an optional field, or its default.
func value[T any](field *T, byDefault T) T {
	if field == nil {
		return byDefault
	}
	return *field
}

// targets are the states that may come next.
func (s *state) targets() []string {
	var next []string
	for _, r := range s.Choices {
		next = append(next, r.Next)
	}
	for _, c := range s.Catch {
		next = append(next, c.Next)
	}
	for _, n := range []string{s.Next, s.Default} {
		if n != "" {
			next = append(next, n)
		}
	}
	slices.Sort(next)
	return slices.Compact(next)
}
