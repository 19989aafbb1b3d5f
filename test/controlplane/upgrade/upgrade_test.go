package upgrade

import (
	"flag"
	"slices"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

var from = flag.String("from", "", "Tag or commit of the release that is upgraded.")

// TestUpgrade upgrades as docs/packages.md says: the Configuration, then the function. Nothing that exists may be deleted or
// renamed, and no claim may be worse off. What else changes is for a person to read.
func TestUpgrade(t *testing.T) {
	if *from == "" {
		t.Fatal("say which release is upgraded: make upgrade FROM=v0.1.0")
	}
	w := start(t, build(t, *from))
	filed := w.file(t)
	w.ready(t, filed)
	before, things := w.lookAll(t, filed), w.account.AWS.Things("")

	t.Log("upgrading the Configuration")
	w.upgradeConfiguration(t)
	w.settle(t, filed)
	w.unharmed(t, "the Configuration", filed, before, things)

	t.Log("upgrading the function")
	w.serve(t, "")
	w.reach(t, filed)
	w.unharmed(t, "the function", filed, before, things)
	w.retires(t, filed)
	w.ready(t, filed)
	w.refuses(t, filed)

	report(t, before, w.lookAll(t, filed))
}

// ready checks what each claim says, and whether Crossplane could apply all that the function wants.
func (w *world) ready(t *testing.T, filed []claims.Claim) {
	t.Helper()
	for i, s := range states {
		if s.refused {
			continue
		}
		if got := plane.Condition(filed[i].Live(t), "Ready"); got != s.ready {
			t.Errorf("claim %s: Ready is %q, want %q:\n%s", s.name, got, s.ready, filed[i].Describe(t))
		}
		if got := plane.Condition(filed[i].XR(t), "Synced"); got != "True" {
			t.Errorf("XR of claim %s: Synced is %q, want True:\n%s", s.name, got, claims.Describe(filed[i].XR(t)))
		}
	}
}

// refuses checks that a claim that was refused before the upgrade is refused after it.
func (w *world) refuses(t *testing.T, filed []claims.Claim) {
	t.Helper()
	for i, s := range states {
		if got := plane.Condition(filed[i].Live(t), "Accepted"); s.refused != (got == "False") {
			t.Errorf("claim %s: Accepted is %q, want refused %t:\n%s", s.name, got, s.refused, filed[i].Describe(t))
		}
	}
}

func (w *world) lookAll(t *testing.T, filed []claims.Claim) []snapshot {
	t.Helper()
	all := []snapshot{}
	for _, c := range filed {
		all = append(all, w.look(t, c))
	}
	return all
}

// retires checks that no claim has what is retired. Of one that Crossplane cannot compose nothing is taken.
func (w *world) retires(t *testing.T, filed []claims.Claim) {
	t.Helper()
	for i, s := range states {
		if s.refused {
			continue
		}
		now := w.look(t, filed[i])
		for id, u := range now {
			if slices.Contains(retired(t), u.GetAnnotations()[annotationName]) {
				t.Errorf("claim %s still has %s, which is retired", s.name, id)
			}
		}
	}
}

// unharmed checks that all managed resources that are not retired, and all things in AWS, are still there under their names, and that
// nothing ends a run of a pipeline.
func (w *world) unharmed(t *testing.T, upgraded string, filed []claims.Claim, before []snapshot, things []string) {
	t.Helper()
	var gone []string
	for i, s := range states {
		stays, goes := before[i].without(retired(t))
		gone = append(gone, goes...)
		now := w.look(t, filed[i])
		for _, line := range lost(stays, now) {
			t.Errorf("claim %s, after the upgrade of %s: %s", s.name, upgraded, line)
		}
		for _, pipeline := range pipelinesChanged(before[i], now) {
			t.Errorf("claim %s, after the upgrade of %s: %s has changed, which ends its runs under way", s.name, upgraded, pipeline)
		}
	}
	now := w.account.AWS.Things("")
	for _, thing := range things {
		if !slices.Contains(now, thing) && !slices.Contains(gone, thing) {
			t.Errorf("gone from AWS after the upgrade of %s: %s", upgraded, thing)
		}
	}
}
