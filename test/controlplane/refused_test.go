package controlplane

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// intents are what the claim's managed resources ask their providers for: generation, spec and external name of each.
func (c claim) intents(t *testing.T) map[string]any {
	t.Helper()
	found := map[string]any{}
	for name := range c.Resources(t) {
		kind, object, _ := strings.Cut(name, " ")
		for _, gvk := range c.KindsNamed(t, kind) {
			if u := c.Get(t, gvk, client.ObjectKey{Name: object}); u != nil {
				found[name] = map[string]any{
					"generation": u.GetGeneration(), "spec": u.Object["spec"], "uid": string(u.GetUID()),
					"external": u.GetAnnotations()[annotationExternalName], "again": u.GetAnnotations()["crossplane.io/external-create-failed"],
				}
			}
		}
	}
	return found
}

// isRefused reports whether the claim says so, and is not Ready.
func isRefused(live *unstructured.Unstructured) bool {
	_, reason, _ := claims.Condition(live, "Accepted")
	return reason == "InvalidInput" && plane.Condition(live, "Ready") == "False" && strings.HasPrefix(claims.Text(live, "status", "message"), "Refused: ")
}

// kubectlWait says what "kubectl wait" for Ready does: nothing if it is.
func kubectlWait(t *testing.T, args ...string) error {
	t.Helper()
	_, err := shared.Kubectl(t.Context(), "", append([]string{"wait", "--for=condition=Ready", "--timeout=2s"}, args...)...)
	return err
}

// TestRefusedEdit files an edit of a pipeline that only the function refuses. Nothing that exists may change, the claim must say what is
// wrong, and be Ready again once it is mended.
func TestRefusedEdit(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "refused")
	before := c.intents(t)
	refs, _, _ := unstructured.NestedSlice(c.XR(t).Object, "spec", "resourceRefs")
	ready := func() error { return kubectlWait(t, "-n", c.GetNamespace(), c.Plural()+"/"+c.GetName()) }
	claims.Must(t, ready())

	c.SetAnnotations(map[string]string{"paymentdelivery.io/change": "one"})
	c.Set([]any{map[string]any{"actions": []any{"iam:CreateUser"}, "resources": []any{"arn:aws:iam::111122223333:user/a"}}}, "service", "permissions", "statements")
	claims.Must(t, c.Apply(t))
	c.Wait(t, "refused", isRefused)
	for range 3 {
		c.look(t)
	}
	c.Wait(t, "refused", isRefused)
	t.Logf("kubectl get pdp:\n%s\nclaim:\n%s", c.Kubectl(t, "get", c.Plural()), c.Describe(t))

	if err := ready(); err == nil {
		t.Error("kubectl wait says that a refused claim is Ready")
	}
	accepted := func(change string) error { // As docs/conditions.md has a job do it.
		_, err := shared.Kubectl(t.Context(), "", "wait", "--for=jsonpath={.status.acceptedChange}="+change, "--timeout=30s", "-n", c.GetNamespace(), c.Plural()+"/"+c.GetName())
		return err
	}
	if got := claims.Text(c.Live(t), "status", "acceptedChange"); got != "" {
		t.Errorf("want no change accepted, got %q", got)
	}
	if got := plane.Condition(c.Live(t), "Synced"); got != "True" {
		t.Errorf("Synced: want True, got %s", got)
	}
	if diff := cmp.Diff(before, c.intents(t)); diff != "" {
		t.Errorf("a refused edit has changed managed resources: -before, +after:\n%s", diff)
	}
	after, _, _ := unstructured.NestedSlice(c.XR(t).Object, "spec", "resourceRefs")
	if diff := cmp.Diff(refs, after); diff != "" {
		t.Errorf("a refused edit has changed the XR's references: -before, +after:\n%s", diff)
	}
	if got := c.warnings(t); len(got) != 1 || !strings.Contains(got[0], "InvalidInput") || !strings.Contains(got[0], "iam:CreateUser") {
		t.Errorf("want one Warning that says why, got %q", got)
	}
	for _, condition := range []string{"SourceConnected", "TrafficShifting"} {
		if _, reason, _ := claims.Condition(c.Live(t), condition); reason == "FatalError" || reason == "" {
			t.Errorf("%s is not as it was: %q", condition, reason)
		}
	}

	c.Set(nil, "service", "permissions")
	c.SetAnnotations(map[string]string{"paymentdelivery.io/change": "two"})
	claims.Must(t, c.Apply(t))
	claims.Must(t, accepted("two"))
	c.Wait(t, "Ready again", func(live *unstructured.Unstructured) bool {
		return plane.Condition(live, "Accepted") == "True" && plane.Condition(live, "Ready") == "True"
	})
	claims.Must(t, ready())
	if diff := cmp.Diff(before, c.intents(t)); diff != "" {
		t.Errorf("mending the claim has changed managed resources: -before, +after:\n%s", diff)
	}
}

