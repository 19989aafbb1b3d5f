package controlplane

import (
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestDefaultCrossplane restarts Crossplane with its default circuit breaker, which a pipeline of our size trips while it
// is made. Crossplane then misses what happens. The function's answers then live for a minute, and so make it look again.
func TestDefaultCrossplane(t *testing.T) {
	c := fileReady(t, "default")
	before := c.Resources(t)
	claims.Must(t, shared.RestartCrossplane(t.Context(), true))
	unharmed(t, c, before)

	n := newClaim(t, "breaker")
	n.File(t)
	began := time.Now()
	n.WaitReady(t)
	t.Logf("a new claim is Ready after %s", time.Since(began).Round(time.Second))
	t.Logf("its XR:\n%s", claims.Describe(n.XR(t)))
	// On a busy machine a pipeline may be made too slowly to trip it.
	n.WaitFor(t, "Crossplane does not listen", func() bool {
		touch(t, n, "Topic", "alarm-topic")
		return plane.Condition(n.XR(t), "Responsive") == "False"
	}, func() string { return claims.Describe(n.XR(t)) })

	began = time.Now()
	setMemory(t, n, 1024)
	waitMemory(t, n, 1024)
	t.Logf("a change of it is there after %s", time.Since(began).Round(time.Second))

	before = n.Resources(t)
	claims.Must(t, shared.RestartCrossplane(t.Context(), false))
	n.Wait(t, "served by the other Crossplane", func(*unstructured.Unstructured) bool {
		return plane.Condition(n.XR(t), "Responsive") == "True"
	})
	unharmed(t, n, before)
}

// touch a resource, so that Crossplane hears of it.
func touch(t *testing.T, c claim, kind, name string) {
	t.Helper()
	patch := fmt.Sprintf(`{"metadata": {"annotations": {"example.org/touched": "%d"}}}`, time.Now().UnixNano())
	claims.Must(t, shared.Client.Patch(t.Context(), c.Resource(t, kind, name), client.RawPatch(types.MergePatchType, []byte(patch))))
}
