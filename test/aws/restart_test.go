package aws

import (
	"fmt"
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
	// A connection whose creation is interrupted needs a person: see docs/troubleshooting.md.
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
	// The claim may still say that it was ready before.
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

// TestKilled kills the provider again and again while it creates. It does not know then what came of what it was creating, and
// goes on with everything that has a name of ours. The claim brings a connection, as a connection has none.
func TestKilled(t *testing.T) {
	c := environment.New(t, "examples/claims/existing-connection.yaml", "killed")
	c.File(t)
	for _, things := range []int{1, 8, 16, 24} {
		c.Until(t, fmt.Sprintf("AWS has %d things", things), func() bool { return len(holdings(t, c)) >= things })
		claims.Must(t, provider.Restart())
	}
	c.WaitReady(t)
}

// TestInterruptedDeletion deletes a claim while the provider does not know what came of a creation, and nobody asks the function any more.
// The provider finds by its name what it has made, and deletes it.
func TestInterruptedDeletion(t *testing.T) {
	c := environment.New(t, "examples/claims/existing-connection.yaml", "interrupted")
	c.File(t)
	c.Until(t, "AWS has some of it, the build's logs included", func() bool {
		h := holdings(t, c)
		return len(h) >= 8 && h["LogGroup /aws/codebuild/payment-processor-build-interrupted"] != nil
	})
	claims.Must(t, provider.Restart())
	replica.Kill()
	defer startFunction(t)
	c.Kubectl(t, "annotate", "--overwrite", "groups.cloudwatchlogs.aws.upbound.io", c.ObjectName("build-log-group"),
		"crossplane.io/external-create-pending="+time.Now().Add(time.Hour).Format(time.RFC3339))
	claims.Must(t, shared.Client.Delete(t.Context(), c.DeepCopy()))
	gone(t, c)
}

// gone waits until nothing of the claim is left, neither in the cluster nor in AWS.
func gone(t *testing.T, c claims.Claim) {
	t.Helper()
	c.WaitFor(t, "the claim is gone", func() bool { return c.Live(t) == nil && len(c.Resources(t)) == 0 },
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
