package controlplane

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// The tests here take the function away from all claims, so none of them is parallel.

func TestFunctionKilled(t *testing.T) {
	c := fileReady(t, "killed")
	before := c.resources(t)

	replica.Kill()
	setMemory(t, c, 1024)
	time.Sleep(5 * time.Second)
	t.Logf("while the function is dead:\n%s", describe(c.live(t)))
	if got := plane.Condition(c.live(t), "Ready"); got != "True" {
		t.Errorf("Ready is %q while the function is dead, want True: the pipeline in AWS is as it was", got)
	}

	replace(t, "")
	waitMemory(t, c, 1024)
	unharmed(t, c, before)
}

// TestFunctionUnreachable loses every packet to the function for a minute.
func TestFunctionUnreachable(t *testing.T) {
	c := fileReady(t, "unreachable")
	before := c.resources(t)

	shared.Proxy.Silence()
	setMemory(t, c, 1024)
	time.Sleep(time.Minute)
	t.Logf("while the function is unreachable:\n%s", describe(c.live(t)))

	shared.Proxy.Route(replica.Address)
	waitMemory(t, c, 1024)
	unharmed(t, c, before)
}

// TestFunctionReplaced takes the next version of the function, which writes another description of the alarm.
func TestFunctionReplaced(t *testing.T) {
	c := fileReady(t, "replaced")
	before := c.resources(t)
	revision := func() string { return text(c.xr(t), "spec", "compositionRevisionRef", "name") }
	was := revision()
	must(t, shared.Configure(t.Context(), map[string]any{"responseTTL": "10s"}))
	t.Cleanup(func() {
		// The test's own context has ended.
		if err := shared.Configure(context.Background(), nil); err != nil {
			t.Error(err)
		}
	})
	waitFor(t, "the platform team's settings are there", func() bool { return revision() != was }, func() string { return describe(c.xr(t)) })
	executable, err := shared.BuildFunction(t.Context(), "service.go", "PackageType:", "Description: new(\"next\"), PackageType:")
	must(t, err)

	replace(t, executable, "--debug")
	// Nothing tells Crossplane of a new function but the end of its answer's time to live.
	waitFor(t, "the new function's change is there", func() bool {
		return text(c.resource(t, "Function", "blue-function"), "spec", "forProvider", "description") == "next"
	}, func() string { return describe(c.live(t)) })
	unharmed(t, c, before)

	t.Log("and back")
	replace(t, "")
	setMemory(t, c, 2048)
	waitMemory(t, c, 2048)
	if got := text(c.resource(t, "Function", "blue-function"), "spec", "forProvider", "description"); got != "" {
		t.Errorf("the description that only the new function writes is still %q", got)
	}
	unharmed(t, c, before)
}

// TestFunctionIsNewerThanAPI has a function that writes a field of the status which the API does not have yet: it was
// upgraded before the Configuration, which docs/packages.md says not to do.
func TestFunctionIsNewerThanAPI(t *testing.T) {
	c := fileReady(t, "newer")
	before := c.resources(t)
	field := []string{"resources", "unready"}
	define := func(want bool, without ...[]string) {
		must(t, shared.Define(t.Context(), without...))
		waitFor(t, "the API server has the definition", func() bool {
			crd := get(t, crdKind, client.ObjectKey{Name: "xpaymentdeliverypipelines.paymentdelivery.io"})
			return strings.Contains(mustJSON(t, crd), `"unready"`) == want
		}, func() string { return "" })
	}
	t.Cleanup(func() {
		// The test's own context has ended.
		if err := shared.Define(context.Background()); err != nil {
			t.Error(err)
		}
	})
	define(false, field)

	table := kindNamed(t, "Table")
	must(t, account.Set(t.Context(), table, c.object("history-table"), aws.Unavailable))
	setMemory(t, c, 1024)
	waitMemory(t, c, 1024)
	// Crossplane cannot write its own conditions either, and has only an event to say so.
	xr := c.xr(t).GetName()
	waitFor(t, "an event says that the status cannot be written", func() bool {
		return strings.Contains(events(t, xrKind.Kind, xr), ".status.resources.unready: field not declared in schema")
	}, func() string { return events(t, xrKind.Kind, xr) })
	t.Logf("events of the XR:\n%s", events(t, xrKind.Kind, xr))
	t.Logf("claim:\n%s", describe(c.live(t)))
	if lost := gone(before, c.resources(t)); len(lost) > 0 {
		t.Errorf("these were deleted or made anew: %v", lost)
	}

	t.Log("now the Configuration is upgraded too")
	define(true)
	c.wait(t, "not Ready", func(live *unstructured.Unstructured) bool {
		unready, _, _ := unstructured.NestedStringSlice(live.Object, "status", "resources", "unready")
		return slices.Equal(unready, []string{"history-table"})
	})
	must(t, account.Set(t.Context(), table, c.object("history-table"), nil))
	unharmed(t, c, before)
}

// TestTwoReplicas has two replicas, of which now one and now the other is stopped, as a rollout of a Deployment does.
func TestTwoReplicas(t *testing.T) {
	c := fileReady(t, "replicas")
	before := c.resources(t)

	memory := int64(512)
	for range 3 {
		second, err := shared.StartReplica(t.Context(), "")
		must(t, err)
		shared.Proxy.Route(replica.Address, second.Address)
		memory += 64
		setMemory(t, c, memory)
		replica.Stop(30 * time.Second)
		replica = second
		waitMemory(t, c, memory)
	}
	shared.Proxy.Route(replica.Address)
	unharmed(t, c, before)
	t.Logf("events of the XR:\n%s", events(t, xrKind.Kind, c.xr(t).GetName()))
}

// replace the function by the executable, or by the usual one if none is given.
func replace(t *testing.T, executable string, flags ...string) {
	t.Helper()
	next, err := shared.StartReplica(t.Context(), executable, flags...)
	must(t, err)
	shared.Proxy.Route(next.Address)
	replica.Kill()
	replica = next
}

func setMemory(t *testing.T, c claim, mib int64) {
	t.Helper()
	c.set(mib, "service", "memorySizeMiB")
	must(t, c.apply(t))
}

func waitMemory(t *testing.T, c claim, mib int64) {
	t.Helper()
	waitFor(t, "the change of the claim is there", func() bool {
		n, _, _ := unstructured.NestedFieldNoCopy(c.resource(t, "Function", "blue-function").Object, "spec", "forProvider", "memorySize")
		return number(n) == float64(mib)
	}, func() string { return describe(c.live(t)) })
}

// unharmed is a claim that is ready and synced, and none of whose resources was deleted or made anew.
func unharmed(t *testing.T, c claim, before map[string]string) {
	t.Helper()
	c.wait(t, "Ready and Synced", func(live *unstructured.Unstructured) bool {
		return plane.Condition(live, "Ready") == "True" && plane.Condition(live, "Synced") == "True"
	})
	if lost := gone(before, c.resources(t)); len(lost) > 0 {
		t.Errorf("these were deleted or made anew: %v", lost)
	}
}
