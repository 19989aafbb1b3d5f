// Package claims files claims on a control plane, as app teams do: in a namespace, through kubectl.
package claims

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// The kinds of claims, of the composite resources that Crossplane makes of them, and of those that teams have in their namespaces.
var (
	Kind           = schema.GroupVersionKind{Group: group, Version: version, Kind: "PaymentDeliveryPipeline"}
	XRKind         = schema.GroupVersionKind{Group: group, Version: version, Kind: "XPaymentDeliveryPipeline"}
	NamespacedKind = schema.GroupVersionKind{Group: group, Version: version, Kind: "PaymentPipeline"}
)

// An Environment is where claims are filed.
type Environment struct {
	Plane *plane.Plane

	// Kinds of managed resources that claims are made of.
	Kinds []schema.GroupVersionKind

	// Form of what is filed: Kind, or NamespacedKind. Empty: Kind.
	Form schema.GroupVersionKind

	// Patience is how long to wait for what should happen.
	Patience time.Duration
}

// Namespaced is the same control plane, where namespaced pipelines are filed.
func (e Environment) Namespaced() Environment {
	e.Form, e.Kinds = NamespacedKind, plane.NamespacedKinds(e.Kinds)
	return e
}

func (e Environment) form() schema.GroupVersionKind {
	if e.Form.Empty() {
		return Kind
	}
	return e.Form
}

// A Claim as its app team sees it, or a namespaced pipeline.
type Claim struct {
	*unstructured.Unstructured

	Environment

	Suffix string

	// ProviderConfig of its managed resources.
	ProviderConfig string
}

// New returns the claim in a file of the installed release, with another suffix. Its namespace is its own.
func (e Environment) New(t *testing.T, file, suffix string) Claim {
	t.Helper()
	c := Claim{Unstructured: &unstructured.Unstructured{}, Environment: e, Suffix: suffix, ProviderConfig: "default"}
	b, err := os.ReadFile(filepath.Join(e.Plane.Release, file))
	Must(t, err)
	Must(t, yaml.Unmarshal(b, &c.Object))
	c.SetGroupVersionKind(e.form())
	c.SetName("payments")
	c.SetNamespace("team-" + suffix)
	c.Set(suffix, "environmentSuffix")
	return c
}

// Copy of the claim as it is here, to be changed by itself.
func (c Claim) Copy() Claim {
	c.Unstructured = c.DeepCopy()
	return c
}

// As is the claim as one of another environment has it.
func (c Claim) As(e Environment) Claim {
	c = c.Copy()
	c.Environment = e
	c.SetGroupVersionKind(e.form())
	return c
}

// IsNamespaced reports whether it is a composite resource in its team's namespace.
func (c Claim) IsNamespaced() bool {
	return c.GroupVersionKind() == NamespacedKind
}

// Plural is what kubectl calls claims, or namespaced pipelines.
func (c Claim) Plural() string {
	if c.IsNamespaced() {
		return "paymentpipelines"
	}
	return "paymentdeliverypipelines"
}

// Set a field of the claim's spec. Nil removes it.
func (c Claim) Set(value any, path ...string) {
	path = append([]string{"spec"}, path...)
	if value == nil {
		unstructured.RemoveNestedField(c.Object, path...)
		return
	}
	if err := unstructured.SetNestedField(c.Object, value, path...); err != nil {
		panic(err)
	}
}

// File the claim for the first time.
func (c Claim) File(t *testing.T) {
	t.Helper()
	c.Prepare(t)
	Must(t, c.Apply(t))
}

// Prepare the claim's namespace, and delete the claim when the test ends. Nothing of it is left for the next test.
func (c Claim) Prepare(t *testing.T) {
	t.Helper()
	Must(t, c.Plane.Apply(t.Context(), &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: c.GetNamespace()},
	}))
	t.Cleanup(func() {
		// The test's own context has ended.
		ctx, cancel := context.WithTimeout(context.Background(), c.Patience)
		defer cancel()
		for c.Plane.Client.Delete(ctx, c.DeepCopy(), client.PropagationPolicy(metav1.DeletePropagationForeground)) == nil {
			time.Sleep(100 * time.Millisecond)
		}
		if ctx.Err() != nil {
			t.Errorf("claim %s is not gone %s after its test; left are\n%s", c.Suffix, c.Patience, c.left())
		}
	})
}

// Apply the claim as it is now with kubectl.
func (c Claim) Apply(t *testing.T) error {
	t.Helper()
	b, err := yaml.Marshal(c.Object)
	Must(t, err)
	_, err = c.Plane.Kubectl(t.Context(), string(b), "apply", "-f", "-")
	return err
}

