package plane

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

const (
	// functionName is the function's name in the Composition.
	functionName = "function-payment-delivery-pipeline"

	// compositionName is the Composition's, which claims use unless they name another.
	compositionName = "payment-delivery-pipeline"

	namespaceCrossplane = "crossplane-system"

	executableCrossplane = "crossplane-core"
)

// patientBreaker are flags with which Crossplane listens to a pipeline while it is made. By default it stops after about 50
// changes of an XR and its resources in a short time, and then looks only when an answer's time to live has ended.
var patientBreaker = []string{"--circuit-breaker-burst=2000", "--circuit-breaker-refill-rate=20"}

// startCrossplane with the function at the end of the Proxy.
func (p *Plane) startCrossplane(ctx context.Context) (err error) {
	if p.Proxy, err = NewProxy(); err != nil {
		return err
	}
	p.OnStop(p.Proxy.Close)

	if err := p.Apply(ctx, &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: namespaceCrossplane},
	}); err != nil {
		return err
	}
	if _, err := p.issue("crossplane"); err != nil {
		return err
	}
	return p.runCrossplane(ctx, patientBreaker...)
}

// RestartCrossplane as it is by default, or as usual here: with a patient circuit breaker.
func (p *Plane) RestartCrossplane(ctx context.Context, byDefault bool) error {
	p.Process(executableCrossplane).Stop(patience)
	if byDefault {
		return p.runCrossplane(ctx)
	}
	return p.runCrossplane(ctx, patientBreaker...)
}

// runCrossplane with its default intervals and concurrency: what is measured is what people get.
func (p *Plane) runCrossplane(ctx context.Context, flags ...string) error {
	var metrics, health int
	if err := process.FreePorts(&metrics, &health); err != nil {
		return err
	}
	crossplane, err := p.run(executableCrossplane, append([]string{
		"core", "start",
		"--package-runtime=External",
		"--enable-webhooks=false",
		"--tls-client-certs-dir=" + p.Path("certs-crossplane"),
		"--xpkg-cache-dir=" + p.Path("xpkg"),
		fmt.Sprintf("--metrics-port=%d", metrics),
		fmt.Sprintf("--health-probe-port=%d", health),
	}, flags...), []string{"KUBECONFIG=" + p.Kubeconfig})
	if err != nil {
		return err
	}
	return process.Eventually(ctx, "Crossplane is ready", crossplane, func(ctx context.Context) bool {
		_, err := fetch(ctx, fmt.Sprintf("http://127.0.0.1:%d/readyz", health))
		return err == nil
	})
}

// installPackage does what Crossplane's package manager would: the function, then the XRD and the Composition.
func (p *Plane) installPackage(ctx context.Context) error {
	if err := p.installFunction(ctx); err != nil {
		return errors.Wrap(err, "cannot install the function")
	}
	if err := p.Define(ctx); err != nil {
		return errors.Wrap(err, "cannot apply the definition")
	}
	if err := p.Configure(ctx, nil); err != nil {
		return errors.Wrap(err, "cannot apply the Composition")
	}

	xrd := object(schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v2", Kind: "CompositeResourceDefinition"})
	key := client.ObjectKey{Name: "xpaymentdeliverypipelines.paymentdelivery.io"}
	return process.Eventually(ctx, "claims are offered", p.Process(executableCrossplane), func(ctx context.Context) bool {
		return p.Client.Get(ctx, key, xrd) == nil && Condition(xrd, "Established") == "True" && Condition(xrd, "Offered") == "True"
	})
}

// Define applies the release's definition of the API, without these fields of its status, if any.
func (p *Plane) Define(ctx context.Context, without ...[]string) error {
	return p.applyEdited(ctx, "definition.yaml", "versions", func(_ *unstructured.Unstructured, version map[string]any) {
		for _, fields := range without {
			path := []string{"schema", "openAPIV3Schema", "properties", "status"}
			for _, field := range fields {
				path = append(path, "properties", field)
			}
			unstructured.RemoveNestedField(version, path...)
		}
	})
}

// Configure applies the release's Composition, with these fields of the function's input beside those it has.
func (p *Plane) Configure(ctx context.Context, input map[string]any) error {
	return p.ConfigureAs(ctx, compositionName, input)
}

// ConfigureAs applies it under another name, by which claims may choose it.
func (p *Plane) ConfigureAs(ctx context.Context, name string, input map[string]any) error {
	return p.applyEdited(ctx, "composition.yaml", "pipeline", func(composition *unstructured.Unstructured, step map[string]any) {
		composition.SetName(name)
		maps.Copy(step["input"].(map[string]any), input) //nolint:forcetypeassert // The Composition is our own.
	})
}

// applyEdited applies a file of apis, after an edit of each item of a list in its spec.
func (p *Plane) applyEdited(ctx context.Context, file, list string, edit func(o *unstructured.Unstructured, item map[string]any)) error {
	objects, err := readObjects(filepath.Join(p.Release, "apis", file))
	if err != nil {
		return err
	}
	for _, o := range objects {
		items, _, err := unstructured.NestedSlice(o.Object, "spec", list)
		if err != nil {
			return err
		}
		for _, item := range items {
			edit(o, item.(map[string]any)) //nolint:forcetypeassert // The file is our own.
		}
		if err := unstructured.SetNestedSlice(o.Object, items, "spec", list); err != nil {
			return err
		}
		if err := p.Apply(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// installFunction as a package that is installed already. Its paused objects keep the package manager from looking for it
// in a registry.
func (p *Plane) installFunction(ctx context.Context) error {
	paused := map[string]any{"crossplane.io/paused": "true"}
	const pkg = "ghcr.io/paymentdelivery/" + functionName + ":v0.0.0"

	function := object(schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "Function"})
	for _, kind := range []string{"Function", "FunctionRevision"} {
		if err := p.served(ctx, function.GroupVersionKind().GroupVersion().WithKind(kind)); err != nil {
			return err
		}
	}
	function.Object["metadata"] = map[string]any{"name": functionName, "annotations": paused}
	function.Object["spec"] = map[string]any{"package": pkg}
	if err := p.Apply(ctx, function); err != nil {
		return err
	}

	revision := object(schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "FunctionRevision"})
	revision.Object["metadata"] = map[string]any{
		"name":        functionName + "-1",
		"annotations": paused,
		"labels":      map[string]any{"pkg.crossplane.io/package": functionName},
	}
	revision.Object["spec"] = map[string]any{"image": pkg, "desiredState": "Active", "revision": int64(1)}
	if err := p.Apply(ctx, revision); err != nil {
		return err
	}
	status := fmt.Sprintf(`{"status": {"endpoint": "dns:///localhost:%d", "capabilities": ["composition"]}}`, p.Proxy.Port())
	return p.Client.Status().Patch(ctx, revision, client.RawPatch(types.MergePatchType, []byte(status)))
}

// object of the supplied kind, otherwise empty.
func object(gvk schema.GroupVersionKind) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(gvk)
	return u
}

// Condition returns the status of an object's condition, or "" if it has none of that type.
func Condition(u *unstructured.Unstructured, kind string) string {
	conditions, _, _ := unstructured.NestedSlice(u.Object, "status", "conditions")
	for _, c := range conditions {
		if c, ok := c.(map[string]any); ok && c["type"] == kind {
			status, _ := c["status"].(string)
			return status
		}
	}
	return ""
}
