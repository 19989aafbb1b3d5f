package controlplane

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

func TestDeletion(t *testing.T) {
	t.Parallel()
	c := newClaim(t, "delete")
	c.withOptions()
	c.File(t)
	c.WaitReady(t)
	xr := c.XR(t).GetName()
	before := len(c.things())

	// kubectl waits until the claim is gone, and the claim until everything below it is: AWS takes its time.
	began := time.Now()
	c.Kubectl(t, "delete", c.Plural(), c.GetName(), "--timeout=2m")
	t.Logf("claim gone after %s", time.Since(began).Round(100*time.Millisecond))

	if left := c.things(); len(left) > 0 {
		t.Errorf("these are left in AWS when the claim is gone: %v", left)
	}
	if left := c.Resources(t); len(left) > 0 {
		t.Errorf("these managed resources are left when the claim is gone: %v", left)
	}
	if environment.Get(t, claims.XRKind, client.ObjectKey{Name: xr}) != nil {
		t.Error("the XR is left when the claim is gone")
	}
	t.Logf("%d things in AWS before, none after", before)
}

func TestDeletionProtection(t *testing.T) {
	t.Parallel()
	c := newClaim(t, "protect")
	c.withOptions()
	c.Set(true, "deletionProtection")
	c.File(t)
	c.WaitReady(t)
	// Version 3 was built too and not released: it must not become live. The release comes last, as the claim tells of it:
	// nothing may be under way when the claim is deleted.
	c.publish(t, "2")
	c.publish(t, "3")
	c.release(t, "2")
	c.Wait(t, "live on version 2", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "release", "liveVersion") == "2"
	})
	before := c.things()

	c.Kubectl(t, "delete", c.Plural(), c.GetName(), "--timeout=2m")
	if left := c.Resources(t); len(left) > 0 {
		t.Errorf("these managed resources are left when the claim is gone: %v", left)
	}
	if diff := cmp.Diff([]string{"TopicSubscription"}, kindsOf(without(before, c.things()))); diff != "" {
		t.Errorf("gone from AWS in spite of deletionProtection: -want kinds, +got:\n%s", diff)
	}

	t.Log("the same claim again takes over what is in AWS")
	c.File(t)
	c.WaitReady(t)
	c.Wait(t, "live on version 2, as before", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "release", "liveVersion") == "2"
	})
	if diff := cmp.Diff([]string{"Bucket", "Connection"}, kindsOf(without(c.things(), before))); diff != "" {
		t.Errorf("new in AWS: -want kinds, +got:\n%s", diff)
	}
}

// TestLateFunction deletes a claim while the function's answer is under way, and gives that to Crossplane when all resources are deleted. It
// takes the function away from all claims, so it is not parallel.
func TestLateFunction(t *testing.T) {
	c := fileReady(t, "late")
	rest(t, c)
	before, xr := c.Resources(t), c.XR(t).GetName()

	release := sync.OnceFunc(shared.Proxy.Hold())
	defer release()
	was := shared.Proxy.Held()
	c.Kubectl(t, "annotate", "xpdp", xr, "example.org/look=now")
	c.Until(t, "the function's answer is held back", func() bool { return shared.Proxy.Held() > was })
	c.Kubectl(t, "delete", c.Plural(), c.GetName(), "--wait=false")
	c.Until(t, "all of its resources are deleted", func() bool { return len(c.Resources(t)) == 0 })
	release()

	again := map[string]string{}
	c.Until(t, "the claim is gone", func() bool {
		maps.Copy(again, c.Resources(t))
		return c.Live(t) == nil
	})
	if len(again) > 0 {
		t.Errorf("%d of %d resources were made again after they had been deleted: %v", len(again), len(before), again)
	}
	if left := c.things(); len(left) > 0 {
		t.Errorf("these are left in AWS when the claim is gone: %v", left)
	}
	events := c.Kubectl(t, "get", "events", "--all-namespaces", "--field-selector=involvedObject.name="+xr)
	if !strings.Contains(events, "its pipeline "+xr+" is being deleted") {
		t.Errorf("want Crossplane to have been refused when it composed what the function had answered, got\n%s", events)
	}
}

// without are the elements of a that are not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// kindsOf things in AWS.
func kindsOf(things []string) []string {
	kinds := []string{}
	for _, thing := range things {
		kind, _, _ := strings.Cut(thing, " ")
		kinds = append(kinds, kind)
	}
	return slices.Compact(kinds)
}