// Kubectl about the claim. What it prints has no spaces around it.
func (c Claim) Kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := c.Plane.Kubectl(t.Context(), "", append([]string{"-n", c.GetNamespace()}, args...)...)
	Must(t, err)
	return strings.TrimSpace(out)
}

// Live is the claim as the API server has it.
func (c Claim) Live(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	return c.Get(t, c.GroupVersionKind(), client.ObjectKeyFromObject(c))
}

// XR is the claim's composite resource, or nil before there is one. A namespaced pipeline is its own.
func (c Claim) XR(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	if c.IsNamespaced() {
		return c.Live(t)
	}
	name := Text(c.Live(t), "spec", "resourceRef", "name")
	if name == "" {
		return nil
	}
	return c.Get(t, XRKind, client.ObjectKey{Name: name})
}

// WaitReady until the claim is ready.
func (c Claim) WaitReady(t *testing.T) {
	t.Helper()
	c.Wait(t, "Ready", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Ready") == "True" })
}

// Until the condition is true, for as long as the patience lasts. If it does not come true, the test says what the claim does.
func (c Claim) Until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	c.WaitFor(t, what, condition, func() string { return c.Describe(t) })
}

// Wait until the claim is as it should be.
func (c Claim) Wait(t *testing.T, what string, is func(live *unstructured.Unstructured) bool) {
	t.Helper()
	c.Until(t, "claim "+c.Suffix+" is "+what, func() bool {
		live := c.Live(t)
		return live != nil && is(live)
	})
}

// Resource of the claim's with the supplied name in the composition, or nil. Several groups may have the kind.
func (c Claim) Resource(t *testing.T, kind, name string) *unstructured.Unstructured {
	t.Helper()
	key := client.ObjectKey{Name: c.ObjectName(name)}
	if c.IsNamespaced() {
		key.Namespace = c.GetNamespace()
	}
	for _, gvk := range c.KindsNamed(t, kind) {
		if found := c.Get(t, gvk, key); found != nil {
			return found
		}
	}
	return nil
}

// ObjectName is the metadata.name of the claim's resource with the supplied name in the composition.
func (c Claim) ObjectName(name string) string {
	return c.Suffix + "." + name + "." + c.ProviderConfig
}

// owns reports whether a managed resource of this metadata.name is the claim's.
func (c Claim) owns(objectName string) bool {
	return strings.HasPrefix(objectName, c.Suffix+".") && strings.HasSuffix(objectName, "."+c.ProviderConfig)
}

// Describe what the claim says, and what the provider says of each resource that is not ready.
func (c Claim) Describe(t *testing.T) string {
	t.Helper()
	lines := []string{Describe(c.Live(t))}
	for _, u := range c.Unready(t) {
		lines = append(lines, fmt.Sprintf("%s %s %v", u.GetKind(), u.GetName(), u.GetAnnotations()), Describe(&u))
	}
	return strings.Join(lines, "\n")
}

// left describes the resources of the claim that exist, also after its test has ended.
func (c Claim) left() string {
	managed, err := c.managed(context.Background())
	if err != nil {
		return err.Error()
	}
	lines := []string{}
	for _, u := range managed {
		lines = append(lines, fmt.Sprintf("%s %s, deleted %v, finalizers %v, %v", u.GetKind(), u.GetName(), u.GetDeletionTimestamp(), u.GetFinalizers(), u.GetAnnotations()), Describe(&u))
	}
	return strings.Join(lines, "\n")
}

// managed resources of the claim that exist.
func (c Claim) managed(ctx context.Context) (all []unstructured.Unstructured, err error) {
	for _, gvk := range c.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		if err := c.Plane.Client.List(ctx, l); err != nil {
			return nil, err
		}
		for _, u := range l.Items {
			if c.owns(u.GetName()) {
				all = append(all, u)
			}
		}
	}
	return all, nil
}

// Unready are the resources of the claim that exist and are not ready.
func (c Claim) Unready(t *testing.T) []unstructured.Unstructured {
	t.Helper()
	managed, err := c.managed(t.Context())
	Must(t, err)
	return slices.DeleteFunc(managed, func(u unstructured.Unstructured) bool { return plane.Condition(&u, "Ready") == "True" })
}

// Resources that exist for the claim: kind and name, with their UIDs.
func (c Claim) Resources(t *testing.T) map[string]string {
	t.Helper()
	uids := map[string]string{}
	for _, gvk := range c.Kinds {
		l := &metav1.PartialObjectMetadataList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		Must(t, c.Plane.Client.List(t.Context(), l))
		for i := range l.Items {
			if c.owns(l.Items[i].GetName()) {
				uids[gvk.Kind+" "+l.Items[i].GetName()] = string(l.Items[i].GetUID())
			}
		}
	}
	return uids
}
