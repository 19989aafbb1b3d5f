package aws

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/emulator"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/router"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

const (
	accountID = "111122223333"
	region    = "us-east-1"

	// poll is how often the provider looks whether AWS is still as it should be. Its default is 10 minutes.
	poll = time.Minute

	// patience is how long what should happen may take on a busy machine: what the provider has missed it sees with its
	// next poll, and it waits up to a minute before it tries again what has failed.
	patience = 8 * time.Minute
)

// All tests share one control plane, one provider and one account.
var (
	shared   *plane.Plane
	emulated *emulator.Emulator
	provider *plane.Provider
	replica  *plane.Replica
	routes   *router.Router
	cloud    *account.Account

	// kmsKey of the platform team.
	kmsKey string

	// around is what the account has beside pipelines.
	around surroundings

	// providerKey is what the provider signs with.
	providerKey accessKey

	environment claims.Environment
)

func TestMain(m *testing.M) {
	ctrl.SetLogger(logr.Discard())
	os.Exit(run(m))
}

// run the tests between start and stop of everything, also if someone interrupts them.
func run(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	began := time.Now()
	p, err := plane.Start(ctx, "../..")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	shared = p
	defer shared.Stop()
	uninterrupted := context.AfterFunc(ctx, func() {
		shared.Stop()
		os.Exit(1)
	})
	defer uninterrupted()
	if err := startAWS(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("control plane, provider-aws and AWS: up in %s\n", time.Since(began).Round(time.Second))
	code := m.Run()
	keepLogs()
	actions, err := unpermitted(providerKey)
	if err != nil || len(actions) > 0 {
		fmt.Fprintln(os.Stderr, "the provider did what no policy in examples/install/provider-policy allows:", actions, err)
		return 1
	}
	return code
}

func startAWS(ctx context.Context) error {
	fakecloud, err := emulator.StartFakecloud(ctx, shared.Root, shared.Path(), accountID, region)
	if err != nil {
		return err
	}
	emulated = fakecloud
	shared.OnStop(fakecloud.Kill)
	if routes, err = router.New(shared.Authority, fakecloud.URL); err != nil {
		return err
	}
	shared.OnStop(routes.Close)
	ca, err := shared.CAFile()
	if err != nil {
		return err
	}
	cloud, err = account.Open(ctx, routes.URL(), ca, region, emulator.RootKey, emulator.RootKey)
	if err != nil {
		return err
	}
	if kmsKey, err = createKey(ctx); err != nil {
		return err
	}
	if around, err = createSurroundings(ctx); err != nil {
		return err
	}
	if providerKey, err = createProviderUser(ctx, kmsKey); err != nil {
		return err
	}
	if err := startProvider(ctx, ca, providerKey); err != nil {
		return err
	}
	if replica, err = shared.StartReplica(ctx, ""); err != nil {
		return err
	}
	shared.Proxy.Route(replica.Address)
	return nil
}

// keepLogs of all processes, where the environment names a folder for them.
func keepLogs() {
	dir := os.Getenv("KEEP_LOGS")
	if dir == "" {
		return
	}
	files, _ := filepath.Glob(shared.Path("*.log"))
	for _, file := range files {
		if b, err := os.ReadFile(file); err == nil {
			_ = os.WriteFile(filepath.Join(dir, filepath.Base(file)), b, 0o600)
		}
	}
}
