package upgrade

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

const (
	minimal = "examples/claims/minimal.yaml"
	full    = "examples/claims/full.yaml"
)

// A state that the upgrade finds a claim in.
type state struct {
	// name of the state, and suffix of the claim.
	name string

	// file of the claim, among the release's examples.
	file string

	// spec changes the claim before it is filed.
	spec func(c claims.Claim)

	// at happens in AWS before the claim is filed, and past when all that can be made is.
	at, past func(t *testing.T, w *world, c claims.Claim)

	// ready is what the claim says before the upgrade and after.
	ready string

	// refused is whether the claim is. An older function keeps Ready then, and the XR says it by Synced. This one says it by Ready.
	refused bool
}

// states of claims. The first is the one whose changes are read first.
var states = []state{
	{name: "ready", file: minimal, ready: "True"},
	{name: "full", file: full, ready: "True"},
	{
		name: "protected", file: full, ready: "True",
		spec: func(c claims.Claim) { c.Set(true, "deletionProtection") },
	},
	{
		name: "handshake", file: minimal, ready: "False",
		at: func(t *testing.T, w *world, c claims.Claim) {
			t.Helper()
			w.happen(t, c, "Connection", "github-connection", standin.Pending)
		},
	},
	{
		name: "failing", file: minimal, ready: "False",
		at: func(t *testing.T, w *world, c claims.Claim) {
			t.Helper()
			w.happen(t, c, "Table", "history-table", standin.Refused("AccessDeniedException: no table today"))
		},
	},
	{
		name: "shifting", file: minimal, ready: "True",
		past: func(t *testing.T, w *world, c claims.Claim) {
			t.Helper()
			claims.Must(t, w.account.Happen(t.Context(), w.KindNamed(t, "Alias"), c.ObjectName("live-alias"),
				func(mr *unstructured.Unstructured) error { return w.account.AWS.Release(mr, "4") }))
			w.happen(t, c, "Alias", "live-alias", standin.Shifting("5", 0.1))
		},
	},
	// Made, and then no longer allowed: see settings.
	{
		name: "forbidden", file: minimal, ready: "True", refused: true,
		spec: func(c claims.Claim) { c.Set("eu-central-1", "region") },
	},
	// The suffix is another claim's, so it has nothing and gets nothing.
	{
		name: "rival", file: minimal, ready: "False", refused: true,
		spec: func(c claims.Claim) { c.Set("ready", "environmentSuffix") },
	},
}

// happen in AWS to what the claim has, or will have.
func (w *world) happen(t *testing.T, c claims.Claim, kind, name string, change standin.Change) {
	t.Helper()
	claims.Must(t, w.account.Set(t.Context(), w.KindNamed(t, kind), c.ObjectName(name), change))
}

// file a claim in each state, and wait until no more can be made.
func (w *world) file(t *testing.T) []claims.Claim {
	t.Helper()
	filed := []claims.Claim{}
	for _, s := range states {
		c := w.New(t, s.file, s.name)
		if s.spec != nil {
			s.spec(c)
		}
		if s.at != nil {
			s.at(t, w, c)
		}
		c.File(t)
		// A claim holds its suffix from its first resource on. The rival must not be faster.
		rival := claims.Text(c.Unstructured, "spec", "environmentSuffix") != s.name
		c.Until(t, s.name+" is composed", func() bool { return c.XR(t) != nil && (rival || len(c.Resources(t)) > 0) })
		filed = append(filed, c)
	}
	w.settle(t, filed)
	claims.Must(t, w.Plane.Configure(t.Context(), settings))
	for i, s := range states {
		if s.past != nil {
			s.past(t, w, filed[i])
		}
	}
	w.settle(t, filed)
	return filed
}
