// Package interpreter runs state machines in the Amazon States Language, in process and on a virtual clock. It knows the part of
// the language that the release uses, with the query language JSONata, and refuses whatever else it is given.
// See https://states-language.net/spec.html
package interpreter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Types of states.
const (
	typeTask    = "Task"
	typeChoice  = "Choice"
	typeWait    = "Wait"
	typePass    = "Pass"
	typeSucceed = "Succeed"
	typeFail    = "Fail"
)

// Fields of most states.
const (
	fieldAssign = "Assign"
	fieldOutput = "Output"
)

// fields that a state of each type may have, beside Type and Comment.
var fields = map[string][]string{
	typeTask:    {"Resource", "Arguments", fieldAssign, fieldOutput, "Retry", "Catch", "TimeoutSeconds", "Next", "End"},
	typeChoice:  {"Choices", "Default", fieldAssign, fieldOutput},
	typeWait:    {"Seconds", fieldAssign, fieldOutput, "Next", "End"},
	typePass:    {fieldAssign, fieldOutput, "Next", "End"},
	typeSucceed: {fieldOutput},
	typeFail:    {"Error", "Cause"},
}

// A Machine is a state machine that can be run any number of times.
type Machine struct {
	startAt string
	timeout time.Duration
	states  map[string]*state
}

// A state of any type. Fields that its type does not have are empty.
type state struct {
	Type    string
	Comment string

	Resource       string
	Arguments      template
	TimeoutSeconds template
	Retry          []retrier
	Catch          []catcher

	Choices []rule
	Default string

	Seconds template

	Error template
	Cause template

	Assign template
	Output template
	Next   string
	End    bool
}

type rule struct {
	Condition template
	Assign    template
	Output    template
	Comment   string
	Next      string
}

type retrier struct {
	ErrorEquals     []string
	IntervalSeconds *int
	MaxAttempts     *int
	MaxDelaySeconds *int
	BackoffRate     *float64
	JitterStrategy  string
	Comment         string
}

type catcher struct {
	ErrorEquals []string
	Assign      template
	Output      template
	Comment     string
	Next        string
}

// Parse returns the Machine that the supplied definition describes. It returns an error if the definition is invalid, or
// uses anything of the language that this package does not know, or a service integration that is not among resources.
func Parse(definition []byte, resources []string) (*Machine, error) {
	var d struct {
		Comment        string
		QueryLanguage  string
		StartAt        string
		TimeoutSeconds int
		States         map[string]json.RawMessage
	}
	if err := strict(definition, &d); err != nil {
		return nil, fmt.Errorf("cannot parse state machine: %w", err)
	}
	if d.QueryLanguage != "JSONata" {
		return nil, fmt.Errorf("query language is %q, must be JSONata", d.QueryLanguage)
	}
	m := &Machine{
		startAt: d.StartAt,
		timeout: time.Duration(d.TimeoutSeconds) * time.Second,
		states:  make(map[string]*state, len(d.States)),
	}
	for _, name := range slices.Sorted(maps.Keys(d.States)) {
		s, err := parseState(d.States[name])
		if err != nil {
			return nil, fmt.Errorf("cannot parse state %q: %w", name, err)
		}
		m.states[name] = s
	}
	return m, m.validate(resources)
}

func parseState(data []byte) (*state, error) {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return nil, err
	}
	s := &state{}
	if err := strict(data, s); err != nil {
		return nil, err
	}
	allowed, ok := fields[s.Type]
	if !ok {
		return nil, fmt.Errorf("unknown type %q", s.Type)
	}
	for _, field := range slices.Sorted(maps.Keys(given)) {
		if field != "Type" && field != "Comment" && !slices.Contains(allowed, field) {
			return nil, fmt.Errorf("a %s has no field %q", s.Type, field)
		}
	}
	return s, nil
}

// strict refuses fields that v does not have.
func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// Resources returns the service integrations that the Machine's tasks use, sorted.
func (m *Machine) Resources() []string {
	used := map[string]bool{}
	for _, s := range m.states {
		if s.Type == typeTask {
			used[s.Resource] = true
		}
	}
	return slices.Sorted(maps.Keys(used))
}
