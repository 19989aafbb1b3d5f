package awsmodel

import "sync"

// A memo remembers findings by the text that they are about: many claims lead to the same policies and state machines.
type memo struct {
	findings sync.Map
}

// get the findings in a text, which are not to be changed, or check it.
func (m *memo) get(text string, check func() []string) []string {
	if known, ok := m.findings.Load(text); ok {
		return known.([]string) //nolint:forcetypeassert // Nothing else is stored.
	}
	found := check()
	m.findings.Store(text, found)
	return found
}
