package controlplane

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// The tests here take the function away from all claims, so none of them is parallel.

func TestFunctionKilled(t *testing.T) {
	c := fileReady(t, "killed")
	before := c.Resources(t)
	rest(t, c)

	replica.Kill()
	setMemory(t, c, 1024)
	time.Sleep(5 * time.Second)
	t.Logf("while the function is dead:\n%s", c.Describe(t))
	if got := plane.Condition(c.Live(t), "Ready"); got != "True" {
		t.Errorf("Ready is %q while the function is dead, want True: the pipeline in AWS is as it was", got)
	}

	replace(t, "")
	waitMemory(t, c, 1024)
	unharmed(t, c, before)
}

// rest waits until Crossplane has written the XR's status for the last time. When it reconciles an XR whose last status it has not seen
// yet, it writes the status before that once more, for some milliseconds: whoever takes the function away then leaves it there.
func rest(t *testing.T, c claim) {
	t.Helper()
	const quiet = 2 * time.Second
	was, since := "", time.Now()
	c.Until(t, "the XR rests", func() bool {
		if now := c.XR(t).GetResourceVersion(); now != was {
			was, since = now, time.Now()
		}
		return time.Since(since) > quiet && plane.Condition(c.XR(t), "Ready") == "True"
	})
}

// TestFunctionUnreachable loses every packet to the function for a minute.
func TestFunctionUnreachable(t *testing.T) {
	c := fileReady(t, "unreachable")
	before := c.Resources(t)
	rest(t, c)

	shared.Proxy.Silence()
	setMemory(t, c, 1024)
	time.Sleep(time.Minute)
	t.Logf("while the function is unreachable:\n%s", c.Describe(t))

	shared.Proxy.Route(replica.Address)
	waitMemory(t, c, 1024)
	unharmed(t, c, before)
}

// TestFunctionReplaced takes the next version of the function, which writes another description of the alarm.
func TestFunctionReplaced(t *testing.T) {
	c := fileReady(t, "replaced")
	before := c.Resources(t)
	revision := func() string { return claims.Text(c.XR(t), "spec", "compositionRevisionRef", "name") }
	was := revision()
	claims.Must(t, shared.Configure(t.Context(), map[string]any{"responseTTL": "10s"}))
	t.Cleanup(func() {
		// The test's own context has ended.
		if err := shared.Configure(context.Background(), nil); err != nil {
			t.Error(err)
		}
	})
	environment.WaitFor(t, "the platform team's settings are there", func() bool { return revision() != was }, func() string { return claims.Describe(c.XR(t)) })
	executable, err := shared.BuildFunction(t.Context(), "architecture/service.go", "PackageType:", "Description: new(\"next\"), PackageType:")
	claims.Must(t, err)

	replace(t, executable, "--debug")
	// Nothing tells Crossplane of a new function but the end of its answer's time to live.
	c.Until(t, "the new function's change is there", func() bool {
		return claims.Text(c.Resource(t, "Function", "blue-function"), "spec", "forProvider", "description") == "next"
	})
	unharmed(t, c, before)

	t.Log("and back")
	replace(t, "")
	setMemory(t, c, 2048)
	waitMemory(t, c, 2048)
	if got := claims.Text(c.Resource(t, "Function", "blue-function"), "spec", "forProvider", "description"); got != "" {
		t.Errorf("the description that only the new function writes is still %q", got)
	}
	unharmed(t, c, before)
}

