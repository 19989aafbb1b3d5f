package controlplane

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// TestResourceFails breaks one resource of a pipeline in every way there is. The claim says what is wrong, as its app team
// cannot look at the XR or at managed resources.
func TestResourceFails(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "fails")
	table := environment.KindNamed(t, "Table")
	before := c.Resources(t)
	const denied = "cannot update: AccessDeniedException: not authorized to perform dynamodb:UpdateTable"
	cases := map[string]struct {
		change  standin.Change
		failing string
	}{
		"Refused":     {change: standin.Refused(denied), failing: "history-table: " + denied},
		"Unavailable": {change: standin.Unavailable},
		"Stuck":       {change: standin.Stuck},
		"Lost":        {change: standin.Lost},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			claims.Must(t, account.Set(t.Context(), table, c.ObjectName("history-table"), tc.change))
			// Crossplane does not copy all of the XR's status to the claim at once.
			c.Wait(t, "not Ready, and says why", func(live *unstructured.Unstructured) bool {
				unready, _, _ := unstructured.NestedStringSlice(live.Object, "status", "resources", "unready")
				_, _, message := claims.Condition(live, "ResourcesFailing")
				return plane.Condition(live, "Ready") == "False" && message == tc.failing && slices.Equal(unready, []string{"history-table"})
			})
			t.Logf("kubectl get pdp: %v", c.row(t))
			t.Logf("kubectl describe pdp:\n%s", c.Kubectl(t, "describe", c.Plural(), c.GetName()))

			claims.Must(t, account.Set(t.Context(), table, c.ObjectName("history-table"), nil))
			unharmed(t, c, before)
		})
	}
}

// TestSlowAWS has AWS answer for each resource in an order that is drawn, and forget again what it had answered for some.
func TestSlowAWS(t *testing.T) {
	t.Parallel()
	// The same each time, as far as the control plane lets it be.
	random := rand.New(rand.NewPCG(1, 0))

	c := newClaim(t, "slow")
	c.File(t)
	seen, held := map[string]string{}, []string{}
	answer := func(resource string, change standin.Change) {
		kind, name, _ := strings.Cut(resource, " ")
		claims.Must(t, account.Set(t.Context(), environment.KindNamed(t, kind), name, change))
	}
	c.Until(t, "the claim is Ready", func() bool {
		now := c.Resources(t)
		if lost := gone(seen, now); len(lost) > 0 {
			t.Errorf("these were deleted or made anew: %v", lost)
		}
		for resource := range now {
			if seen[resource] == "" {
				answer(resource, standin.Stuck)
				held = append(held, resource)
			}
		}
		seen = now
		slices.Sort(held)
		for range min(5, len(held)) {
			at := random.IntN(len(held))
			answer(held[at], nil)
			held = slices.Delete(held, at, at+1)
		}
		// One in four is forgotten for a moment.
		if names := slices.Sorted(maps.Keys(seen)); len(held) > 0 && random.IntN(4) == 0 {
			forgotten := names[random.IntN(len(names))]
			answer(forgotten, standin.Lost)
			held = append(held, forgotten)
		}
		return len(held) == 0 && plane.Condition(c.Live(t), "Ready") == "True"
	})
	unharmed(t, c, seen)
}