// TestReadyOfBefore shows what docs/conditions.md says of "kubectl wait": Crossplane says of a change that a claim is Ready before it has
// called the function. If it does not any more, the section there can go, with status.acceptedChange.
func TestReadyOfBefore(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "before")
	xr := c.XR(t).GetName()
	mustKubectl(t, "annotate", "xpdp", xr, annotationPaused+"=true")
	environment.WaitFor(t, "the XR is paused", func() bool {
		_, reason, _ := claims.Condition(c.XR(t), "Synced")
		return reason == "ReconcilePaused"
	}, func() string { return claims.Describe(c.XR(t)) })
	c.SetAnnotations(map[string]string{"paymentdelivery.io/change": "one"})
	c.Set(int64(1024), "service", "memorySizeMiB")
	claims.Must(t, c.Apply(t))
	claims.Must(t, kubectlWait(t, "-n", c.GetNamespace(), c.Plural()+"/"+c.GetName()))
	if got := claims.Text(c.Live(t), "status", "acceptedChange"); got != "" {
		t.Errorf("want no change accepted before the function is called, got %q", got)
	}
	mustKubectl(t, "annotate", "xpdp", xr, annotationPaused+"-")
	c.Wait(t, "accepted", func(live *unstructured.Unstructured) bool {
		return claims.Text(live, "status", "acceptedChange") == "one"
	})
}

// TestNewRule has the platform team add a rule that a pipeline breaks. Its team has changed nothing, so Ready stays, and Accepted says it.
func TestNewRule(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "ruled")
	before := c.intents(t)
	settings(t, "ruled", map[string]any{"allowedRegions": []any{"eu-north-1"}}, c.GetNamespace())
	c.look(t)
	c.Wait(t, "refused", func(live *unstructured.Unstructured) bool { return plane.Condition(live, "Accepted") == "False" })
	c.look(t)
	claims.Must(t, kubectlWait(t, "-n", c.GetNamespace(), c.Plural()+"/"+c.GetName()))
	if diff := cmp.Diff(before, c.intents(t)); diff != "" {
		t.Errorf("a rule has changed managed resources: -before, +after:\n%s", diff)
	}
	if got := claims.Text(c.Live(t), "status", "message"); got != "Refused: spec.region …" {
		t.Errorf("status.message: want the field that is refused, got %q", got)
	}
	c.Set(int64(1024), "service", "memorySizeMiB")
	claims.Must(t, c.Apply(t))
	c.Wait(t, "refused, and not Ready after an edit", isRefused)
}

// warnings of which the claim's team hears.
func (c claim) warnings(t *testing.T) (found []string) {
	t.Helper()
	for line := range strings.Lines(c.Kubectl(t, "get", "events", "--no-headers", "--field-selector=type=Warning,involvedObject.uid="+string(c.Live(t).GetUID()),
		"-o=custom-columns=REASON:.reason,COUNT:.count,MESSAGE:.message")) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[1] != "1" {
			line = fmt.Sprintf("%s times: %s", fields[1], line)
		}
		found = append(found, line)
	}
	return found
}

// look at the XR again, and wait until Crossplane has.
func (c claim) look(t *testing.T) {
	t.Helper()
	before, err := replica.Calls(t.Context())
	claims.Must(t, err)
	c.reconcile(t, fmt.Sprint(before))
	c.Until(t, "the function is called", func() bool {
		now, err := replica.Calls(t.Context())
		claims.Must(t, err)
		return now > before
	})
}
