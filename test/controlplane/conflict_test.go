package controlplane

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestSameSuffix files two claims with one suffix in two namespaces at the same moment.
func TestSameSuffix(t *testing.T) {
	t.Parallel()
	a, b := newClaim(t, "same"), newClaim(t, "same")
	b.SetNamespace("team-same-too")
	filed := make(chan error)
	for _, c := range []claim{a, b} {
		c.prepare(t)
		go func() { filed <- c.apply(t) }()
	}
	must(t, <-filed)
	must(t, <-filed)

	ready := func(c claim) bool { return plane.Condition(c.live(t), "Ready") == "True" }
	waitFor(t, "one of the two claims is Ready", func() bool { return ready(a) || ready(b) }, func() string {
		return describe(a.live(t)) + "\n\nand\n\n" + describe(b.live(t))
	})
	winner, loser := a, b
	if ready(b) {
		winner, loser = b, a
	}
	before := winner.resources(t)

	// The loser is tried again and again, with growing pauses.
	time.Sleep(10 * time.Second)
	if !ready(winner) || ready(loser) {
		t.Errorf("both claims, or none, are ready:\n%s\n\n%s", describe(a.live(t)), describe(b.live(t)))
	}
	if lost := gone(before, winner.resources(t)); len(lost) > 0 {
		t.Errorf("the second claim changed what the first one owns: %v", lost)
	}
	owners(t, winner)

	status, reason, message := condition(loser.live(t), "Accepted")
	if diff := cmp.Diff([]string{"False", "NameTaken"}, []string{status, reason}); diff != "" {
		t.Errorf("Accepted of the second claim: -want, +got:\n%s", diff)
	}
	if holder := winner.GetNamespace() + "/" + winner.GetName() + " "; !strings.Contains(message, holder) {
		t.Errorf("Accepted of the second claim: %s: want it to name %s", message, holder)
	}
	t.Logf("the second claim:\n%s", describe(loser.live(t)))
	t.Logf("kubectl get pdp:\n%s", strings.TrimSpace(mustKubectl(t, "get", "pdp", "-A")))
	t.Logf("its XR: %s", describe(loser.xr(t)))
	t.Logf("events of its XR:\n%s", events(t, xrKind.Kind, loser.xr(t).GetName()))

	t.Log("the second claim goes, and takes nothing with it")
	loser.kubectl(t, "delete", "pdp", loser.GetName(), "--timeout=2m")
	if lost := gone(before, winner.resources(t)); len(lost) > 0 {
		t.Errorf("deleting the second claim deleted what the first one owns: %v", lost)
	}
	if !ready(winner) {
		t.Errorf("the first claim is not ready any more:\n%s", describe(winner.live(t)))
	}
}

// owners of each managed resource must be one XR, the claim's.
func owners(t *testing.T, c claim) {
	t.Helper()
	want := c.xr(t).GetUID()
	for name := range c.resources(t) {
		kind, name, _ := strings.Cut(name, " ")
		mr := get(t, kindNamed(t, kind), client.ObjectKey{Name: name})
		if refs := mr.GetOwnerReferences(); len(refs) != 1 || refs[0].UID != want {
			t.Errorf("owners of %s %s are %v, want only %s", kind, name, refs, want)
		}
	}
}

func mustKubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := shared.Kubectl(t.Context(), "", args...)
	must(t, err)
	return out
}
