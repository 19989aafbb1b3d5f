package controlplane

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// TestTrafficShift lets CodeDeploy move the alias from version 1 to 2, and then has it deleted by hand.
func TestTrafficShift(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "shift")
	alias := environment.KindNamed(t, "Alias")
	before := c.Resources(t)
	release := func(live *unstructured.Unstructured) map[string]any {
		r, _, _ := unstructured.NestedMap(live.Object, "status", "release")
		// These are of versions, and not of traffic.
		delete(r, "versions")
		return r
	}
	steps := []struct {
		name    string
		change  standin.Change
		deploy  string
		reason  string
		message string
		release map[string]any

		// row has the columns LIVE, CANDIDATE and SHIFTING.
		row []string
	}{
		{
			name:    "Linear step",
			change:  standin.Shifting("2", 0.1),
			reason:  "TwoVersions",
			message: "Version 2 takes 10 % of production traffic, version 1 the rest.",
			release: map[string]any{"live": map[string]any{"version": "none"}, "liveVersion": "1", "bootstrapVersion": "1", "candidateVersion": "2", "candidateWeight": int64(10)},
			row:     []string{"none", "2", "10"},
		},
		{
			name:    "Next step",
			change:  standin.Shifting("2", 0.55),
			reason:  "TwoVersions",
			message: "Version 2 takes 55 % of production traffic, version 1 the rest.",
			release: map[string]any{"live": map[string]any{"version": "none"}, "liveVersion": "1", "bootstrapVersion": "1", "candidateVersion": "2", "candidateWeight": int64(55)},
			row:     []string{"none", "2", "55"},
		},
		{
			name:    "Done",
			deploy:  "2",
			reason:  "OneVersion",
			message: "Version 2 takes all production traffic.",
			release: map[string]any{"live": map[string]any{"version": "2"}, "liveVersion": "2", "bootstrapVersion": "1"},
			row:     []string{"2", "", ""},
		},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			claims.Must(t, account.Set(t.Context(), alias, c.ObjectName("live-alias"), step.change))
			if step.deploy != "" {
				c.release(t, step.deploy)
			}
			// Crossplane does not copy all of the XR's status to the claim at once.
			c.Wait(t, step.name, func(live *unstructured.Unstructured) bool {
				_, reason, message := claims.Condition(live, "TrafficShifting")
				return reason == step.reason && message == step.message && cmp.Equal(step.release, release(live))
			})
			row := c.row(t, "-o=wide")
			if diff := cmp.Diff(step.row, []string{row["LIVE"], row["CANDIDATE"], row["SHIFTING"]}); diff != "" {
				t.Errorf("kubectl get pdp: -want, +got:\n%s", diff)
			}
		})
	}

	t.Log("a new version is published and not released, and the claim changes")
	c.publish(t, "3")
	setMemory(t, c, 1024)
	waitMemory(t, c, 1024)
	c.Until(t, "the alias would be made on what is live", func() bool {
		return claims.Text(c.Resource(t, "Alias", "live-alias"), "spec", "forProvider", "functionVersion") == "2"
	})
	unharmed(t, c, before)
	if diff := cmp.Diff(map[string]any{"live": map[string]any{"version": "2"}, "liveVersion": "2", "bootstrapVersion": "1"}, release(c.Live(t))); diff != "" {
		t.Errorf("traffic was moved by other hands than CodeDeploy's: -want, +got:\n%s", diff)
	}

	t.Log("someone deletes the alias")
	// Waiting might never end: the alias may be back before kubectl sees that it was gone.
	mustKubectl(t, "delete", "aliases.lambda.aws.upbound.io", c.ObjectName("live-alias"), "--wait=false")
	c.Until(t, "the alias is back", func() bool {
		again := c.Resource(t, "Alias", "live-alias")
		return again != nil && !slices.Contains(slices.Collect(maps.Values(before)), string(again.GetUID()))
	})
	if got := claims.Text(c.Resource(t, "Alias", "live-alias"), "spec", "forProvider", "functionVersion"); got != "2" {
		t.Errorf("the alias came back on version %s, want 2, which was live", got)
	}
	unharmed(t, c, nil)
}

// TestFunctionRecreated has someone delete the blue function in AWS, its versions and its alias with it.
func TestFunctionRecreated(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "recreated")
	before := c.Resources(t)
	alias := environment.KindNamed(t, "Alias")
	serves := func(version, lost string) {
		c.Wait(t, "served by version "+version, func(live *unstructured.Unstructured) bool {
			status, _, _ := claims.Condition(live, "LiveVersionLost")
			return claims.Text(live, "status", "release", "liveVersion") == version && status == lost
		})
	}
	c.release(t, "7")
	serves("7", "")

	t.Log("the provider makes the function again, with version 10")
	c.happens(t, "Function", "blue-function", account.AWS.Lose)
	c.publish(t, "10")
	claims.Must(t, account.Look(t.Context(), alias, c.ObjectName("live-alias")))
	serves("10", "True")
	unharmed(t, c, before)
	serves("10", "True")
	_, _, message := claims.Condition(c.Live(t), "LiveVersionLost")
	t.Logf("LiveVersionLost: %s", message)
	if !strings.HasPrefix(message, "Version 7 was live and is gone: ") {
		t.Errorf("LiveVersionLost says %q, want that version 7 is gone", message)
	}
	if told := events(t, claims.XRKind.Kind, c.XR(t).GetName()); !strings.Contains(told, message) {
		t.Errorf("no event of the XR says that the version is gone:\n%s", told)
	}
	if got := claims.Text(c.Resource(t, "Alias", "live-alias"), "status", "atProvider", "functionVersion"); got != "10" {
		t.Errorf("the alias is on version %q, want 10", got)
	}

	t.Log("a release makes another version live")
	c.release(t, "11")
	serves("11", "False")
	unharmed(t, c, before)
}
