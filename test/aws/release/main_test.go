// Package release runs the state machines that the function renders in an AWS that others wrote: ministack's Step
// Functions, with its JSONata, its Lambda, its DynamoDB and its EventBridge. CodeDeploy is the fake of test/release, which
// shifts the alias in ministack's Lambda. What comes of it must be what our own interpreter made of the same release.
package release

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/emulator"
)

// Account and region that the golden cases are rendered for.
const (
	accountID = "111122223333"
	region    = "us-east-1"
)

// root of the repository.
var root = filepath.Join("..", "..", "..")

// All tests share one emulator, which forgets everything between two of them.
var (
	ministack *emulator.Emulator
	aws       *account.Account

	// codeDeploy and authority answer what the emulator asks of them, for the test that runs.
	codeDeploy, authority atomic.Pointer[http.Handler]
)

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "release")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)

	shifts, decisions := serve(&codeDeploy), serve(&authority)
	defer shifts.Close()
	defer decisions.Close()
	ministack, err = emulator.StartMinistack(ctx, root, dir, accountID, region, emulator.Elsewhere{CodeDeploy: shifts.URL, IAM: decisions.URL})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer ministack.Stop(10 * time.Second)
	aws, err = account.OpenAt(ctx, ministack.URL.String(), region, "test", "test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	status := m.Run()
	if status != 0 {
		fmt.Fprintln(os.Stderr, ministack.Log())
	}
	return status
}

// serve what answers for the test that runs.
func serve(handler *atomic.Pointer[http.Handler]) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*handler.Load()).ServeHTTP(w, r) }))
}

// forget everything in the account.
func forget(t *testing.T) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, ministack.URL.String()+"/_ministack/reset", nil)
	if err != nil {
		t.Fatal(err)
	}
	rsp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("cannot reset the emulator: %v", err)
	}
	defer rsp.Body.Close()
	if rsp.StatusCode != http.StatusOK {
		t.Fatalf("cannot reset the emulator: %s", rsp.Status)
	}
}
