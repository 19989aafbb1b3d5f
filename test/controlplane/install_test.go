package controlplane

import (
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// packages are the install files that make Crossplane download packages. There is no registry here.
var packages = []string{"4-function.yaml", "5-configuration.yaml"}

// TestInstall applies the files of docs/install.md in their order, and files a claim as a developer may who has only the
// rights that they give.
func TestInstall(t *testing.T) {
	t.Parallel()
	claims.Must(t, shared.InstallProviderCRDs(t.Context(), schema.GroupVersionKind{Group: "aws.upbound.io", Version: "v1beta1", Kind: "ProviderConfig"}))
	files, err := filepath.Glob("../../examples/install/*.yaml")
	claims.Must(t, err)
	if len(files) < len(packages)+1 {
		t.Fatalf("examples/install has only %v", files)
	}
	for _, file := range files {
		args := []string{"apply", "-f", file}
		for _, p := range packages {
			if filepath.Base(file) == p {
				args = append(args, "--dry-run=server")
			}
		}
		t.Logf("kubectl %s\n%s", strings.Join(args, " "), mustKubectl(t, args...))
	}

	const developers, support = "payments-developers", "payments-support"
	const file = "../../examples/claims/minimal.yaml"
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
	environment.WaitFor(t, "the claim has an XR", func() bool {
		return allowed(developers, "get", "pdp", "payments-pr-123", "-n", "payments", "-o=jsonpath={.spec.resourceRef.name}") != ""
	}, func() string { return "" })
	t.Logf("kubectl get pdp\n%s", allowed(support, "get", "pdp", "-n", "payments"))
	t.Logf("kubectl describe pdp\n%s", allowed(support, "describe", "pdp", "payments-pr-123", "-n", "payments"))
	forbidden(developers, "get", "xpaymentdeliverypipelines")
	forbidden(developers, "get", "functions.lambda.aws.upbound.io")
	forbidden(developers, "get", "pdp", "-n", "default")
	forbidden(support, "delete", "pdp", "payments-pr-123", "-n", "payments")
	allowed(developers, "delete", "pdp", "payments-pr-123", "-n", "payments", "--timeout=2m")
}
