package controlplane

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

var crdKind = schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"}

// A claim whose AWS is played by the account.
type claim struct{ claims.Claim }

// newClaim is the smallest claim of the examples with another suffix. Nothing of it is left for the next test.
func newClaim(t *testing.T, suffix string) claim {
	t.Helper()
	c := claim{environment.New(t, "examples/claims/minimal.yaml", suffix)}
	t.Cleanup(func() { account.AWS.Forget(c.Suffix + ".") })
	return c
}

// fileReady files a new claim and waits until it is Ready. It is deleted when the test ends.
func fileReady(t *testing.T, suffix string) claim {
	t.Helper()
	c := newClaim(t, suffix)
	c.File(t)
	c.WaitReady(t)
	return c
}

// row of "kubectl get pdp" with these arguments: the first word that it prints below each header.
func (c claim) row(t *testing.T, args ...string) map[string]string {
	t.Helper()
	header, values, _ := strings.Cut(c.Kubectl(t, append([]string{"get", c.Plural(), c.GetName()}, args...)...), "\n")
	row := map[string]string{}
	for name := range strings.FieldsSeq(header) {
		// Columns are aligned, and some are empty.
		at := strings.Index(header+" ", name+" ")
		if fields := strings.Fields(values[min(at, len(values)):]); len(fields) > 0 && values[at] != ' ' {
			row[name] = fields[0]
		}
	}
	return row
}

// events of the claim or its XR: type, reason and message of each.
func events(t *testing.T, kind, name string) string {
	t.Helper()
	out, err := shared.Kubectl(t.Context(), "", "get", "events", "-A", "--no-headers",
		"--field-selector=involvedObject.kind="+kind+",involvedObject.name="+name,
		"-o=custom-columns=TYPE:.type,REASON:.reason,MESSAGE:.message")
	claims.Must(t, err)
	return out
}

// things of the claim's that exist in AWS.
func (c claim) things() []string {
	return account.AWS.Things(c.Suffix + ".")
}

// happens in AWS to what it has of the claim's resource of that kind and name.
func (c claim) happens(t *testing.T, kind, name string, what func(mr *unstructured.Unstructured) error) {
	t.Helper()
	claims.Must(t, account.Happen(t.Context(), c.KindNamed(t, kind), c.ObjectName(name), what))
}

// publish a version of the blue function.
func (c claim) publish(t *testing.T, version string) {
	t.Helper()
	c.happens(t, "Function", "blue-function", func(mr *unstructured.Unstructured) error { return account.AWS.Publish(mr, version) })
}

// release a version: it is published, and all traffic is moved to it.
func (c claim) release(t *testing.T, version string) {
	t.Helper()
	c.happens(t, "Alias", "live-alias", func(mr *unstructured.Unstructured) error { return account.AWS.Release(mr, version) })
}

// withOptions turns on all parts that a claim can turn off.
func (c claim) withOptions() {
	c.Set([]any{"a@example.com"}, "notifications", "emails")
	c.Set(map[string]any{"type": "Canary", "percentage": int64(5), "intervalMinutes": int64(30)}, "rollout", "custom")
	c.Set("check-service", "rollout", "hooks", "beforeAllowTraffic")
}
