package interpreter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
)

// Statuses of an execution that has ended.
const (
	Succeeded = "SUCCEEDED"
	Failed    = "FAILED"
	TimedOut  = "TIMED_OUT"
)

// Quotas of Step Functions.
// See https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const (
	maxEvents = 25000
	maxData   = 256 << 10
)

// Tasks perform what the tasks of a state machine ask for.
type Tasks interface {
	// Do the integration that the resource names. An error that is no *Error is a mistake in the definition, and ends the
	// execution with States.Runtime.
	Do(ctx context.Context, resource string, arguments any) (any, error)
}

// A Result is how an execution ended.
type Result struct {
	Status string
	Error  string
	Cause  string
	Output any

	// Visits are the states that the execution went through, in order.
	Visits []Visit

	// Events is about how long the execution's history is, in events.
	Events int
}

// A Visit of a state.
type Visit struct {
	State string
	At    time.Time

	// Errors of the attempts that failed, in order.
	Errors []string
}

// States are the names of the states that were visited, in order.
func (r Result) States() []string {
	names := make([]string, len(r.Visits))
	for i, v := range r.Visits {
		names[i] = v.State
	}
	return names
}

// An execution of a Machine.
type execution struct {
	machine  *Machine
	tasks    Tasks
	clock    *clock.Clock
	deadline time.Time

	about     map[string]any
	variables map[string]any
	visits    []Visit
	events    int
}

// Run the Machine with the supplied input, which must be JSON as encoding/json reads it.
func (m *Machine) Run(ctx context.Context, tasks Tasks, c *clock.Clock, name string, input any) Result {
	e := &execution{machine: m, tasks: tasks, clock: c, variables: map[string]any{}}
	if m.timeout > 0 {
		e.deadline = c.Now().Add(m.timeout)
	}
	e.about = Context(name, c.Now(), input)
	return e.run(ctx, input)
}

// Context is what the context object says of an execution that starts at the supplied time, and of its state machine.
// See https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
func Context(name string, start time.Time, input any) map[string]any {
	return map[string]any{
		"Execution": map[string]any{
			"Id":        "arn:aws:states:us-east-1:123456789012:execution:release:" + name,
			keyName:     name,
			"RoleArn":   "arn:aws:iam::123456789012:role/release",
			"StartTime": Timestamp(start),
			"Input":     input,
		},
		"StateMachine": map[string]any{"Id": "arn:aws:states:us-east-1:123456789012:stateMachine:release", keyName: "release"},
	}
}

// Timestamp returns the supplied time as Step Functions writes it.
func Timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func (e *execution) run(ctx context.Context, input any) Result {
	for next := e.machine.startAt; ; {
		e.visits = append(e.visits, Visit{State: next, At: e.clock.Now()})
		e.events += 2
		s := e.machine.states[next]
		after, err := e.visit(ctx, s, input)
		if err == nil {
			err = e.spend(0)
		}
		switch {
		case err != nil:
			return e.result(e.status(err), err, nil)
		case s.Type == typeSucceed || s.End && after.next == "":
			return e.result(Succeeded, nil, after.output)
		}
		next, input = after.next, after.output
	}
}

// status of the whole execution that ends with the supplied error. Only time itself ends it as timed out: a task's
// States.Timeout, or a state that fails with this name, ends it as failed.
func (e *execution) status(err *Error) string {
	if err == errDeadline {
		return TimedOut
	}
	return Failed
}

func (e *execution) result(status string, err *Error, output any) Result {
	r := Result{Status: status, Output: output, Visits: e.visits, Events: e.events}
	if err != nil {
		r.Error, r.Cause = err.Name, err.Cause
	}
	return r
}

// An outcome of a state: where to go on, and with what.
type outcome struct {
	next   string
	output any
}

// errDeadline ends an execution that takes too long.
var errDeadline = &Error{Name: ErrTimeout}

// spend time, but never more than the execution has, and check what else it has only so much of.
func (e *execution) spend(d time.Duration) *Error {
	if e.events > maxEvents {
		return &Error{Name: ErrRuntime, Cause: "The execution reached the maximum number of history events (25000)."}
	}
	if e.deadline.IsZero() {
		e.clock.Advance(d)
		return nil
	}
	left := e.deadline.Sub(e.clock.Now())
	e.clock.Advance(max(0, min(d, left)))
	if e.clock.Now().Before(e.deadline) {
		return nil
	}
	return errDeadline
}

// scope of expressions in the state that is being visited.
func (e *execution) scope(input any, extra map[string]any) scope {
	visit := e.visits[len(e.visits)-1]
	about := maps.Clone(e.about)
	about["State"] = map[string]any{
		keyName:       visit.State,
		"EnteredTime": Timestamp(visit.At),
		"RetryCount":  float64(len(visit.Errors)),
	}
	states := map[string]any{memberInput: input, memberContext: about}
	maps.Copy(states, extra)
	return scope{states: states, variables: e.variables, now: e.clock.Now()}
}

// leave a state: evaluate its output, and then set its variables. Both see the variables as they were.
func (e *execution) leave(s scope, assign, output template, byDefault any) (any, *Error) {
	out := byDefault
	if output.set {
		v, err := output.evaluate(s)
		if err != nil {
			return nil, asError(err)
		}
		out = v
	}
	if err := checkSize(out); err != nil {
		return nil, err
	}
	if !assign.set {
		return out, nil
	}
	v, err := assign.evaluate(s)
	if err != nil {
		return nil, asError(err)
	}
	if err := checkSize(v); err != nil {
		return nil, err
	}
	vars := maps.Clone(e.variables)
	if set, ok := v.(map[string]any); ok { // Parse has seen that it is.
		maps.Copy(vars, set)
	}
	e.variables = vars
	return out, nil
}

func checkSize(v any) *Error {
	data, err := json.Marshal(v)
	if err != nil {
		return asError(err)
	}
	if len(data) > maxData {
		return &Error{Name: errDataLimit, Cause: fmt.Sprintf("a state's data has %d bytes, which is more than %d", len(data), maxData)}
	}
	return nil
}

// asError returns the supplied error, or States.Runtime for what has no name of its own.
func asError(err error) *Error {
	if named := (*Error)(nil); errors.As(err, &named) {
		return named
	}
	return &Error{Name: ErrRuntime, Cause: err.Error()}
}
