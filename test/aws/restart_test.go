package aws

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// restart everything that works on claims: the provider, the function and Crossplane, each killed as a node's end does it.
func restart(t *testing.T) {
	t.Helper()
	claims.Must(t, provider.Restart())
	replica.Kill()
	startFunction(t)
	claims.Must(t, shared.RestartCrossplane(t.Context(), false))
}

// startFunction after it was killed.
func startFunction(t *testing.T) {
	t.Helper()
	next, err := shared.StartReplica(t.Context(), "")
	claims.Must(t, err)
	replica = next
	shared.Proxy.Route(replica.Address)
}

// TestRestarts restarts everything in the middle of creation, of an update and of deletion.
func TestRestarts(t *testing.T) {
	c := environment.New(t, "examples/claims/minimal.yaml", "restart")
	c.File(t)
	// A connection whose creation is interrupted needs a person: see docs/aws.md.
	c.Until(t, "AWS has some of it, and its connection", func() bool {
		return len(holdings(t, c)) > 5 && claims.Text(c.Live(t), "status", "connection", "arn") != ""
	})
	restart(t)
	authorise(t, c)
	restart(t)
	c.WaitReady(t)
	holds(t, c, "smallest")

	before := c.Resources(t)
	held := func() string { return holdings(t, c).Normal(c.Suffix) }
	smallest := held()
	full := newFull(t, "restart")
	full.Set(nil, "source", "connectionArn")
	claims.Must(t, full.Apply(t))
	c.Until(t, "AWS has some of the update", func() bool { return held() != smallest })
	restart(t)
	c.Until(t, "the update has arrived", func() bool {
		h := holdings(t, c)
		return h.At("Function payment-processor-green-restart", "Configuration", "MemorySize") == "1024" &&
			h.At("LogGroup /aws/lambda/payment-processor-blue-restart", "RetentionInDays") == "90" &&
			h.At("DeploymentGroup payment-processor-dg-restart", "DeploymentConfigName") == "payment-processor-linear-20percent-15minutes-restart"
	})
	// The claim may still say that it was ready before. A claim that is deleted while a creation is interrupted needs a person:
	// see docs/aws.md.
	c.Until(t, "every resource is ready", func() bool { return len(c.Unready(t)) == 0 })
	c.WaitReady(t)
	after := c.Resources(t)
	for name, uid := range before {
		if after[name] != uid {
			t.Errorf("%s was made again", name)
		}
	}

	claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy()))
	c.Until(t, "AWS has lost some of it", func() bool { return len(holdings(t, c)) < 20 })
	restart(t)
	gone(t, c)
}

// TestKilled kills the provider again and again while it creates. It does not know then what came of what it was creating,
// and waits for a person; the function knows which of it is safe to go on with. The claim brings a connection, as that is not.
func TestKilled(t *testing.T) {
	c := environment.New(t, "examples/claims/existing-connection.yaml", "killed")
	c.File(t)
	for _, things := range []int{1, 8, 16, 24} {
		c.Until(t, fmt.Sprintf("AWS has %d things", things), func() bool { return len(holdings(t, c)) >= things })
		claims.Must(t, provider.Restart())
	}
	c.WaitReady(t)
	deleteInterrupted(t, c)
}

// deleteInterrupted deletes the claim while something is being created, as far as its provider knows, and nobody asks the
// function any more. What a person does then is in docs/aws.md.
func deleteInterrupted(t *testing.T, c claims.Claim) {
	t.Helper()
	const pending = "crossplane.io/external-create-pending"
	logs := []string{"groups.cloudwatchlogs.aws.upbound.io", c.ObjectName("build-log-group")}
	annotate := func(annotations ...string) {
		c.Kubectl(t, append(append([]string{"annotate", "--overwrite"}, logs...), annotations...)...)
	}
	replica.Kill()
	defer startFunction(t)
	annotate(pending + "=" + time.Now().Format(time.RFC3339))
	claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy()))
	c.Until(t, "only what was interrupted is left", func() bool {
		_, _, message := claims.Condition(c.Resource(t, "Group", "build-log-group"), "Synced")
		return len(c.Resources(t)) == 1 && strings.HasPrefix(message, claims.Interrupted)
	})
	annotate(pending+"-", "example.org/looked-at=yes")
	gone(t, c)
}

// gone waits until nothing of the claim is left, neither in the cluster nor in AWS.
func gone(t *testing.T, c claims.Claim) {
	t.Helper()
	began, looked := time.Now(), false
	c.WaitFor(t, "the claim is gone", func() bool {
		if !looked && time.Since(began) > patience/2 {
			looked = true
			released, err := c.ReleaseInterrupted(t.Context())
			claims.Must(t, err)
			t.Logf("a person has to release %v", released)
		}
		return c.Live(t) == nil && len(c.Resources(t)) == 0
	},
		func() string { return cmp.Diff(map[string]string{}, c.Resources(t)) + c.Describe(t) })
	if left := holdings(t, c); len(left) > 0 {
		t.Errorf("AWS still has %v", things(left))
	}
}

// waitsFailing waits until the claim says that AWS refuses something.
func waitsFailing(t *testing.T, c claims.Claim) {
	t.Helper()
	c.Wait(t, "telling what fails", func(live *unstructured.Unstructured) bool {
		status, _, _ := claims.Condition(live, "ResourcesFailing")
		return status == "True"
	})
}
