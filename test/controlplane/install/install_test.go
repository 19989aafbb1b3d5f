package install

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// functionName is the name that dependency resolution gives the function: the path of its package without the registry's host,
// as a DNS label (NewPackage in Crossplane's internal/controller/pkg/resolver).
const functionName = "paymentdelivery-function-payment-delivery-pipeline"

// The kinds of packages.
var (
	functionKind      = schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "Function"}
	configurationKind = schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "Configuration"}
	providerKind      = schema.GroupVersionKind{Group: "pkg.crossplane.io", Version: "v1", Kind: "Provider"}
	xrdKind           = schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v2", Kind: "CompositeResourceDefinition"}
	policyKind        = schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v1alpha1", Kind: "ManagedResourceActivationPolicy"}
	crdKind           = schema.GroupVersionKind{Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition"}
)

// once the packages are installed, all tests have them.
var (
	once sync.Once
	done bool
)

// installed installs the packages, if no test has done so yet, and waits until claims can be filed.
func installed(t *testing.T) {
	t.Helper()
	once.Do(func() {
		documents := []string{}
		for _, file := range []string{"install.yaml", "mirror.yaml", "provider-config.yaml", "team.yaml"} {
			documents = append(documents, manifest(t, file)...)
		}
		slices.Reverse(documents)
		gitops(t, documents)
		healthy(t)
		served(t)
		// The account outlives the test.
		claims.Must(t, account.Start(context.WithoutCancel(t.Context()), shared.Config, kinds))
		done = true
	})
	if !done {
		t.Fatal("the packages are not installed: see the first test")
	}
}

// manifest is the documents of a file of examples/install, where the registry on loopback is the mirror.
func manifest(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "examples", "install", file))
	claims.Must(t, err)
	documents := []string{}
	for r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(b))); ; {
		document, err := r.Read()
		if err != nil {
			return documents
		}
		documents = append(documents, strings.NewReplacer(
			"xpkg.example.org", mirror.Host,
			// As the mirror's manifest says.
			"prefix: xpkg.upbound.io/upbound/provider-aws-", "prefix: "+mirror.Host+"/upbound/provider-aws-",
		).Replace(string(document)))
	}
}

// gitops applies documents one after the other, again and again until the API server has accepted all of them.
func gitops(t *testing.T, documents []string) {
	t.Helper()
	rounds, refused := 0, map[string]bool{}
	environment.WaitFor(t, "all manifests are applied", func() bool {
		rounds++
		accepted := true
		for _, document := range documents {
			if _, err := shared.Kubectl(t.Context(), document, "apply", "-f", "-"); err != nil {
				accepted = false
				refused[err.Error()] = true
			}
		}
		return accepted
	}, func() string { return strings.Join(append(keys(refused), state(t)), "\n") })
	t.Logf("applied in %d rounds; refused at first:\n%s", rounds, strings.Join(keys(refused), "\n"))
}

