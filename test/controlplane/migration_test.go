package controlplane

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestMigration goes the way of docs/namespaced.md from a claim to a namespaced pipeline, step by step, and back.
func TestMigration(t *testing.T) {
	t.Parallel()
	t.Run("ToNamespaced", func(t *testing.T) { t.Parallel(); migrate(t, "move", byClaims, byClaims.Namespaced()) })
	t.Run("ToClaim", func(t *testing.T) { t.Parallel(); migrate(t, "back", byClaims.Namespaced(), byClaims) })
}

// migrate a pipeline from one form to the other.
func migrate(t *testing.T, suffix string, from, to claims.Environment) {
	t.Helper()
	c := newClaim(t, suffix).as(from)
	c.withOptions()
	c.File(t)
	c.WaitReady(t)
	c.publish(t, "2")
	c.release(t, "2")
	asReleased := func(live *unstructured.Unstructured) bool {
		// The configuration of a version is told only while it is the newest.
		return claims.Text(live, "status", "release", "liveVersion") == "2" && plane.Condition(live, "ConfigurationPending") != "True"
	}
	c.Wait(t, "live on version 2, whose configuration is known", asReleased)
	c.publish(t, "3")

	t.Log("1. protect the one")
	c.Set(true, "deletionProtection")
	claims.Must(t, c.Apply(t))
	c.Until(t, "nothing but subscriptions is deleted with it", func() bool {
		return cmp.Equal([]string{"TopicSubscription"}, deletable(t, c.managed(t)))
	})
	things, names, last := c.things(), externalNames(c.managed(t)), c.Live(t)

	t.Log("2. file the other with the connection of the one, and give it the memory. Too early: the one holds the names")
	x := c.as(to)
	x.Set(claims.Text(last, "status", "connection", "arn"), "source", "connectionArn")
	x.File(t)
	isRefused := func(live *unstructured.Unstructured) bool {
		_, reason, message := claims.Condition(live, "Accepted")
		return reason == "NameTaken" && strings.Contains(message, c.GetNamespace()+"/"+c.GetName())
	}
	x.Wait(t, "refused", isRefused)
	x.remember(t, last)
	x.Until(t, "the memory is kept", func() bool {
		return claims.Text(x.XR(t), "status", "artifactBucketName") == claims.Text(last, "status", "artifactBucketName") && isRefused(x.Live(t))
	})
	for _, mr := range x.managed(t) {
		if mr.GetKind() != "Role" || mayDelete(t, mr) {
			t.Errorf("made while another holds the names: %s %s", mr.GetKind(), mr.GetName())
		}
	}

	t.Log("3. delete the one")
	c.remove(t)
	for _, kind := range kindsOf(without(things, c.things())) {
		if kind != "TopicSubscription" { // The other may have made them again by now.
			t.Errorf("want only subscriptions gone from AWS with it, got %s", kind)
		}
	}

	t.Log("4. the other adopts")
	x.Wait(t, "Ready, and all as it was", func(live *unstructured.Unstructured) bool {
		return plane.Condition(live, "Ready") == "True" && asReleased(live)
	})
	if diff := cmp.Diff(things, c.things()); diff != "" {
		t.Errorf("in AWS: -before, +after:\n%s", diff)
	}
	delete(names, "Connection "+c.ObjectName("github-connection")) // It is a given one now, and nobody's in the cluster.
	if diff := cmp.Diff(names, externalNames(x.managed(t))); diff != "" {
		t.Errorf("external names: -before, +after:\n%s", diff)
	}
	if diff := cmp.Diff("3", claims.Text(x.Resource(t, "Function", "blue-function"), "status", "atProvider", "version")); diff != "" {
		t.Errorf("newest version of blue: -want, +got:\n%s", diff)
	}
	sameNamesElsewhere(t, x)

	t.Log("5. it is in charge: what changes arrives, and what is deleted goes")
	x.patch(t, `{"spec": {"deletionProtection": false, "service": {"memorySizeMiB": 1024}}}`)
	x.Until(t, "the change is in AWS", func() bool {
		function := x.Resource(t, "Function", "blue-function")
		memory, _, _ := unstructured.NestedFieldNoCopy(function.Object, "status", "atProvider", "memorySize")
		return number(memory) == 1024
	})
	x.Until(t, "all may be deleted", func() bool {
		made := x.managed(t)
		return len(deletable(t, made)) > 0 && !slices.ContainsFunc(made, func(mr unstructured.Unstructured) bool { return !mayDelete(t, mr) })
	})
	x.remove(t)
	if diff := cmp.Diff([]string{"Connection"}, kindsOf(c.things())); diff != "" {
		t.Errorf("left in AWS: -want kinds, +got:\n%s", diff)
	}
}

// sameNamesElsewhere files pipelines of both forms with the names of another in other namespaces. They are refused, and named the holder: a
// namespaced name is no lock there, the tag of the role is.
func sameNamesElsewhere(t *testing.T, x claim) {
	t.Helper()
	before := externalNames(x.managed(t))
	for namespace, form := range map[string]claims.Environment{"team-claim-" + x.Suffix: byClaims, "team-namespaced-" + x.Suffix: byClaims.Namespaced()} {
		other := x.as(form)
		other.SetNamespace(namespace)
		other.SetAnnotations(nil)
		other.File(t)
		other.Wait(t, "refused, and told who holds the names", func(live *unstructured.Unstructured) bool {
			_, reason, message := claims.Condition(live, "Accepted")
			return reason == "NameTaken" && strings.Contains(message, x.GetNamespace()+"/"+x.GetName())
		})
		other.Kubectl(t, "delete", other.Plural(), other.GetName(), "--cascade=foreground", "--timeout=2m")
	}
	if diff := cmp.Diff(before, externalNames(x.managed(t))); diff != "" {
		t.Errorf("others of these names came and went: -before, +after:\n%s", diff)
	}
}
