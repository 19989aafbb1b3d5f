package install

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

const (
	canary  = "payment-delivery-canary"
	regular = "payment-delivery-pipeline"

	published = "ghcr.io/paymentdelivery/function-payment-delivery-pipeline"
)

// TestStagedUpgrade upgrades the function as docs/packages.md says: first for the claims of one namespace, then for all.
func TestStagedUpgrade(t *testing.T) {
	installed(t)
	publishNext(t, "v0.2.0")
	early, late := file(t, "early"), file(t, "late")
	early.WaitReady(t)
	late.WaitReady(t)
	beforeEarly, beforeLate := early.Resources(t), late.Resources(t)

	t.Log("the next version beside the one that serves")
	b, err := os.ReadFile(filepath.Join(root, "examples", "upgrade", "canary.yaml"))
	claims.Must(t, err)
	claims.Must(t, apply(t, string(b)))
	healthy(t)
	if got := kubectl(t, "get", "functions.pkg", functionName, "-o=jsonpath={.spec.package}"); got != published+":v0.1.0" {
		t.Errorf("the function that serves is %s", got)
	}

	t.Log("for the claims of one namespace")
	choose(t, early, canary)
	early.Until(t, "the early claim has what only the next version writes", func() bool { return description(t, early) == "next" })
	same(t, beforeEarly, early.Resources(t))
	touch(t, late)
	time.Sleep(5 * time.Second)
	if got := description(t, late); got != "" {
		t.Errorf("the other claim has %q too", got)
	}

	t.Log("and back")
	choose(t, early, regular)
	early.Until(t, "the early claim is as it was", func() bool { return description(t, early) == "" })
	choose(t, early, canary)
	early.Until(t, "and forth", func() bool { return description(t, early) == "next" })

	t.Log("for all")
	kubectl(t, "patch", "functions.pkg", functionName, "--type=merge", `--patch={"spec": {"package": "`+published+`:v0.2.0"}}`)
	await(t, "the next version serves", func() bool { return active(t, functionName) == published+":v0.2.0" })
	late.Until(t, "the other claim has it too", func() bool {
		touch(t, late)
		return description(t, late) == "next"
	})
	choose(t, early, regular)
	early.Until(t, "the early claim is on the package's Composition", func() bool {
		return claims.Text(early.XR(t), "spec", "compositionRef", "name") == regular && description(t, early) == "next"
	})
	t.Log(kubectl(t, "delete", "composition/"+canary, "functions.pkg/"+canary, "--timeout=1m"))
	touch(t, early)
	time.Sleep(5 * time.Second)
	same(t, beforeEarly, early.Resources(t))
	same(t, beforeLate, late.Resources(t))
	for _, c := range []claims.Claim{early, late} {
		c.WaitReady(t)
	}
}

// TestManualActivation shows why functions are not staged by revisionActivationPolicy: Manual. As soon as there is a next revision,
// the one that serves is not active any more (Reconcile in Crossplane's internal/controller/pkg/manager/reconciler.go), and no
// function answers until a person has activated the next one.
func TestManualActivation(t *testing.T) {
	installed(t)
	claims.Must(t, publish(t.Context(), "v0.3.0", nil))
	manifest := func(version string) string {
		return fmt.Sprintf(`
apiVersion: pkg.crossplane.io/v1
kind: Function
metadata:
  name: manual
spec:
  package: %s:%s
  skipDependencyResolution: true
  revisionActivationPolicy: Manual
`, published, version)
	}
	t.Cleanup(func() { kubectl(t, "delete", "functions.pkg/manual") })
	claims.Must(t, apply(t, manifest("v0.1.0")))
	await(t, "there is a revision", func() bool { return revisions(t, "manual") == 1 })
	name := kubectl(t, "get", "functionrevisions.pkg", "-l=pkg.crossplane.io/package=manual", "-o=jsonpath={.items[0].metadata.name}")
	kubectl(t, "patch", "functionrevisions.pkg", name, "--type=merge", `--patch={"spec": {"desiredState": "Active"}}`)
	await(t, "a person has activated it", func() bool { return active(t, "manual") == published+":v0.1.0" })

	claims.Must(t, apply(t, manifest("v0.3.0")))
	await(t, "there is another revision", func() bool { return revisions(t, "manual") == 2 })
	await(t, "and none is active", func() bool { return active(t, "manual") == "" })
	t.Log(kubectl(t, "get", "functionrevisions.pkg", "-l=pkg.crossplane.io/package=manual"))
}

// building the next version of the function takes longer than most tests, so it is done once.
var building = sync.OnceValues(func() (string, error) {
	return shared.BuildFunction(context.Background(), "architecture/service.go", "PackageType:", "Description: new(\"next\"), PackageType:")
})

// nextFunction is the next version of the function: it writes a description of functions.
func nextFunction(t *testing.T) string {
	t.Helper()
	executable, err := building()
	claims.Must(t, err)
	return executable
}

// publishNext publishes the next version of the function, and has it served.
func publishNext(t *testing.T, version string) {
	t.Helper()
	claims.Must(t, publish(t.Context(), version, nil))
	next, err := shared.StartReplica(t.Context(), nextFunction(t))
	claims.Must(t, err)
	nodes.serve(published+":"+version, next.Address)
}

// await what the package manager does.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	environment.WaitFor(t, what, condition, func() string { return state(t) })
}

// choose the Composition of a claim, as docs/packages.md does it.
func choose(t *testing.T, c claims.Claim, composition string) {
	t.Helper()
	c.Kubectl(t, "patch", "pdp", c.GetName(), "--type=merge", `--patch={"spec": {"compositionRef": {"name": "`+composition+`"}}}`)
}

// description of the claim's blue function.
func description(t *testing.T, c claims.Claim) string {
	t.Helper()
	return claims.Text(c.Resource(t, "Function", "blue-function"), "spec", "forProvider", "description")
}

// touch a claim's XR, so that Crossplane asks the function again: its answer may live for minutes.
func touch(t *testing.T, c claims.Claim) {
	t.Helper()
	kubectl(t, "annotate", "xpdp", c.XR(t).GetName(), "--overwrite", fmt.Sprintf("example.org/touched=%d", time.Now().UnixNano()))
}

// active is the package of the revision of a function that Crossplane calls, or "" if there is none.
func active(t *testing.T, function string) string {
	t.Helper()
	return kubectl(t, "get", "functionrevisions.pkg", "-l=pkg.crossplane.io/package="+function,
		`-o=jsonpath={.items[?(@.spec.desiredState=="Active")].spec.image}`)
}

// revisions that a function has.
func revisions(t *testing.T, function string) int {
	t.Helper()
	return len(strings.Fields(kubectl(t, "get", "functionrevisions.pkg", "-l=pkg.crossplane.io/package="+function, "-o=name")))
}
