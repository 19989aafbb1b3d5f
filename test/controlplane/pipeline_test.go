package controlplane

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/namespaced"
)

// pipelineKind is the namespaced composite resource of docs/namespaced.md.
var pipelineKind = claims.Kind.GroupVersion().WithKind("PaymentPipeline")

const (
	annotationExternalName = "crossplane.io/external-name"
	annotationPaused       = "crossplane.io/paused"
)

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
	claims.Must(t, shared.ServeFunction(t.Context(), converter, namespaced.Step{Schemas: schemas}))
	compose(t, nil, conversionStep)

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

// converter is the function of the Composition's second step.
const converter = "function-namespaced"

var conversionStep = map[string]any{"step": "convert", "functionRef": map[string]any{"name": converter}}

// compose namespaced pipelines by the claim's Composition, with these fields of the input and these steps beside those it has.
func compose(t *testing.T, input map[string]any, further ...any) {
	t.Helper()
	composition := readFile(t, "../../apis/composition.yaml")
	composition.SetName("payment-pipeline")
	set(composition, pipelineKind.Kind, "spec", "compositeTypeRef", "kind")
	steps, _, err := unstructured.NestedSlice(composition.Object, "spec", "pipeline")
	claims.Must(t, err)
	maps.Copy(steps[0].(map[string]any)["input"].(map[string]any), input)
	set(composition, append(steps, further...), "spec", "pipeline")
	claims.Must(t, shared.Apply(t.Context(), composition))
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
