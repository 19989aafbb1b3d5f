package controlplane

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

const (
	group   = "paymentdelivery.io"
	version = "v1alpha1"
)

var (
	claimKind = schema.GroupVersionKind{Group: group, Version: version, Kind: "PaymentDeliveryPipeline"}
	crdKind   = schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"}
	xrKind    = schema.GroupVersionKind{Group: group, Version: version, Kind: "XPaymentDeliveryPipeline"}
)

// A claim as its app team sees it: in a namespace, through kubectl.
type claim struct {
	*unstructured.Unstructured

	suffix string
}

// newClaim is the smallest claim of the examples with another suffix. Its namespace is its own.
func newClaim(t *testing.T, suffix string) claim {
	t.Helper()
	c := claim{Unstructured: &unstructured.Unstructured{}, suffix: suffix}
	b, err := os.ReadFile("../../examples/claims/minimal.yaml")
	must(t, err)
	must(t, yaml.Unmarshal(b, &c.Object))
	c.SetName("payments")
	c.SetNamespace("team-" + suffix)
	c.set(suffix, "environmentSuffix")
	return c
}

// fileReady files a new claim and waits until it is Ready. It is deleted when the test ends.
func fileReady(t *testing.T, suffix string) claim {
	t.Helper()
	c := newClaim(t, suffix)
	c.file(t)
	c.waitReady(t)
	return c
}

// set a field of the claim's spec. Nil removes it.
func (c claim) set(value any, path ...string) {
	path = append([]string{"spec"}, path...)
	if value == nil {
		unstructured.RemoveNestedField(c.Object, path...)
		return
	}
	if err := unstructured.SetNestedField(c.Object, value, path...); err != nil {
		panic(err)
	}
}

// file the claim for the first time.
func (c claim) file(t *testing.T) {
	t.Helper()
	c.prepare(t)
	must(t, c.apply(t))
}

// prepare the claim's namespace, and delete the claim when the test ends. Nothing of it is left for the next test.
func (c claim) prepare(t *testing.T) {
	t.Helper()
	must(t, shared.Apply(t.Context(), &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: c.GetNamespace()},
	}))
	t.Cleanup(func() {
		// The test's own context has ended.
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		for shared.Client.Delete(ctx, c.DeepCopy()) == nil {
			time.Sleep(100 * time.Millisecond)
		}
		account.Forget(c.suffix + ".")
		if ctx.Err() != nil {
			t.Errorf("claim %s is not gone two minutes after its test", c.suffix)
		}
	})
}

// apply the claim as it is now with kubectl.
func (c claim) apply(t *testing.T) error {
	t.Helper()
	b, err := yaml.Marshal(c.Object)
	must(t, err)
	_, err = shared.Kubectl(t.Context(), string(b), "apply", "-f", "-")
	return err
}

// kubectl about the claim. What it prints has no spaces around it.
func (c claim) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := shared.Kubectl(t.Context(), "", append([]string{"-n", c.GetNamespace()}, args...)...)
	must(t, err)
	return strings.TrimSpace(out)
}

// row of "kubectl get pdp": what it prints below each header.
func (c claim) row(t *testing.T) map[string]string {
	t.Helper()
	header, values, _ := strings.Cut(c.kubectl(t, "get", "pdp", c.GetName()), "\n")
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
	must(t, err)
	return out
}

// live is the claim as the API server has it.
func (c claim) live(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	return get(t, claimKind, client.ObjectKeyFromObject(c))
}

// xr is the claim's composite resource, or nil before there is one.
func (c claim) xr(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	name := text(c.live(t), "spec", "resourceRef", "name")
	if name == "" {
		return nil
	}
	return get(t, xrKind, client.ObjectKey{Name: name})
}

// waitReady until the claim is ready.
func (c claim) waitReady(t *testing.T) {
	t.Helper()
	c.wait(t, "Ready", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Ready") == "True" })
}

// wait until the claim is as it should be.
func (c claim) wait(t *testing.T, what string, is func(live *unstructured.Unstructured) bool) {
	t.Helper()
	waitFor(t, "claim "+c.suffix+" is "+what, func() bool {
		live := c.live(t)
		return live != nil && is(live)
	}, func() string { return describe(c.live(t)) })
}

// resource of the claim's with the supplied name in the composition, or nil.
func (c claim) resource(t *testing.T, kind, name string) *unstructured.Unstructured {
	t.Helper()
	return get(t, kindNamed(t, kind), client.ObjectKey{Name: c.object(name)})
}

// object is the metadata.name of the claim's resource with the supplied name in the composition.
func (c claim) object(name string) string {
	return c.suffix + "." + name + ".default"
}

// resources that exist for the claim: kind and name, with their UIDs.
func (c claim) resources(t *testing.T) map[string]string {
	t.Helper()
	uids := map[string]string{}
	for _, gvk := range kinds {
		l := &metav1.PartialObjectMetadataList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		must(t, shared.Client.List(t.Context(), l))
		for i := range l.Items {
			if strings.HasPrefix(l.Items[i].GetName(), c.suffix+".") {
				uids[gvk.Kind+" "+l.Items[i].GetName()] = string(l.Items[i].GetUID())
			}
		}
	}
	return uids
}

// things of the claim's that exist in AWS.
func (c claim) things() []string {
	return account.Things(c.suffix + ".")
}

// withOptions turns on all parts that a claim can turn off.
func (c claim) withOptions() {
	c.set([]any{"a@example.com"}, "notifications", "emails")
	c.set(map[string]any{"type": "Canary", "percentage": int64(5), "intervalMinutes": int64(30)}, "rollout", "custom")
	c.set("check-service", "rollout", "hooks", "beforeAllowTraffic")
}
