package interpreter

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
)

// failing fails as often as there are errors, and then returns its arguments.
type failing []error

func (f *failing) Do(_ context.Context, _ string, arguments any) (any, error) {
	if len(*f) == 0 {
		return arguments, nil
	}
	err := (*f)[0]
	*f = (*f)[1:]
	return nil, err
}

func TestRun(t *testing.T) {
	task := func(fields string) string {
		return machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", "Arguments": {"a": "{% $states.input.n %}"}, "Next": "End"` + fields + `},
			"Caught": {"Type": "Succeed"}, ` + end)
	}
	const (
		retry = `, "Retry": [{"ErrorEquals": ["T"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 3, "MaxDelaySeconds": 7}]`
		catch = `, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]`
	)
	throttled := &Error{Name: "T", Cause: "too many"}
	input := map[string]any{"n": 1.0}

	cases := map[string]struct {
		reason     string
		definition string
		errors     failing
		want       Result
		took       time.Duration
	}{
		"TaskResult": {
			reason:     "Without an output, a task's result goes on.",
			definition: task(""),
			want:       Result{Status: Succeeded, Output: map[string]any{"a": 1.0}},
		},
		"TaskOutput": {
			reason:     "An output goes on in the place of the result.",
			definition: task(`, "Output": "{% $states.result.a + 1 %}"`),
			want:       Result{Status: Succeeded, Output: 2.0},
		},
		"Retried": {
			reason:     "A retrier waits longer each time, up to its limit.",
			definition: task(retry),
			errors:     failing{throttled, throttled, throttled},
			want:       Result{Status: Succeeded, Output: map[string]any{"a": 1.0}},
			took:       (2 + 6 + 7) * time.Second,
		},
		"RetriesUsedUp": {
			reason:     "After its last attempt, a task fails.",
			definition: task(retry),
			errors:     failing{throttled, throttled, throttled, throttled},
			want:       Result{Status: Failed, Error: "T", Cause: "too many"},
			took:       (2 + 6 + 7) * time.Second,
		},
		"NotRetried": {
			reason:     "A retrier takes only the errors it names.",
			definition: task(retry),
			errors:     failing{&Error{Name: "U"}},
			want:       Result{Status: Failed, Error: "U"},
		},
		"Caught": {
			reason:     "A catcher goes on with the error.",
			definition: task(catch),
			errors:     failing{throttled},
			want:       Result{Status: Succeeded, Output: map[string]any{"Error": "T", "Cause": "too many"}},
		},
		"TaskFailedIsNoTimeout": {
			reason:     "States.TaskFailed stands for everything but States.Timeout.",
			definition: task(`, "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "End"}]`),
			errors:     failing{&Error{Name: ErrTimeout}},
			want:       Result{Status: Failed, Error: ErrTimeout},
		},
		"MistakeNotCaught": {
			reason:     "Nothing catches a mistake in the definition.",
			definition: task(catch),
			errors:     failing{context.Canceled},
			want:       Result{Status: Failed, Error: ErrRuntime, Cause: "context canceled"},
		},
		"ArgumentsCaught": {
			reason:     "Arguments that cannot be evaluated fail the task.",
			definition: machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", "Arguments": "{% $states.input.x %}", "Next": "End", "Catch": [{"ErrorEquals": ["States.QueryEvaluationError"], "Output": 1, "Next": "End"}]}, ` + end),
			want:       Result{Status: Succeeded, Output: 1.0},
		},
		"AssignInParallel": {
			reason: "All assignments of a state see the variables as they were.",
			definition: machine(`"A": {"Type": "Pass", "Assign": {"a": 1, "b": 2}, "Next": "B"},
				"B": {"Type": "Pass", "Assign": {"a": "{% $b %}", "b": "{% $a %}"}, "Output": "{% $a %}", "Next": "C"},
				"C": {"Type": "Succeed", "Output": ["{% $a %}", "{% $b %}", "{% $states.input %}"]}`),
			want: Result{Status: Succeeded, Output: []any{2.0, 1.0, 1.0}},
		},
		"Choice": {
			reason: "The first rule that holds decides.",
			definition: machine(`"A": {"Type": "Choice", "Default": "End", "Choices": [
				{"Condition": "{% $states.input.n = 2 %}", "Next": "End"},
				{"Condition": "{% $states.input.n = 1 %}", "Output": "one", "Next": "End"}]}, ` + end),
			want: Result{Status: Succeeded, Output: "one"},
		},
		"ChoiceOfNothing": {
			reason:     "A condition is true or false.",
			definition: machine(`"A": {"Type": "Choice", "Default": "End", "Choices": [{"Condition": "{% $states.input %}", "Next": "End"}]}, ` + end),
			want:       Result{Status: Failed, Error: ErrQuery, Cause: "a condition must be true or false, not map[n:1]"},
		},
		"Wait": {
			reason:     "Waiting takes virtual time.",
			definition: machine(`"A": {"Type": "Wait", "Seconds": "{% $states.input.n * 60 %}", "Next": "End"}, ` + end),
			want:       Result{Status: Succeeded, Output: input},
			took:       time.Minute,
		},
		"TimedOut": {
			reason:     "An execution ends when its time is up, and not later.",
			definition: machine(`"A": {"Type": "Wait", "Seconds": 5000, "Next": "End"}, ` + end),
			want:       Result{Status: TimedOut, Error: ErrTimeout},
			took:       1000 * time.Second,
		},
		"Fail": {
			reason:     "A Fail has an error and a cause.",
			definition: machine(`"A": {"Type": "Fail", "Error": "E", "Cause": "{% 'n is ' & $states.input.n %}"}`),
			want:       Result{Status: Failed, Error: "E", Cause: "n is 1"},
		},
		"HistoryFull": {
			reason:     "An execution has only so many events.",
			definition: `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "A"}}}`,
			want:       Result{Status: Failed, Error: ErrRuntime, Cause: "The execution reached the maximum number of history events (25000)."},
			took:       12500 * time.Second,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m, err := Parse([]byte(tc.definition), []string{doIt})
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			c := clock.New(begin)
			got := m.Run(t.Context(), &tc.errors, c, "test", input)
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreFields(Result{}, "Visits", "Events")); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if took := c.Now().Sub(begin); took != tc.took {
				t.Errorf("%s\nwant %s, took %s", tc.reason, tc.took, took)
			}
		})
	}
}

// TestLargeAnswer checks that an answer which is more than Step Functions takes ends the execution, though the state keeps nothing of it and
// catches all errors.
func TestLargeAnswer(t *testing.T) {
	definition := machine(`"A": {"Type": "Task", "Resource": "` + doIt + `", "Arguments": {"a": "{% $states.input %}"}, "Output": 1, "Next": "End",
		"Retry": [{"ErrorEquals": ["States.ALL"]}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}]}, ` + end)
	m, err := Parse([]byte(definition), []string{doIt})
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]string{maxData - len(`{"a":""}`): Succeeded, maxData - len(`{"a":""}`) + 1: Failed} {
		c := clock.New(time.Time{})
		got := m.Run(t.Context(), new(failing), c, "e", strings.Repeat("x", size))
		if got.Status != want || want == Failed && got.Error != errDataLimit {
			t.Errorf("text of %d bytes: want %s, got %s: %s", size, want, got.Status, got.Error)
		}
	}
}