// TestFunctionIsNewerThanAPI has a function that writes a field of the status which the API does not have yet: it was
// upgraded before the Configuration, which docs/packages.md says not to do.
func TestFunctionIsNewerThanAPI(t *testing.T) {
	c := fileReady(t, "newer")
	before := c.Resources(t)
	field := []string{"resources", "unready"}
	define := func(want bool, without ...[]string) {
		claims.Must(t, shared.Define(t.Context(), without...))
		environment.WaitFor(t, "the API server has the definition", func() bool {
			crd := environment.Get(t, crdKind, client.ObjectKey{Name: "xpaymentdeliverypipelines.paymentdelivery.io"})
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

	table := environment.KindNamed(t, "Table")
	claims.Must(t, account.Set(t.Context(), table, c.ObjectName("history-table"), standin.Unavailable))
	setMemory(t, c, 1024)
	waitMemory(t, c, 1024)
	// Crossplane cannot write its own conditions either, and has only an event to say so.
	xr := c.XR(t).GetName()
	environment.WaitFor(t, "an event says that the status cannot be written", func() bool {
		return strings.Contains(events(t, claims.XRKind.Kind, xr), ".status.resources.unready: field not declared in schema")
	}, func() string { return events(t, claims.XRKind.Kind, xr) })
	t.Logf("events of the XR:\n%s", events(t, claims.XRKind.Kind, xr))
	t.Logf("claim:\n%s", c.Describe(t))
	if lost := gone(before, c.Resources(t)); len(lost) > 0 {
		t.Errorf("these were deleted or made anew: %v", lost)
	}

	t.Log("now the Configuration is upgraded too")
	define(true)
	c.Wait(t, "not Ready", func(live *unstructured.Unstructured) bool {
		unready, _, _ := unstructured.NestedStringSlice(live.Object, "status", "resources", "unready")
		return slices.Equal(unready, []string{"history-table"})
	})
	claims.Must(t, account.Set(t.Context(), table, c.ObjectName("history-table"), nil))
	unharmed(t, c, before)
}

// TestFunctionIsNewerThanProvider has a function that composes a field which the provider's CRD does not have yet.
func TestFunctionIsNewerThanProvider(t *testing.T) {
	c := fileReady(t, "newer-field")
	before := c.Resources(t)
	crd, err := shared.ProviderCRD(t.Context(), environment.KindNamed(t, "Function"))
	claims.Must(t, err)
	t.Cleanup(func() {
		// The test's own context has ended.
		if err := shared.Apply(context.Background(), crd); err != nil {
			t.Error(err)
		}
	})
	older := crd.DeepCopy()
	versions, _, err := unstructured.NestedSlice(older.Object, "spec", "versions")
	claims.Must(t, err)
	unstructured.RemoveNestedField(versions[0].(map[string]any),
		"schema", "openAPIV3Schema", "properties", "spec", "properties", "forProvider", "properties", "memorySize")
	claims.Must(t, unstructured.SetNestedSlice(older.Object, versions, "spec", "versions"))
	claims.Must(t, shared.Apply(t.Context(), older))

	setMemory(t, c, 1024)
	xr := c.XR(t).GetName()
	environment.WaitFor(t, "an event says that the field is not known", func() bool {
		return strings.Contains(events(t, claims.XRKind.Kind, xr), ".spec.forProvider.memorySize: field not declared in schema")
	}, func() string { return events(t, claims.XRKind.Kind, xr) })
	t.Logf("claim:\n%s", c.Describe(t))
	if lost := gone(before, c.Resources(t)); len(lost) > 0 {
		t.Errorf("these were deleted or made anew: %v", lost)
	}

	t.Log("now the provider is upgraded too")
	claims.Must(t, shared.Apply(t.Context(), crd))
	waitMemory(t, c, 1024)
	unharmed(t, c, before)
}

// TestTwoReplicas has two replicas, of which now one and now the other is stopped, as a rollout of a Deployment does.
func TestTwoReplicas(t *testing.T) {
	c := fileReady(t, "replicas")
	before := c.Resources(t)

	memory := int64(512)
	for range 3 {
		second, err := shared.StartReplica(t.Context(), "")
		claims.Must(t, err)
		shared.Proxy.Route(replica.Address, second.Address)
		memory += 64
		setMemory(t, c, memory)
		replica.Stop(30 * time.Second)
		replica = second
		waitMemory(t, c, memory)
	}
	shared.Proxy.Route(replica.Address)
	unharmed(t, c, before)
	t.Logf("events of the XR:\n%s", events(t, claims.XRKind.Kind, c.XR(t).GetName()))
}

// replace the function by the executable, or by the usual one if none is given.
func replace(t *testing.T, executable string, flags ...string) {
	t.Helper()
	next, err := shared.StartReplica(t.Context(), executable, flags...)
	claims.Must(t, err)
	shared.Proxy.Route(next.Address)
	replica.Kill()
	replica = next
}

func setMemory(t *testing.T, c claim, mib int64) {
	t.Helper()
	c.Set(mib, "service", "memorySizeMiB")
	claims.Must(t, c.Apply(t))
}

func waitMemory(t *testing.T, c claim, mib int64) {
	t.Helper()
	c.Until(t, "the change of the claim is there", func() bool {
		n, _, _ := unstructured.NestedFieldNoCopy(c.Resource(t, "Function", "blue-function").Object, "spec", "forProvider", "memorySize")
		return number(n) == float64(mib)
	})
}

// unharmed is a claim that is ready and synced, and none of whose resources was deleted or made anew.
func unharmed(t *testing.T, c claim, before map[string]string) {
	t.Helper()
	c.Wait(t, "Ready and Synced", func(live *unstructured.Unstructured) bool {
		return plane.Condition(live, "Ready") == "True" && plane.Condition(live, "Synced") == "True"
	})
	if lost := gone(before, c.Resources(t)); len(lost) > 0 {
		t.Errorf("these were deleted or made anew: %v", lost)
	}
}
