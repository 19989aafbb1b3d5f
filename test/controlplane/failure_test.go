package controlplane

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestResourceFails breaks one resource of a pipeline after the other, in every way there is.
func TestResourceFails(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "fails")
	table := kindNamed(t, "Table")
	before := c.resources(t)
	cases := map[string]aws.Change{
		"Refused":     aws.Refused("cannot update: AccessDeniedException: not authorized to perform dynamodb:UpdateTable"),
		"Unavailable": aws.Unavailable,
		"Stuck":       aws.Stuck,
		"Lost":        aws.Lost,
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			must(t, account.Set(t.Context(), table, c.object("history-table"), change))
			c.wait(t, "not Ready", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Ready") == "False" })
			xr := c.xr(t)
			_, reason, message := condition(xr, "Ready")
			if !strings.Contains(message, "history-table") {
				t.Errorf("Ready of the XR: %s: %s, want it to name history-table", reason, message)
			}
			t.Logf("kubectl get pdp: %v", c.row(t))
			t.Logf("claim:\n%s", describe(c.live(t)))
			t.Logf("Ready of the XR: %s: %s", reason, message)
			must(t, account.Set(t.Context(), table, c.object("history-table"), nil))
			unharmed(t, c, before)
		})
	}
}

// TestStatusLost empties the status of all resources that facts are read from, as a restored backup does.
func TestStatusLost(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "lost")
	before := c.resources(t)
	outputs := func() map[string]any {
		status, _, _ := unstructured.NestedMap(c.live(t).Object, "status")
		for _, name := range []string{"conditions", "resources"} {
			delete(status, name)
		}
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
		must(t, account.Set(t.Context(), kindNamed(t, s[0]), c.object(s[1]), aws.Lost))
	}
	c.wait(t, "not Ready", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Ready") == "False" })
	setMemory(t, c, 1024)
	waitMemory(t, c, 1024)
	if diff := cmp.Diff(want, outputs()); diff != "" {
		t.Errorf("status while AWS says nothing: -before, +now:\n%s", diff)
	}
	t.Logf("claim:\n%s", describe(c.live(t)))

	for _, s := range sources {
		must(t, account.Set(t.Context(), kindNamed(t, s[0]), c.object(s[1]), nil))
	}
	unharmed(t, c, before)
}

// TestDeletedByHand deletes managed resources behind Crossplane's back.
func TestDeletedByHand(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "hand")
	before := c.resources(t)
	victims := map[string]string{
		"history-table":     "tables.dynamodb.aws.upbound.io",
		"function-role":     "roles.iam.aws.upbound.io",
		"blue-function":     "functions.lambda.aws.upbound.io",
		"github-connection": "connections.codestarconnections.aws.upbound.io",
	}
	names := []string{}
	for name, kind := range victims {
		mustKubectl(t, "delete", kind, c.object(name))
		names = append(names, c.object(name))
	}
	waitFor(t, "all resources are there", func() bool {
		return len(c.resources(t)) == len(before)
	}, func() string { return describe(c.live(t)) })
	connected := func() (bool, string) {
		arn := text(c.resource(t, "Connection", "github-connection"), "status", "atProvider", "arn")
		return arn != "" && arn == text(c.live(t), "status", "connection", "arn"), arn
	}
	waitFor(t, "the claim knows the new connection", func() bool {
		ok, _ := connected()
		return ok
	}, func() string { return describe(c.live(t)) })
	c.waitReady(t)

	anew := []string{}
	for _, name := range gone(before, c.resources(t)) {
		_, name, _ := strings.Cut(name, " ")
		anew = append(anew, name)
	}
	slices.Sort(anew)
	slices.Sort(names)
	if diff := cmp.Diff(names, anew); diff != "" {
		t.Errorf("made anew: -deleted by hand, +got:\n%s", diff)
	}
	_, arn := connected()
	if pipeline := c.resource(t, "Codepipeline", "pipeline"); !strings.Contains(mustJSON(t, pipeline), arn) {
		t.Errorf("the pipeline does not use the new connection %s", arn)
	}
}

// TestLateResource has AWS take its time with what others wait for.
func TestLateResource(t *testing.T) {
	t.Parallel()
	c := newClaim(t, "late")
	function := kindNamed(t, "Function")
	must(t, account.Set(t.Context(), function, c.object("blue-function"), aws.Stuck))
	c.file(t)
	c.wait(t, "waiting for blue", func(live *unstructured.Unstructured) bool {
		_, _, message := condition(live, "ResourcesWaiting")
		return strings.HasPrefix(message, "Waiting for the first published version of the blue function: ") &&
			!strings.Contains(message, ". Waiting")
	})
	t.Logf("claim:\n%s", describe(c.live(t)))
	before := c.resources(t)
	must(t, account.Set(t.Context(), function, c.object("blue-function"), nil))
	c.waitReady(t)
	unharmed(t, c, before)
}