// TestStatusLost empties the status of all resources that facts are read from, as a restored backup does.
func TestStatusLost(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "lost")
	before := c.Resources(t)
	outputs := func() map[string]any {
		status, _, _ := unstructured.NestedMap(c.Live(t).Object, "status")
		for _, name := range []string{"acceptedSpec", "conditions", "message", "resources"} { // They follow the claim, or what is ready.
			delete(status, name)
		}
		// Which configuration a version has is forgotten with the rest, and learnt again of newer ones.
		unstructured.RemoveNestedField(status, "release", "versions")
		return status
	}
	want := outputs()

	sources := [][2]string{
		{"Topic", "alarm-topic"},
		{"Role", "function-role"},
		{"Connection", "github-connection"},
		{"Function", "blue-function"},
		{"Alias", "live-alias"},
	}
	for _, s := range sources {
		claims.Must(t, account.Set(t.Context(), environment.KindNamed(t, s[0]), c.ObjectName(s[1]), standin.Lost))
	}
	c.Wait(t, "not Ready", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Ready") == "False" })
	setMemory(t, c, 1024)
	waitMemory(t, c, 1024)
	if diff := cmp.Diff(want, outputs()); diff != "" {
		t.Errorf("status while AWS says nothing: -before, +now:\n%s", diff)
	}
	t.Logf("claim:\n%s", c.Describe(t))

	t.Log("what the XR remembers is lost too, as in a restored backup")
	xr := c.XR(t).GetName()
	mustKubectl(t, "annotate", "xpaymentdeliverypipelines", xr, "crossplane.io/paused=true")
	environment.WaitFor(t, "the XR is paused", func() bool {
		_, reason, _ := claims.Condition(c.XR(t), "Synced")
		return reason == "ReconcilePaused"
	}, func() string { return claims.Describe(c.XR(t)) })
	forget := client.RawPatch(types.MergePatchType, []byte(`{"status": {"accountId": null, "connection": null, "release": null}}`))
	claims.Must(t, shared.Client.Status().Patch(t.Context(), c.XR(t), forget))
	mustKubectl(t, "annotate", "xpaymentdeliverypipelines", xr, "crossplane.io/paused-")
	c.Wait(t, "not accepted", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "Accepted")
		return reason == "FactLost"
	})
	t.Logf("claim:\n%s", c.Describe(t))

	for _, s := range sources {
		claims.Must(t, account.Set(t.Context(), environment.KindNamed(t, s[0]), c.ObjectName(s[1]), nil))
	}
	unharmed(t, c, before)
	if diff := cmp.Diff(want, outputs()); diff != "" {
		t.Errorf("status once AWS answers again: -before, +now:\n%s", diff)
	}
}

// TestDeletedByHand deletes managed resources behind Crossplane's back.
func TestDeletedByHand(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "hand")
	before := c.Resources(t)
	victims := map[string]string{
		"history-table":     "tables.dynamodb.aws.upbound.io",
		"function-role":     "roles.iam.aws.upbound.io",
		"blue-function":     "functions.lambda.aws.upbound.io",
		"github-connection": "connections.codestarconnections.aws.upbound.io",
	}
	names := []string{}
	for name, kind := range victims {
		// Waiting might never end: the resource may be back before kubectl sees that it was gone.
		mustKubectl(t, "delete", kind, c.ObjectName(name), "--wait=false")
		names = append(names, c.ObjectName(name))
	}
	c.Until(t, "all that were deleted are there again", func() bool {
		now := c.Resources(t)
		return len(now) == len(before) && len(gone(before, now)) == len(victims)
	})
	connected := func() (bool, string) {
		arn := claims.Text(c.Resource(t, "Connection", "github-connection"), "status", "atProvider", "arn")
		return arn != "" && arn == claims.Text(c.Live(t), "status", "connection", "arn"), arn
	}
	c.Until(t, "the claim knows the new connection", func() bool {
		ok, _ := connected()
		return ok
	})
	c.WaitReady(t)

	anew := []string{}
	for _, name := range gone(before, c.Resources(t)) {
		_, name, _ := strings.Cut(name, " ")
		anew = append(anew, name)
	}
	slices.Sort(anew)
	slices.Sort(names)
	if diff := cmp.Diff(names, anew); diff != "" {
		t.Errorf("made anew: -deleted by hand, +got:\n%s", diff)
	}
	_, arn := connected()
	if pipeline := c.Resource(t, "Codepipeline", "pipeline"); !strings.Contains(mustJSON(t, pipeline), arn) {
		t.Errorf("the pipeline does not use the new connection %s", arn)
	}
}

// TestLateResource has AWS take its time with what others wait for.
func TestLateResource(t *testing.T) {
	t.Parallel()
	c := newClaim(t, "late")
	function := environment.KindNamed(t, "Function")
	claims.Must(t, account.Set(t.Context(), function, c.ObjectName("blue-function"), standin.Stuck))
	c.File(t)
	c.Wait(t, "waiting for blue, and the pipeline for all the rest", func(live *unstructured.Unstructured) bool {
		_, _, message := claims.Condition(live, "ResourcesWaiting")
		return message == "Waiting for the first published version of the blue function: live-alias. "+
			"Waiting for all that a run of the pipeline uses to be ready: pipeline."
	})
	t.Logf("claim:\n%s", c.Describe(t))
	before := c.Resources(t)
	claims.Must(t, account.Set(t.Context(), function, c.ObjectName("blue-function"), nil))
	c.WaitReady(t)
	unharmed(t, c, before)
}
