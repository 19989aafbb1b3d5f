package install

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

var environmentConfigKind = schema.GroupVersionKind{Group: "apiextensions.crossplane.io", Version: "v1beta1", Kind: "EnvironmentConfig"}

// TestPackageOwnsComposition edits the installed Composition, and sees the package manager write its package's content over that:
// so guardrails that are only there vanish. What the platform team owns stays. Crossplane does that whenever it looks at the
// ConfigurationRevision: once in --sync-interval, when it starts, and when any package is installed (Establish and update in
// Crossplane's internal/controller/pkg/revision/establisher.go).
func TestPackageOwnsComposition(t *testing.T) {
	installed(t)
	const settings = `
apiVersion: apiextensions.crossplane.io/v1beta1
kind: EnvironmentConfig
metadata:
  name: platform-settings
data:
  providerConfig: payments-prod
`
	claims.Must(t, apply(t, settings))
	own := environment.Get(t, environmentConfigKind, client.ObjectKey{Name: "platform-settings"})
	provider := func() string {
		return kubectl(t, "get", "composition", "payment-delivery-pipeline", "-o=jsonpath={.spec.pipeline[0].input.providerConfig}")
	}
	edit := func() {
		t.Log(kubectl(t, "patch", "composition", "payment-delivery-pipeline", "--type=json",
			`--patch=[{"op": "replace", "path": "/spec/pipeline/0/input/providerConfig", "value": "payments-prod"}]`))
		if got := provider(); got != "payments-prod" {
			t.Fatalf("the Composition has %q after the edit", got)
		}
	}
	overwritten := func(what string) {
		began := time.Now()
		environment.WaitFor(t, what, func() bool { return provider() == "default" }, provider)
		t.Logf("the guardrail is gone %s after the edit", time.Since(began).Round(time.Second))
	}

	edit()
	overwritten("Crossplane has looked again, as it does once in its sync interval")

	edit()
	revision := kubectl(t, "get", "configurationrevisions", "-o=name")
	kubectl(t, "annotate", strings.Fields(revision)[0], "example.org/touched="+time.Now().Format("150405.000"))
	overwritten("Crossplane has heard of its revision")

	now := environment.Get(t, environmentConfigKind, client.ObjectKey{Name: "platform-settings"})
	if now == nil || now.GetResourceVersion() != own.GetResourceVersion() {
		t.Errorf("the platform team's own object has changed: %v", now)
	}
}
