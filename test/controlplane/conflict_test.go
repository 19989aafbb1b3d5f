package controlplane

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestSameSuffix files two claims with one suffix in two namespaces at the same moment.
func TestSameSuffix(t *testing.T) {
	t.Parallel()
	a, b := newClaim(t, "same"), newClaim(t, "same")
	b.SetNamespace("team-same-too")
	filed := make(chan error)
	for _, c := range []claim{a, b} {
		c.Prepare(t)
		go func() { filed <- c.Apply(t) }()
	}
	claims.Must(t, <-filed)
	claims.Must(t, <-filed)

	ready := func(c claim) bool { return plane.Condition(c.Live(t), "Ready") == "True" }
	environment.WaitFor(t, "one of the two claims is Ready", func() bool { return ready(a) || ready(b) }, func() string {
		return a.Describe(t) + "\n\nand\n\n" + b.Describe(t)
	})
	winner, loser := a, b
	if ready(b) {
		winner, loser = b, a
	}
	before := winner.Resources(t)

	// The loser is tried again and again, with growing pauses.
	time.Sleep(10 * time.Second)
	if !ready(winner) || ready(loser) {
		t.Errorf("both claims, or none, are ready:\n%s\n\n%s", a.Describe(t), b.Describe(t))
	}
	if lost := gone(before, winner.Resources(t)); len(lost) > 0 {
		t.Errorf("the second claim changed what the first one owns: %v", lost)
	}
	owners(t, winner)

	status, reason, message := claims.Condition(loser.Live(t), "Accepted")
	if diff := cmp.Diff([]string{"False", "NameTaken"}, []string{status, reason}); diff != "" {
		t.Errorf("Accepted of the second claim: -want, +got:\n%s", diff)
	}
	if holder := winner.GetNamespace() + "/" + winner.GetName() + " "; !strings.Contains(message, holder) {
		t.Errorf("Accepted of the second claim: %s: want it to name %s", message, holder)
	}
	t.Logf("the second claim:\n%s", loser.Describe(t))
	t.Logf("kubectl get pdp:\n%s", strings.TrimSpace(mustKubectl(t, "get", "pdp", "-A")))
	t.Logf("its XR: %s", claims.Describe(loser.XR(t)))
	t.Logf("events of its XR:\n%s", events(t, claims.XRKind.Kind, loser.XR(t).GetName()))

	t.Log("the second claim goes, and takes nothing with it")
	loser.Kubectl(t, "delete", loser.Plural(), loser.GetName(), "--timeout=2m")
	if lost := gone(before, winner.Resources(t)); len(lost) > 0 {
		t.Errorf("deleting the second claim deleted what the first one owns: %v", lost)
	}
	if !ready(winner) {
		t.Errorf("the first claim is not ready any more:\n%s", winner.Describe(t))
	}
}

// owners of each managed resource must be one XR, the claim's.
func owners(t *testing.T, c claim) {
	t.Helper()
	want := c.XR(t).GetUID()
	for name := range c.Resources(t) {
		kind, name, _ := strings.Cut(name, " ")
		mr := environment.Get(t, environment.KindNamed(t, kind), client.ObjectKey{Name: name})
		if refs := mr.GetOwnerReferences(); len(refs) != 1 || refs[0].UID != want {
			t.Errorf("owners of %s %s are %v, want only %s", kind, name, refs, want)
		}
	}
}

func mustKubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := shared.Kubectl(t.Context(), "", args...)
	claims.Must(t, err)
	return out
}
