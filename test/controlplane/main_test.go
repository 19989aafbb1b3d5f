package controlplane

import (
	"context"
	"flag"
	"fmt"
	"os"
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
	idle = flag.Duration("idle", time.Minute, "How long TestLoad watches what an idle control plane does.")

	shared  *plane.Plane
	account *aws.Account
	replica *plane.Replica
	kinds   []schema.GroupVersionKind

	environment claims.Environment
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
	if err = shared.InstallProviderCRDs(ctx, kinds...); err != nil {
		return err
	}
	environment = claims.Environment{Plane: shared, Kinds: kinds, Patience: patience}
	account = &aws.Account{
		AWS:     &standin.AWS{AccountID: accountID},
		Others:  map[string]*standin.AWS{"production": production},
		Latency: latency,
	}
	if err = account.Start(ctx, shared.Config, kinds); err != nil {
		return err
	}
	if replica, err = shared.StartReplica(ctx, ""); err != nil {
		return err
	}
	shared.Proxy.Route(replica.Address)
	fmt.Printf("control plane: up in %s\n", time.Since(began).Round(time.Second))
	return nil
}
