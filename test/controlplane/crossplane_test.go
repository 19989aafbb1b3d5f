package controlplane

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestDefaultCrossplane restarts Crossplane with its default circuit breaker, which a pipeline of our size trips while it
// is made. Crossplane then misses what happens. The function's answers then live for a minute, and so make it look again.
func TestDefaultCrossplane(t *testing.T) {
	c := fileReady(t, "default")
	before := c.resources(t)
	must(t, shared.RestartCrossplane(t.Context(), true))
	unharmed(t, c, before)

	n := newClaim(t, "breaker")
	n.file(t)
	began := time.Now()
	n.waitReady(t)
	t.Logf("a new claim is Ready after %s", time.Since(began).Round(time.Second))
	t.Logf("its XR:\n%s", describe(n.xr(t)))
	if got := plane.Condition(n.xr(t), "Responsive"); got != "False" {
		t.Errorf("Responsive is %q, want False: this test is about a Crossplane that does not listen", got)
	}

	began = time.Now()
	setMemory(t, n, 1024)
	waitMemory(t, n, 1024)
	t.Logf("a change of it is there after %s", time.Since(began).Round(time.Second))

	before = n.resources(t)
	must(t, shared.RestartCrossplane(t.Context(), false))
	n.wait(t, "served by the other Crossplane", func(*unstructured.Unstructured) bool {
		return plane.Condition(n.xr(t), "Responsive") == "True"
	})
	unharmed(t, n, before)
}
