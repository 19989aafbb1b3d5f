package services

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render"
)

// A function runs in Lambda's emulator.
type function struct {
	address string
}

// An answer of a function, as API Gateway and function URLs read it.
type answer struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
}

// start a function with the code in a folder, until the test ends.
func start(t *testing.T, code string, client []string) function {
	t.Helper()
	f, api := function{address: free(t)}, free(t)
	log := &bytes.Buffer{}
	cmd := exec.Command(cached("bin", "aws-lambda-rie"), append([]string{
		"--runtime-interface-emulator-address=" + f.address, "--runtime-api-address=" + api,
	}, client...)...)
	cmd.Dir = code
	cmd.Env = append(os.Environ(), "VERSION=blue", "LAMBDA_TASK_ROOT="+code, "AWS_LAMBDA_FUNCTION_TIMEOUT=30")
	cmd.Stdout, cmd.Stderr = log, log
	// Its children end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("cannot start Lambda's emulator (make services builds it): %v", err)
	}
	// An emulator that ends is not waited for.
	ctx, end := context.WithCancelCause(t.Context())
	ended := make(chan struct{})
	go func() {
		end(fmt.Errorf("the emulator has ended: %w", cmd.Wait()))
		close(ended)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-ended
		if t.Failed() {
			t.Logf("the function's log:\n%s", log)
		}
	})
	// It takes events before it answers its runtime, which then finds nobody.
	for _, address := range []string{f.address, api} {
		if err := render.WaitListening(ctx, address); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func free(t *testing.T) string {
	t.Helper()
	address, err := render.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// invoke the function with an event that it answers.
func (f function) invoke(t *testing.T, event json.RawMessage) answer {
	t.Helper()
	body, a := f.send(t, event), answer{}
	if err := json.Unmarshal(body, &a); err != nil || a.StatusCode == 0 {
		t.Fatalf("the function answers %q", body)
	}
	return a
}

// fail the function with an event. It returns the error's text.
func (f function) fail(t *testing.T, event json.RawMessage) string {
	t.Helper()
	body := f.send(t, event)
	var e struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if err := json.Unmarshal(body, &e); err != nil || e.ErrorMessage == "" {
		t.Fatalf("want the function to fail, it answers %q", body)
	}
	return e.ErrorMessage
}

// send an event to the function. It returns what Lambda would tell the caller.
func (f function) send(t *testing.T, event json.RawMessage) []byte {
	t.Helper()
	rsp, err := http.Post("http://"+f.address+"/2015-03-31/functions/function/invocations", "application/json", bytes.NewReader(event))
	if err != nil {
		t.Fatalf("cannot invoke the function: %v", err)
	}
	defer rsp.Body.Close()
	body, err := io.ReadAll(rsp.Body)
	if err != nil {
		t.Fatalf("cannot read the answer: %v", err)
	}
	return body
}
