package controlplane

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/namespaced"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// pipelineKind is the namespaced composite resource of docs/namespaced.md.
var pipelineKind = claims.Kind.GroupVersion().WithKind("PaymentPipeline")

const (
	annotationExternalName = "crossplane.io/external-name"
	annotationPaused       = "crossplane.io/paused"
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
		// The settings of a version are told only while it is the newest.
		return claims.Text(live, "status", "release", "liveVersion") == "2" && plane.Condition(live, "ConfigurationPending") == "False"
	}
	c.Wait(t, "live on version 2, whose settings are known", asReleased)
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

// offerNamespaced has the control plane offer the namespaced API, whose AWS is the one of all tests. It returns the kinds of
// managed resources that it is made of.
func offerNamespaced(t *testing.T) []schema.GroupVersionKind {
	t.Helper()
	var namespacedKinds []schema.GroupVersionKind
	for _, kind := range kinds {
		namespacedKinds = append(namespacedKinds, namespaced.Kind(kind))
	}
	claims.Must(t, shared.InstallProviderCRDs(t.Context(), namespacedKinds...))
	provider := &aws.Account{AWS: account.AWS, Latency: latency}
	claims.Must(t, provider.Start(t.Context(), shared.Config, namespacedKinds))

	schemas, err := shared.ProviderSchemas(t.Context(), slices.Concat(kinds, namespacedKinds)...)
	claims.Must(t, err)
	const step = "function-namespaced"
	claims.Must(t, shared.ServeFunction(t.Context(), step, namespaced.Step{Schemas: schemas}))

	composition := readFile(t, "../../apis/composition.yaml")
	composition.SetName("payment-pipeline")
	set(composition, pipelineKind.Kind, "spec", "compositeTypeRef", "kind")
	steps, _, err := unstructured.NestedSlice(composition.Object, "spec", "pipeline")
	claims.Must(t, err)
	set(composition, append(steps, map[string]any{"step": "convert", "functionRef": map[string]any{"name": step}}), "spec", "pipeline")
	claims.Must(t, shared.Apply(t.Context(), composition))

	definition := readFile(t, "../../apis/definition.yaml")
	definition.SetAPIVersion("apiextensions.crossplane.io/v2")
	definition.SetName("paymentpipelines." + pipelineKind.Group)
	for _, field := range []string{"claimNames", "defaultCompositeDeletePolicy", "defaultCompositionRef"} {
		unstructured.RemoveNestedField(definition.Object, "spec", field)
	}
	set(definition, "Namespaced", "spec", "scope")
	set(definition, map[string]any{"kind": pipelineKind.Kind, "plural": "paymentpipelines", "singular": "paymentpipeline"}, "spec", "names")
	claims.Must(t, shared.Apply(t.Context(), definition))
	environment.WaitFor(t, "the namespaced API is offered", func() bool {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(pipelineKind)
		return shared.Client.List(t.Context(), l) == nil
	}, func() string { return "" })
	return namespacedKinds
}

// A pipeline is a namespaced composite resource.
type pipeline struct{ claim }

// as is the claim as another kind.
func (c claim) as(kind schema.GroupVersionKind) claim {
	c.Claim = c.Copy()
	c.SetGroupVersionKind(kind)
	return c
}

// file the pipeline, and delete it when the test ends.
func (x pipeline) file(t *testing.T) {
	t.Helper()
	x.Prepare(t)
	claims.Must(t, x.Apply(t))
}

func (x pipeline) live(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	return environment.Get(t, pipelineKind, client.ObjectKeyFromObject(x))
}

func (x pipeline) until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	environment.WaitFor(t, what, condition, func() string { return claims.Describe(x.live(t)) })
}

func (x pipeline) wait(t *testing.T, what string, is func(live *unstructured.Unstructured) bool) {
	t.Helper()
	x.until(t, "the namespaced one is "+what, func() bool { return is(x.live(t)) })
}

func (x pipeline) patch(t *testing.T, patch string) {
	t.Helper()
	claims.Must(t, shared.Client.Patch(t.Context(), x.live(t), client.RawPatch(types.MergePatchType, []byte(patch))))
}

// pause Crossplane's work on the pipeline, or let it go on.
func (x pipeline) pause(t *testing.T, is bool) {
	t.Helper()
	value := "null"
	if is {
		value = `"true"`
	}
	x.patch(t, `{"metadata": {"annotations": {"`+annotationPaused+`": `+value+`}}}`)
}

// remember what the claim's status said last, where the function looks for what it knew: a bucket's name carries the UID of the
// composite resource that made it.
func (x pipeline) remember(t *testing.T, last *unstructured.Unstructured) {
	t.Helper()
	memory := &unstructured.Unstructured{Object: map[string]any{"status": last.DeepCopy().Object["status"]}}
	unstructured.RemoveNestedField(memory.Object, "status", "conditions")
	patch := client.RawPatch(types.MergePatchType, []byte(mustJSON(t, memory)))
	claims.Must(t, shared.Client.Status().Patch(t.Context(), x.live(t), patch))
}

// resource of the pipeline's with the supplied name in the composition.
func (x pipeline) resource(t *testing.T, group, kind, name string) *unstructured.Unstructured {
	t.Helper()
	gvk := schema.GroupVersionKind{Group: group, Version: "v1beta1", Kind: kind}
	return environment.Get(t, gvk, client.ObjectKey{Namespace: x.GetNamespace(), Name: x.ObjectName(name)})
}

// managed resources of these kinds that exist for the claim's suffix.
func (c claim) managed(t *testing.T, kinds []schema.GroupVersionKind) []unstructured.Unstructured {
	t.Helper()
	var all []unstructured.Unstructured
	for _, kind := range kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(kind)
		claims.Must(t, shared.Client.List(t.Context(), l))
		for _, mr := range l.Items {
			if strings.HasPrefix(mr.GetName(), c.Suffix+".") {
				all = append(all, mr)
			}
		}
	}
	return all
}

// externalNames of managed resources, by their kinds and names.
func externalNames(managed []unstructured.Unstructured) map[string]string {
	names := map[string]string{}
	for _, mr := range managed {
		names[mr.GetKind()+" "+mr.GetName()] = mr.GetAnnotations()[annotationExternalName]
	}
	return names
}

// deletable are the kinds of those managed resources that the provider would delete in AWS too.
func deletable(t *testing.T, managed []unstructured.Unstructured) []string {
	t.Helper()
	found := []string{}
	for _, mr := range managed {
		if mayDelete(t, mr) {
			found = append(found, mr.GetKind())
		}
	}
	return found
}

func mayDelete(t *testing.T, mr unstructured.Unstructured) bool {
	t.Helper()
	policies, _, err := unstructured.NestedStringSlice(mr.Object, "spec", "managementPolicies")
	claims.Must(t, err)
	return slices.Contains(policies, "Delete")
}

func readFile(t *testing.T, path string) *unstructured.Unstructured {
	t.Helper()
	b, err := os.ReadFile(path)
	claims.Must(t, err)
	u := &unstructured.Unstructured{}
	claims.Must(t, yaml.Unmarshal(b, &u.Object))
	return u
}

func set(u *unstructured.Unstructured, value any, path ...string) {
	if err := unstructured.SetNestedField(u.Object, value, path...); err != nil {
		panic(err) // The file is our own.
	}
}
