package controlplane

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// accountID of the AWS account that is played.
const accountID = "111122223333"

// There is a second account, behind a ProviderConfig of its own.
const productionID = "444455556666"

var production = &standin.AWS{AccountID: productionID}

// latency of AWS. It is long enough to see one wave of creation end before the next begins.
const latency = time.Second

// All tests share one control plane, as starting one takes longer than most tests. Each has a namespace of its own.
var (
	load = flag.Int("load", 10, "How many claims TestLoad files.")
	form = flag.Bool("namespaced", false, "Run all tests with namespaced pipelines instead of claims.")
	idle = flag.Duration("idle", time.Minute, "How long TestLoad watches what an idle control plane does.")

	shared  *plane.Plane
	account *aws.Account
	replica *plane.Replica
	kinds   []schema.GroupVersionKind

	environment claims.Environment

	// byClaims is where claims are filed, in whatever form all tests are run.
	byClaims claims.Environment
)

// patience is how long what should happen may take: Crossplane gives a call to a dead function two minutes, and where it
// does not listen it looks once a minute, for each wave of creation.
const patience = 4 * time.Minute

func TestMain(m *testing.M) {
	flag.Parse()
	ctrl.SetLogger(logr.Discard())
	os.Exit(plane.Main(m, startShared, func() { shared.Stop() }))
}

func startShared(ctx context.Context) (err error) {
	began := time.Now()
	if shared, err = plane.Start(ctx, "../.."); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			shared.Stop()
		}
	}()
	if kinds, err = shared.ManagedKinds(); err != nil {
		return err
	}
	environment = claims.Environment{Plane: shared, Kinds: kinds, Patience: patience}
	byClaims = environment
	both := slices.Concat(kinds, environment.Namespaced().Kinds)
	if err = shared.InstallProviderCRDs(ctx, both...); err != nil {
		return err
	}
	if *form {
		environment = environment.Namespaced()
	}
	account = &aws.Account{
		AWS:     &standin.AWS{AccountID: accountID},
		Others:  map[string]*standin.AWS{"production": production, "checkout": {AccountID: "777788889999"}},
		Latency: latency,
	}
	if err = account.Start(ctx, shared.Config, both); err != nil {
		return err
	}
	if replica, err = shared.StartReplica(ctx, ""); err != nil {
		return err
	}
	shared.Proxy.Route(replica.Address)
	fmt.Printf("control plane: up in %s\n", time.Since(began).Round(time.Second))
	return nil
}
