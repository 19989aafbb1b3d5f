package localstack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/interpreter"
)

// An Execution of a state machine.
type Execution struct {
	Name       string
	Definition string
	Input      any

	// Endpoint and Region of the services that it calls.
	Endpoint string
	Region   string
}

// A question is what the program takes to run an execution.
type question struct {
	Definition string         `json:"definition"`
	Context    map[string]any `json:"context"`
	Endpoint   string         `json:"endpoint"`
	Region     string         `json:"region"`
	Now        time.Time      `json:"now"`

	// Waits is where to ask for time to pass.
	Waits string `json:"waits"`
}

// An answer is how the execution ended.
type answer struct {
	Status string `json:"status"`
	Error  string `json:"error"`
	Cause  string `json:"cause"`
	Output any    `json:"output"`
	Visits []struct {
		State  string    `json:"state"`
		At     time.Time `json:"at"`
		Errors []string  `json:"errors"`
	} `json:"visits"`
}

// Run an execution to its end. While it waits another one may be run.
func (i *Interpreter) Run(ctx context.Context, e Execution, c *clock.Clock) (interpreter.Result, error) {
	limit, err := limitOf(e.Definition)
	if err != nil {
		return interpreter.Result{}, err
	}
	q := question{
		Definition: e.Definition, Context: interpreter.Context(e.Name, c.Now(), e.Input),
		Endpoint: e.Endpoint, Region: e.Region, Now: c.Now(), Waits: i.server.URL,
	}
	var a answer
	end := c.Now().Add(limit)
	done := make(chan error, 1)
	go func() {
		done <- i.ask(ctx, q, &a)
	}()
	for {
		select {
		case w := <-i.waits:
			c.Advance(min(w.length, end.Sub(c.Now())))
			w.passed <- passed{Now: c.Now(), Over: !c.Now().Before(end)}
		case err := <-done:
			return a.result(), err
		}
	}
}

// limitOf how long an execution may take. A year, if its definition has none.
func limitOf(definition string) (time.Duration, error) {
	machine := struct {
		TimeoutSeconds float64 `json:"TimeoutSeconds"`
	}{TimeoutSeconds: (365 * 24 * time.Hour).Seconds()}
	if err := json.Unmarshal([]byte(definition), &machine); err != nil {
		return 0, fmt.Errorf("cannot parse definition: %w", err)
	}
	return time.Duration(machine.TimeoutSeconds * float64(time.Second)), nil
}

func (a answer) result() interpreter.Result {
	r := interpreter.Result{Status: a.Status, Error: a.Error, Cause: a.Cause, Output: a.Output}
	for _, v := range a.Visits {
		r.Visits = append(r.Visits, interpreter.Visit{State: v.State, At: v.At, Errors: v.Errors})
	}
	return r
}

func (i *Interpreter) ask(ctx context.Context, q question, a *answer) error {
	body, err := json.Marshal(q)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, i.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer rsp.Body.Close() //nolint:errcheck // It was only read.
	data, err := io.ReadAll(rsp.Body)
	if err != nil {
		return err
	}
	if rsp.StatusCode != http.StatusOK {
		return fmt.Errorf("LocalStack's interpreter cannot run an execution: %s", data)
	}
	return json.Unmarshal(data, a)
}

// A wait is how long the execution that is under way wants to wait. It goes on when that has passed.
type wait struct {
	length time.Duration
	passed chan passed
}

// passed is what the time is now, and whether it is over for the execution.
type passed struct {
	Now  time.Time `json:"now"`
	Over bool      `json:"over"`
}

// takeWait of an execution.
func (i *Interpreter) takeWait(w http.ResponseWriter, r *http.Request) {
	var seconds float64
	if err := json.NewDecoder(r.Body).Decode(&seconds); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	one := wait{length: time.Duration(seconds * float64(time.Second)), passed: make(chan passed)}
	i.waits <- one
	if err := json.NewEncoder(w).Encode(<-one.passed); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
