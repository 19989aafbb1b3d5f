package controlplane

import (
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestDeletion(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "delete")
	xr := c.xr(t).GetName()
	before := len(c.things())

	// kubectl waits until the claim is gone, and the claim until everything below it is.
	began := time.Now()
	c.kubectl(t, "delete", "pdp", c.GetName(), "--timeout=2m")
	t.Logf("claim gone after %s", time.Since(began).Round(100*time.Millisecond))

	if left := c.resources(t); len(left) > 0 {
		t.Errorf("these managed resources are left when the claim is gone: %v", left)
	}
	if left := c.things(); len(left) > 0 {
		t.Errorf("these are left in AWS when the claim is gone: %v", left)
	}
	if get(t, xrKind, client.ObjectKey{Name: xr}) != nil {
		t.Error("the XR is left when the claim is gone")
	}
	t.Logf("%d things in AWS before, none after", before)
}

func TestDeletionProtection(t *testing.T) {
	t.Parallel()
	c := newClaim(t, "protect")
	c.set(true, "deletionProtection")
	c.file(t)
	c.waitReady(t)
	before := c.things()
	liveTraffic := c.resource(t, "Alias", "live-alias")
	bucket := text(c.live(t), "status", "artifactBucketName")

	for name := range c.resources(t) {
		kind, name, _ := strings.Cut(name, " ")
		if kind == "Connection" {
			// A claim can bring its own later, and then ours must go from AWS.
			continue
		}
		mr := get(t, kindNamed(t, kind), client.ObjectKey{Name: name})
		policies, _, _ := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
		if len(policies) == 0 || slices.Contains(policies, "Delete") || slices.Contains(policies, "*") {
			t.Errorf("managementPolicies of %s %s are %v, want them without Delete", kind, name, policies)
		}
	}

	c.kubectl(t, "delete", "pdp", c.GetName(), "--timeout=2m")
	if left := c.resources(t); len(left) > 0 {
		t.Errorf("these managed resources are left when the claim is gone: %v", left)
	}
	if lost := without(before, c.things()); len(lost) > 0 {
		t.Errorf("these are gone from AWS in spite of deletionProtection: %v", lost)
	}

	t.Log("the same claim again takes over what is in AWS")
	c.file(t)
	c.waitReady(t)
	if c.resource(t, "Alias", "live-alias").GetUID() == liveTraffic.GetUID() {
		t.Error("the alias is still the old managed resource")
	}
	if made := without(c.things(), before); len(made) > 0 {
		t.Logf("new in AWS: %v", made)
	}
	if again := text(c.live(t), "status", "artifactBucketName"); again != bucket {
		t.Logf("the artifact bucket is another one: %s, was %s", again, bucket)
	}
}

// without are the elements of a that are not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
