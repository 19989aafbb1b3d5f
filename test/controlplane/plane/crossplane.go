package plane

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/process"
)

const (
	namespaceCrossplane = "crossplane-system"

	executableCrossplane = "crossplane-core"
)

// oldest is a flag of tests. What they are run with stands in README.md.
var oldest = flag.Bool("oldest", false, "Run the oldest Crossplane that the package may be installed on.")

// crossplane is the folder of the module of Crossplane that runs.
func (p *Plane) crossplane(ctx context.Context) (string, error) {
	tools := "tools"
	if *oldest {
		tools = "tools/oldest"
	}
	return p.module(ctx, tools, "github.com/crossplane/crossplane/v2")
}

// patientBreaker are flags with which Crossplane listens to a pipeline while it is made. By default it stops after about 50
// changes of an XR and its resources in a short time, and then looks only when an answer's time to live has ended.
var patientBreaker = []string{"--circuit-breaker-burst=2000", "--circuit-breaker-refill-rate=20"}

// startCrossplane with the function at the end of the Proxy.
func (p *Plane) startCrossplane(ctx context.Context) (err error) {
	if p.Proxy, err = NewProxy(); err != nil {
		return err
	}
	p.OnStop(p.Proxy.Close)
	if err := p.prepareCrossplane(ctx); err != nil {
		return err
	}
	return p.runCrossplane(ctx, patientBreaker...)
}

// prepareCrossplane makes what Crossplane needs to start.
func (p *Plane) prepareCrossplane(ctx context.Context) error {
	if err := p.Apply(ctx, &corev1.Namespace{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"},
		ObjectMeta: metav1.ObjectMeta{Name: namespaceCrossplane},
	}); err != nil {
		return err
	}
	_, err := p.issue("crossplane")
	return err
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
	if err := p.InstallFunction(ctx); err != nil {
		return errors.Wrap(err, "cannot install the function")
	}
	if err := p.Define(ctx); err != nil {
		return errors.Wrap(err, "cannot apply the definition")
	}
	if err := p.Configure(ctx, nil); err != nil {
		return errors.Wrap(err, "cannot apply the Composition")
	}

	if p.hasNamespaced() {
		if err := p.defineNamespaced(ctx); err != nil {
			return errors.Wrap(err, "cannot offer namespaced pipelines")
		}
	}

	return p.offered(ctx, "xpaymentdeliverypipelines.paymentdelivery.io", "Established", "Offered")
}

// offered waits until a definition has these conditions.
func (p *Plane) offered(ctx context.Context, name string, conditions ...string) error {
	xrd := object(schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v2", Kind: "CompositeResourceDefinition"})
	return process.Eventually(ctx, name+" are offered", p.Process(executableCrossplane), func(ctx context.Context) bool {
		return p.Client.Get(ctx, client.ObjectKey{Name: name}, xrd) == nil &&
			!slices.ContainsFunc(conditions, func(condition string) bool { return Condition(xrd, condition) != "True" })
	})
}

// hasNamespaced reports whether the release has namespaced pipelines.
func (p *Plane) hasNamespaced() bool {
	_, err := os.Stat(filepath.Join(p.Release, "apis", "namespaced-definition.yaml"))
	return err == nil
}

// defineNamespaced pipelines, and how they are composed.
func (p *Plane) defineNamespaced(ctx context.Context) error {
	for _, file := range []string{"namespaced-definition.yaml", "namespaced-composition.yaml"} {
		if err := p.ApplyFile(ctx, filepath.Join(p.Release, "apis", file)); err != nil {
			return err
		}
	}
	return p.offered(ctx, "paymentpipelines.paymentdelivery.io", "Established")
}

// PolicyRecreation is the name of the admission policy that keeps Crossplane from making again what was deleted, and of its binding.
const PolicyRecreation = "payment-delivery-pipeline-recreation"

// installPolicy installs that policy, of the work tree in any case: an older release had none.
func (p *Plane) installPolicy(ctx context.Context) error {
	return p.ApplyFile(ctx, filepath.Join(p.Root, "examples", "install", "install.yaml"), PolicyRecreation)
}

// Define applies the release's definition of the API, without these fields of its status, if any.
func (p *Plane) Define(ctx context.Context, without ...[]string) error {
	return p.applyEdited(ctx, "definition.yaml", "versions", func(version map[string]any) {
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
	return p.applyEdited(ctx, "composition.yaml", "pipeline", func(step map[string]any) {
		maps.Copy(step["input"].(map[string]any), input) //nolint:forcetypeassert // The Composition is our own.
	})
}

// applyEdited applies a file of apis, after an edit of each item of a list in its spec.
func (p *Plane) applyEdited(ctx context.Context, file, list string, edit func(item map[string]any)) error {
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
			edit(item.(map[string]any)) //nolint:forcetypeassert // The file is our own.
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

// InstallFunction as a package that is installed already, under the name that the release's Composition calls it by.
func (p *Plane) InstallFunction(ctx context.Context) error {
	name, err := p.functionName()
	if err != nil {
		return err
	}
	return p.installFunction(ctx, name, p.Proxy.Port())
}

// installFunction as a package that is installed already, and that answers at a port of loopback. Its paused objects keep the
// package manager from looking for it in a registry.
func (p *Plane) installFunction(ctx context.Context, name string, port int) error {
	paused := map[string]any{"crossplane.io/paused": "true"}
	pkg := "ghcr.io/paymentdelivery/" + name + ":v0.0.0"

	function := object(schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "Function"})
	for _, kind := range []string{"Function", "FunctionRevision"} {
		if err := p.served(ctx, function.GroupVersionKind().GroupVersion().WithKind(kind)); err != nil {
			return err
		}
	}
	function.Object["metadata"] = map[string]any{"name": name, "annotations": paused}
	function.Object["spec"] = map[string]any{"package": pkg}
	if err := p.Apply(ctx, function); err != nil {
		return err
	}

	revision := object(schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "FunctionRevision"})
	revision.Object["metadata"] = map[string]any{
		"name":        name + "-1",
		"annotations": paused,
		"labels":      map[string]any{"pkg.crossplane.io/package": name},
	}
	revision.Object["spec"] = map[string]any{"image": pkg, "desiredState": "Active", "revision": int64(1)}
	if err := p.Apply(ctx, revision); err != nil {
		return err
	}
	status := fmt.Sprintf(`{"status": {"endpoint": "dns:///localhost:%d", "capabilities": ["composition"]}}`, port)
	return p.Client.Status().Patch(ctx, revision, client.RawPatch(types.MergePatchType, []byte(status)))
}

// functionName is the function's name in the release's Composition.
func (p *Plane) functionName() (string, error) {
	file := filepath.Join(p.Release, "apis", "composition.yaml")
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	composition := struct {
		Spec struct {
			Pipeline []struct {
				FunctionRef struct {
					Name string `json:"name"`
				} `json:"functionRef"`
			} `json:"pipeline"`
		} `json:"spec"`
	}{}
	if err := yaml.Unmarshal(b, &composition); err != nil {
		return "", err
	}
	if len(composition.Spec.Pipeline) != 1 {
		return "", errors.Errorf("%q has %d steps, want one", file, len(composition.Spec.Pipeline))
	}
	return composition.Spec.Pipeline[0].FunctionRef.Name, nil
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