func keys(set map[string]bool) []string {
	list := []string{}
	for key := range set {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

// healthy waits until all packages are healthy, and claims are offered.
func healthy(t *testing.T) {
	t.Helper()
	environment.WaitFor(t, "all packages are healthy", func() bool {
		for _, kind := range []schema.GroupVersionKind{configurationKind, functionKind, providerKind} {
			for _, p := range list(t, kind) {
				if plane.Condition(&p, "Healthy") != "True" {
					return false
				}
			}
		}
		return len(list(t, providerKind)) > 0
	}, func() string { return state(t) })
	environment.WaitFor(t, "claims are offered", func() bool {
		xrd := environment.Get(t, xrdKind, client.ObjectKey{Name: "xpaymentdeliverypipelines.paymentdelivery.io"})
		return xrd != nil && plane.Condition(xrd, "Established") == "True" && plane.Condition(xrd, "Offered") == "True"
	}, func() string { return kubectl(t, "describe", "xrd") })
}

// served waits until the API server has all kinds of managed resources that pipelines are made of.
func served(t *testing.T) {
	t.Helper()
	missing := []string{}
	environment.WaitFor(t, "the kinds of managed resources are served", func() bool {
		missing = missing[:0]
		for _, kind := range kinds {
			l := &unstructured.UnstructuredList{}
			l.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
			if err := shared.Client.List(t.Context(), l, client.Limit(1)); err != nil {
				missing = append(missing, err.Error())
			}
		}
		return len(missing) == 0
	}, func() string { return strings.Join(append(missing, kubectl(t, "get", "mrap,mrd")), "\n") })
}

// state of the package manager, in its own words.
func state(t *testing.T) string {
	t.Helper()
	return kubectl(t, "get", "pkg,pkgrev,locks,mrap", "-o=custom-columns=KIND:.kind,NAME:.metadata.name,"+
		"CONDITIONS:.status.conditions[*].type,IS:.status.conditions[*].status,SAYS:.status.conditions[*].message")
}

// list all objects of a kind.
func list(t *testing.T, kind schema.GroupVersionKind) []unstructured.Unstructured {
	t.Helper()
	l := &unstructured.UnstructuredList{}
	l.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
	claims.Must(t, shared.Client.List(t.Context(), l))
	return l.Items
}

func kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := shared.Kubectl(t.Context(), "", args...)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(out)
}

// TestInstall applies the manifests in the reverse of their order, as often as it takes, and sees what the package manager
// makes of them. A developer files a claim, with only the rights that team.yaml gives.
func TestInstall(t *testing.T) {
	installed(t)
	t.Logf("packages:\n%s", kubectl(t, "get", "pkg"))

	functions := list(t, functionKind)
	if len(functions) != 1 || functions[0].GetName() != functionName {
		t.Errorf("want one function, %s, got:\n%s", functionName, kubectl(t, "get", "functions.pkg"))
	}

	t.Log("the Configuration's activation policy: our kinds, and no others")
	if policies := list(t, policyKind); len(policies) != 1 {
		t.Errorf("want one activation policy, got:\n%s", kubectl(t, "get", "mrap"))
	}
	if environment.Get(t, crdKind, client.ObjectKey{Name: "layerversions.lambda.aws.upbound.io"}) != nil {
		t.Error("a kind that no pipeline has is activated")
	}

	t.Log("providers of the newest version that the Configuration takes")
	for _, p := range list(t, providerKind) {
		// The family's own package is what its members ask for.
		if pkg := claims.Text(&p, "spec", "package"); !strings.HasSuffix(pkg, ":"+providerVersion) && !strings.Contains(pkg, "family") {
			t.Errorf("want %s of each provider, got %s", providerVersion, pkg)
		}
	}

	t.Log("providers run as the service account with the role")
	deployments := &appsv1.DeploymentList{}
	claims.Must(t, shared.Client.List(t.Context(), deployments, client.InNamespace(namespaceCrossplane)))
	if want := len(list(t, providerKind)); len(deployments.Items) != want || want < 14 {
		t.Errorf("%d Deployments of %d providers", len(deployments.Items), want)
	}
	for _, d := range deployments.Items {
		// The family's own package runs no controllers of ours.
		if got := d.Spec.Template.Spec.ServiceAccountName; got != "provider-aws" && !strings.Contains(d.GetName(), "family") {
			t.Errorf("%s runs as %q, want provider-aws", d.GetName(), got)
		}
	}
	claimAsDeveloper(t)
}

// claimAsDeveloper files, reads and deletes a claim as those may to whom team.yaml gives rights.
func claimAsDeveloper(t *testing.T) {
	t.Helper()
	const developers, support = "payments-developers", "payments-support"
	file := filepath.Join(root, "examples/claims/minimal.yaml")
	as := func(group string, args ...string) (string, error) {
		return shared.Kubectl(t.Context(), "", append([]string{"--as=someone", "--as-group=" + group}, args...)...)
	}
	allowed := func(group string, args ...string) string {
		t.Helper()
		out, err := as(group, args...)
		if err != nil {
			t.Errorf("%s: want it allowed: %v", group, err)
		}
		return strings.TrimSpace(out)
	}
	forbidden := func(group string, args ...string) {
		t.Helper()
		if out, err := as(group, args...); err == nil || !strings.Contains(err.Error(), "forbidden") {
			t.Errorf("%s: kubectl %s: want it forbidden, got %q, %v", group, strings.Join(args, " "), out, err)
		}
	}

	forbidden(support, "apply", "-f", file)
	allowed(developers, "apply", "-f", file)
	environment.WaitFor(t, "the claim is Ready", func() bool {
		const ready = `-o=jsonpath={.status.conditions[?(@.type=="Ready")].status}`
		return allowed(developers, "get", "pdp", "payments-pr-123", "-n", "payments", ready) == "True"
	}, func() string { return kubectl(t, "describe", "pdp", "-n", "payments") })
	t.Logf("kubectl get pdp\n%s", allowed(support, "get", "pdp", "-n", "payments"))
	t.Logf("kubectl describe pdp\n%s", allowed(support, "describe", "pdp", "payments-pr-123", "-n", "payments"))
	forbidden(developers, "get", "xpaymentdeliverypipelines")
	forbidden(developers, "get", "functions.lambda.aws.upbound.io")
	forbidden(developers, "get", "pdp", "-n", "default")
	forbidden(support, "delete", "pdp", "payments-pr-123", "-n", "payments")
	allowed(developers, "annotate", "pdp", "payments-pr-123", "-n", "payments", "paymentdelivery.io/allow-deletion=true")
	allowed(developers, "delete", "pdp", "payments-pr-123", "-n", "payments", "--timeout=2m")
}
