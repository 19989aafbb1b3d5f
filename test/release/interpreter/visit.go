package interpreter

import (
	"context"
	"fmt"
	"math"
	"time"
)

// visit a state until it knows what comes next.
func (e *execution) visit(ctx context.Context, s *state, input any) (outcome, *Error) {
	switch s.Type {
	case typeTask:
		return e.task(ctx, s, input)
	case typeChoice:
		return e.choice(s, input)
	case typeFail:
		return outcome{}, e.fail(s, input)
	case typeWait:
		if err := e.wait(s, input); err != nil {
			return outcome{}, err
		}
	}
	out, err := e.leave(e.scope(input, nil), s.Assign, s.Output, input)
	return outcome{next: s.Next, output: out}, err
}

func (e *execution) choice(s *state, input any) (outcome, *Error) {
	sc := e.scope(input, nil)
	for _, r := range s.Choices {
		v, err := r.Condition.evaluate(sc)
		if err != nil {
			return outcome{}, asError(err)
		}
		holds, ok := v.(bool)
		if !ok {
			return outcome{}, &Error{Name: ErrQuery, Cause: fmt.Sprintf("a condition must be true or false, not %v", v)}
		}
		if holds {
			out, err := e.leave(sc, r.Assign, r.Output, input)
			return outcome{next: r.Next, output: out}, err
		}
	}
	if s.Default == "" {
		return outcome{}, &Error{Name: "States.NoChoiceMatched", Cause: "no condition holds"}
	}
	out, err := e.leave(sc, s.Assign, s.Output, input)
	return outcome{next: s.Default, output: out}, err
}

func (e *execution) fail(s *state, input any) *Error {
	sc := e.scope(input, nil)
	text := func(t template) (string, *Error) {
		v, err := t.evaluate(sc)
		if err != nil {
			return "", asError(err)
		}
		s, ok := v.(string)
		if !ok && v != nil {
			return "", &Error{Name: ErrQuery, Cause: fmt.Sprintf("Error and Cause must be text, not %v", v)}
		}
		return s, nil
	}
	name, err := text(s.Error)
	if err != nil {
		return err
	}
	cause, err := text(s.Cause)
	if err != nil {
		return err
	}
	return &Error{Name: name, Cause: cause}
}

func (e *execution) wait(s *state, input any) *Error {
	seconds, err := e.seconds(s.Seconds, input)
	if err != nil {
		return err
	}
	return e.spend(seconds)
}

// seconds that a template asks for: a whole number from 0 to a year.
func (e *execution) seconds(t template, input any) (time.Duration, *Error) {
	v, err := t.evaluate(e.scope(input, nil))
	if err != nil {
		return 0, asError(err)
	}
	n, ok := v.(float64)
	if !ok || n < 0 || n > 99999999 || n != math.Trunc(n) {
		return 0, &Error{Name: ErrQuery, Cause: fmt.Sprintf("seconds must be a whole number from 0 to 99999999, not %v", v)}
	}
	return time.Duration(n) * time.Second, nil
}

// task tries until an attempt is good, or fails with an error that no retrier takes any more.
func (e *execution) task(ctx context.Context, s *state, input any) (outcome, *Error) {
	used := make([]int, len(s.Retry))
	for {
		out, err := e.attempt(ctx, s, input)
		if err == nil {
			return outcome{next: s.Next, output: out}, nil
		}
		if over := e.spend(0); over != nil {
			return outcome{}, over
		}
		delay, again := s.retry(err, used)
		if !again {
			return e.caught(s, input, err)
		}
		visit := &e.visits[len(e.visits)-1]
		visit.Errors = append(visit.Errors, err.Name)
		if over := e.spend(delay); over != nil {
			return outcome{}, over
		}
	}
}

// attempt a task once. An output or an assignment that cannot be evaluated fails the attempt too.
func (e *execution) attempt(ctx context.Context, s *state, input any) (any, *Error) {
	var args any
	if s.Arguments.set {
		v, err := s.Arguments.evaluate(e.scope(input, nil))
		if err != nil {
			return nil, asError(err)
		}
		args = v
	}
	limit := time.Duration(math.MaxInt64)
	if s.TimeoutSeconds.set {
		d, err := e.seconds(s.TimeoutSeconds, input)
		if err != nil {
			return nil, err
		}
		limit = d
	}
	e.events += 3
	begin := e.clock.Now()
	result, err := e.tasks.Do(ctx, s.Resource, args)
	if e.clock.Now().Sub(begin) > limit {
		return nil, &Error{Name: ErrTimeout}
	}
	if err != nil {
		return nil, asError(err)
	}
	// Whatever the state keeps of it.
	if err := checkSize(result); err != nil {
		return nil, err
	}
	return e.leave(e.scope(input, map[string]any{memberResult: result}), s.Assign, s.Output, result)
}

// retry returns how long to wait before the next attempt, if there is to be one. Used counts each retrier's attempts.
func (s *state) retry(err *Error, used []int) (time.Duration, bool) {
	for i, r := range s.Retry {
		if !err.is(r.ErrorEquals) {
			continue
		}
		if used[i] >= value(r.MaxAttempts, 3) {
			return 0, false
		}
		seconds := float64(value(r.IntervalSeconds, 1)) * math.Pow(value(r.BackoffRate, 2), float64(used[i]))
		if r.MaxDelaySeconds != nil {
			seconds = min(seconds, float64(*r.MaxDelaySeconds))
		}
		used[i]++
		return time.Duration(seconds * float64(time.Second)), true
	}
	return 0, false
}

func (e *execution) caught(s *state, input any, failure *Error) (outcome, *Error) {
	visit := &e.visits[len(e.visits)-1]
	visit.Errors = append(visit.Errors, failure.Name)
	for _, c := range s.Catch {
		if !failure.is(c.ErrorEquals) {
			continue
		}
		output := failure.output()
		out, err := e.leave(e.scope(input, map[string]any{memberErrorOutput: output}), c.Assign, c.Output, output)
		return outcome{next: c.Next, output: out}, err
	}
	return outcome{}, failure
}
