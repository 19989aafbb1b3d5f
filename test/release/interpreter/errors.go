package interpreter

import "slices"

// Names of errors that Step Functions gives itself.
const (
	ErrQuery   = "States.QueryEvaluationError"
	ErrRuntime = "States.Runtime"
	ErrTimeout = "States.Timeout"

	errAll        = "States.ALL"
	errTaskFailed = "States.TaskFailed"
	errDataLimit  = "States.DataLimitExceeded"
)

// An Error has a name by which retriers and catchers tell it, and a cause for people.
type Error struct {
	Name  string
	Cause string
}

func (e *Error) Error() string {
	return e.Name + ": " + e.Cause
}

// is says whether the error is one of the supplied, or falls under a wildcard among them.
func (e *Error) is(names []string) bool {
	// Nothing can be done about these two.
	if e.Name == ErrRuntime || e.Name == errDataLimit {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		return name == e.Name || name == errAll || name == errTaskFailed && e.Name != ErrTimeout
	})
}

// output is what a catcher makes of the error.
func (e *Error) output() map[string]any {
	return map[string]any{"Error": e.Name, "Cause": e.Cause}
}
