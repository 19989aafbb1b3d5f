package controlplane

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// TestNamespacedMigration goes the way of docs/namespaced.md from a claim to a namespaced composite resource, step by step. The
// API is the claim's, and the function the same; a second step of the Composition converts what it desires.
func TestNamespacedMigration(t *testing.T) {
	t.Parallel()
	namespacedKinds := offerNamespaced(t)

	c := newClaim(t, "move")
	c.withOptions()
	c.File(t)
	c.WaitReady(t)
	c.publish(t, "2")
	c.release(t, "2")
	asReleased := func(live *unstructured.Unstructured) bool {
		// The configuration of a version is told only while it is the newest.
		return claims.Text(live, "status", "release", "liveVersion") == "2" && plane.Condition(live, "ConfigurationPending") == "False"
	}
	c.Wait(t, "live on version 2, whose configuration is known", asReleased)
	c.publish(t, "3")

	t.Log("1. protect the claim")
	c.Set(true, "deletionProtection")
	claims.Must(t, c.Apply(t))
	c.Until(t, "nothing but subscriptions is deleted with the claim", func() bool {
		return cmp.Equal([]string{"TopicSubscription"}, deletable(t, c.managed(t, kinds)))
	})
	things, names, last := c.things(), externalNames(c.managed(t, kinds)), c.Live(t)

	t.Log("2. file the namespaced one, paused, with the claim's connection and its memory")
	x := pipeline{claim: c.as(pipelineKind)}
	x.Set(claims.Text(last, "status", "connection", "arn"), "source", "connectionArn")
	x.SetAnnotations(map[string]string{annotationPaused: "true"})
	x.file(t)
	x.remember(t, last)

	t.Log("too early: the claim holds the names")
	x.pause(t, false)
	x.wait(t, "refused", func(live *unstructured.Unstructured) bool {
		_, reason, message := claims.Condition(live, "Accepted")
		return reason == "NameTaken" && strings.Contains(message, c.GetNamespace()+"/"+c.GetName()+" ")
	})
	if made := c.managed(t, namespacedKinds); len(made) > 0 {
		t.Fatalf("made while the claim holds the names: %v", externalNames(made))
	}
	x.pause(t, true)
	x.wait(t, "paused", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "Synced")
		return reason == "ReconcilePaused"
	})

	t.Log("3. delete the claim")
	c.Kubectl(t, "delete", "pdp", c.GetName(), "--timeout=2m")
	if left := c.Resources(t); len(left) > 0 {
		t.Errorf("these managed resources are left when the claim is gone: %v", left)
	}
	if diff := cmp.Diff([]string{"TopicSubscription"}, kindsOf(without(things, c.things()))); diff != "" {
		t.Errorf("gone from AWS with the claim: -want kinds, +got:\n%s", diff)
	}

	t.Log("4. let the namespaced one adopt")
	x.pause(t, false)
	x.wait(t, "Ready, and all as it was", func(live *unstructured.Unstructured) bool {
		return plane.Condition(live, "Ready") == "True" && asReleased(live)
	})
	if diff := cmp.Diff(things, c.things()); diff != "" {
		t.Errorf("in AWS: -before, +after:\n%s", diff)
	}
	delete(names, "Connection "+c.ObjectName("github-connection")) // It is a given one now, and nobody's in the cluster.
	if diff := cmp.Diff(names, externalNames(c.managed(t, namespacedKinds))); diff != "" {
		t.Errorf("external names: -before, +after:\n%s", diff)
	}
	function := x.resource(t, "lambda.aws.m.upbound.io", "Function", "blue-function")
	if diff := cmp.Diff("3", claims.Text(function, "status", "atProvider", "version")); diff != "" {
		t.Errorf("newest version of blue: -want, +got:\n%s", diff)
	}
	t.Logf("the namespaced one:\n%s", claims.Describe(x.live(t)))
	sameNamesElsewhere(t, x, last)
	olderFunction(t, x)

	t.Log("5. it is in charge: what changes arrives, and what is deleted goes")
	x.patch(t, `{"spec": {"deletionProtection": false, "service": {"memorySizeMiB": 1024}}}`)
	x.until(t, "the change is in AWS", func() bool {
		function := x.resource(t, "lambda.aws.m.upbound.io", "Function", "blue-function")
		memory, _, _ := unstructured.NestedFieldNoCopy(function.Object, "status", "atProvider", "memorySize")
		return number(memory) == 1024
	})
	x.until(t, "all may be deleted", func() bool {
		made := c.managed(t, namespacedKinds)
		return len(deletable(t, made)) > 0 && !slices.ContainsFunc(made, func(mr unstructured.Unstructured) bool { return !mayDelete(t, mr) })
	})
	c.Kubectl(t, "delete", "paymentpipeline", x.GetName(), "--cascade=foreground", "--timeout=2m")
	if left := c.managed(t, namespacedKinds); len(left) > 0 {
		t.Errorf("these managed resources are left when their owner is gone: %v", externalNames(left))
	}
	if diff := cmp.Diff([]string{"Connection"}, kindsOf(c.things())); diff != "" {
		t.Errorf("left in AWS: -want kinds, +got:\n%s", diff)
	}
}

// sameNamesElsewhere files a pipeline with the names of another in another namespace. The API server takes the managed resources
// of both: there, a name is no lock. With the lock that docs/namespaced.md proposes the second must be refused.
func sameNamesElsewhere(t *testing.T, x pipeline, last *unstructured.Unstructured) {
	t.Helper()
	other := pipeline{claim: x.as(pipelineKind)}
	other.SetNamespace("team-move-too")
	other.Set(nil, "notifications")
	other.file(t)
	other.remember(t, last)
	other.pause(t, false)
	owner := func(x pipeline) types.UID {
		if function := x.resource(t, "lambda.aws.m.upbound.io", "Function", "blue-function"); function != nil {
			return metav1.GetControllerOf(function).UID
		}
		return ""
	}
	other.until(t, "both have a blue function of the same name in AWS", func() bool {
		return owner(x) == x.live(t).GetUID() && owner(other) == other.live(t).GetUID()
	})
	other.Kubectl(t, "delete", "paymentpipeline", other.GetName(), "--cascade=foreground", "--timeout=2m")
}

// olderFunction serves a pipeline that exists with a function that composes cluster-scoped resources only, as it does not know
// namespaced pipelines. A field of the input that it does not know either keeps it from that.
func olderFunction(t *testing.T, x pipeline) {
	t.Helper()
	compose(t, map[string]any{"providerConfigKind": "ClusterProviderConfig"})
	x.wait(t, "refused by an older function", func(live *unstructured.Unstructured) bool {
		_, reason, message := claims.Condition(live, "Accepted")
		return reason == "InvalidInput" && strings.Contains(message, "providerConfigKind")
	})
	if made := x.managed(t, kinds); len(made) > 0 {
		t.Errorf("made by an older function: %v", externalNames(made))
	}
	compose(t, nil, conversionStep)
	x.wait(t, "accepted again", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Accepted") == "True" })
}
