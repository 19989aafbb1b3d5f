package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestDeletedByHand deletes everything in AWS past the provider, one of each kind and then the other. All of it comes back,
// and what only a person can do the claim asks for.
func TestDeletedByHand(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "examples/claims/minimal.yaml", "hand")
	before := holdings(t, c)
	// AWS deletes a role only after its policies, a bucket after what is in it, and an application with its groups.
	order := []string{
		"Pipeline", "Rule", "StateMachine", "Project", "DeploymentGroup", "Application", "Dashboard", "Alarm", "Alias", "Function", "Object",
		"Bucket", "Table", "Topic", "LogGroup", "Connection", "Role", "Policy",
	}
	for _, name := range things(before) {
		if kind, _, _ := strings.Cut(name, " "); !slices.Contains(order, kind) {
			t.Errorf("nobody deletes %s", name)
		}
	}
	for _, kind := range order {
		for _, name := range things(before) {
			if strings.HasPrefix(name, kind+" ") {
				if err := cloud.Delete(t.Context(), name); err != nil {
					t.Fatalf("cannot delete %s: %v", name, err)
				}
			}
		}
	}
	if left := things(holdings(t, c)); len(left) > len(before)/2 {
		t.Fatalf("AWS still has %v", left)
	}
	c.Wait(t, "asking for the handshake again", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "connection", "status") == "PENDING"
	})
	routes.Authorise(claims.Text(c.Live(t), "status", "connection", "arn"))
	c.WaitFor(t, "all is back", func() bool { return cmp.Equal(things(before), things(holdings(t, c))) },
		func() string { return cmp.Diff(things(before), things(holdings(t, c))) + c.Describe(t) })
	c.WaitReady(t)
	holds(t, c, "smallest")
}
