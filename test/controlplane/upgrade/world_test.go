package upgrade

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// settings of the platform team, which an upgrade leaves alone. One of the claims is in a region that they do not allow.
var settings = map[string]any{"allowedRegions": []any{"us-east-1"}}

// A world is a control plane with a release of the past, and an AWS account that is played.
type world struct {
	claims.Environment

	account *aws.Account
	replica *plane.Replica
}

func start(t *testing.T, r release) *world {
	t.Helper()
	ctrl.SetLogger(logr.Discard())
	p, err := plane.StartRelease(t.Context(), root, r.dir)
	claims.Must(t, err)
	t.Cleanup(p.Stop)

	w := &world{
		Environment: claims.Environment{Plane: p, Kinds: kinds(t, p), Patience: 4 * time.Minute},
		account: &aws.Account{
			AWS:     &standin.AWS{AccountID: "111122223333"},
			Latency: time.Second,
		},
	}
	claims.Must(t, p.InstallProviderVersions(t.Context(), w.Kinds...))
	// AWS goes on after the test's own context has ended: the claims are deleted then.
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(stop)
	claims.Must(t, w.account.Start(ctx, p.Config, w.Kinds))
	w.serve(t, r.function)
	return w
}

// kinds of managed resources: today's, and what the release has beside them.
func kinds(t *testing.T, p *plane.Plane) []schema.GroupVersionKind {
	t.Helper()
	all, err := p.ManagedKinds()
	claims.Must(t, err)
	old, err := p.ActivatedKinds(t.Context())
	claims.Must(t, err)
	for _, gvk := range old {
		if !slices.ContainsFunc(all, func(k schema.GroupVersionKind) bool { return k.GroupKind() == gvk.GroupKind() }) {
			all = append(all, gvk)
		}
	}
	return all
}

// serve with this executable of the function from now on, or with today's if none is given.
func (w *world) serve(t *testing.T, executable string) {
	t.Helper()
	next, err := w.Plane.StartReplica(t.Context(), executable)
	claims.Must(t, err)
	w.Plane.Proxy.Route(next.Address)
	if w.replica != nil {
		w.replica.Kill()
	}
	w.replica = next
}

// upgradeConfiguration to today's API and Composition.
func (w *world) upgradeConfiguration(t *testing.T) {
	t.Helper()
	w.Plane.Release = w.Plane.Root
	claims.Must(t, w.Plane.InstallFunction(t.Context()))
	claims.Must(t, w.Plane.Define(t.Context()))
	claims.Must(t, w.Plane.Configure(t.Context(), settings))
}

// reach all claims with the function that serves: an answer of the one before may live for minutes.
func (w *world) reach(t *testing.T, filed []claims.Claim) {
	t.Helper()
	was, err := w.replica.Calls(t.Context())
	claims.Must(t, err)
	for _, c := range filed {
		patch := fmt.Sprintf(`{"metadata": {"annotations": {"example.org/touched": "%d"}}}`, time.Now().UnixNano())
		claims.Must(t, w.Plane.Client.Patch(t.Context(), c.XR(t), client.RawPatch(types.MergePatchType, []byte(patch))))
	}
	w.WaitFor(t, "the function is asked about all claims", func() bool {
		n, err := w.replica.Calls(t.Context())
		claims.Must(t, err)
		return n >= was+len(filed)
	}, func() string { return w.replica.Log() })
	w.settle(t, filed)
}

// settle waits until nothing has changed for ten seconds, which is longer than AWS takes for anything.
func (w *world) settle(t *testing.T, filed []claims.Claim) {
	t.Helper()
	was, since := "", time.Now()
	w.WaitFor(t, "all is quiet", func() bool {
		if now := w.fingerprint(t, filed); now != was {
			was, since = now, time.Now()
		}
		return time.Since(since) > 10*time.Second
	}, func() string { return was })
}
