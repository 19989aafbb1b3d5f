package controlplane

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/aws"
)

// TestTrafficShift lets CodeDeploy move the alias from version 1 to 2, and then has it deleted by hand.
func TestTrafficShift(t *testing.T) {
	t.Parallel()
	c := fileReady(t, "shift")
	alias := kindNamed(t, "Alias")
	before := c.resources(t)
	release := func(live *unstructured.Unstructured) map[string]any {
		r, _, _ := unstructured.NestedMap(live.Object, "status", "release")
		return r
	}
	steps := []struct {
		name    string
		change  aws.Change
		deploy  string
		reason  string
		message string
		release map[string]any
		row     string
	}{
		{
			name:    "Linear step",
			change:  aws.Shifting("2", 0.1),
			reason:  "TwoVersions",
			message: "Version 2 takes 10 % of production traffic, version 1 the rest.",
			release: map[string]any{"liveVersion": "1", "candidateVersion": "2", "candidateWeight": int64(10)},
			row:     "1",
		},
		{
			name:    "Next step",
			change:  aws.Shifting("2", 0.55),
			reason:  "TwoVersions",
			message: "Version 2 takes 55 % of production traffic, version 1 the rest.",
			release: map[string]any{"liveVersion": "1", "candidateVersion": "2", "candidateWeight": int64(55)},
			row:     "1",
		},
		{
			name:    "Done",
			deploy:  "2",
			reason:  "OneVersion",
			message: "Version 2 takes all production traffic.",
			release: map[string]any{"liveVersion": "2"},
			row:     "2",
		},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			must(t, account.Set(t.Context(), alias, c.object("live-alias"), step.change))
			if step.deploy != "" {
				must(t, account.Deploy(t.Context(), alias, c.object("live-alias"), step.deploy))
			}
			c.wait(t, step.name, func(live *unstructured.Unstructured) bool {
				_, _, message := condition(live, "TrafficShifting")
				return message == step.message
			})
			live := c.live(t)
			_, reason, _ := condition(live, "TrafficShifting")
			if diff := cmp.Diff(step.reason, reason); diff != "" {
				t.Errorf("TrafficShifting: -want reason, +got:\n%s", diff)
			}
			if diff := cmp.Diff(step.release, release(live)); diff != "" {
				t.Errorf("status.release: -want, +got:\n%s", diff)
			}
			if diff := cmp.Diff(step.row, c.row(t)["LIVE"]); diff != "" {
				t.Errorf("kubectl get pdp, LIVE: -want, +got:\n%s", diff)
			}
		})
	}

	t.Log("a new version is published and not released, and the claim changes")
	must(t, account.Set(t.Context(), kindNamed(t, "Function"), c.object("blue-function"), aws.Published("3")))
	setMemory(t, c, 1024)
	waitMemory(t, c, 1024)
	waitFor(t, "the alias would be made on what is live", func() bool {
		return text(c.resource(t, "Alias", "live-alias"), "spec", "forProvider", "functionVersion") == "2"
	}, func() string { return describe(c.live(t)) })
	unharmed(t, c, before)
	if diff := cmp.Diff(map[string]any{"liveVersion": "2"}, release(c.live(t))); diff != "" {
		t.Errorf("traffic was moved by other hands than CodeDeploy's: -want, +got:\n%s", diff)
	}

	t.Log("someone deletes the alias")
	// Waiting might never end: the alias may be back before kubectl sees that it was gone.
	mustKubectl(t, "delete", "aliases.lambda.aws.upbound.io", c.object("live-alias"), "--wait=false")
	waitFor(t, "the alias is back", func() bool {
		again := c.resource(t, "Alias", "live-alias")
		return again != nil && !slices.Contains(slices.Collect(maps.Values(before)), string(again.GetUID()))
	}, func() string { return describe(c.live(t)) })
	if got := text(c.resource(t, "Alias", "live-alias"), "spec", "forProvider", "functionVersion"); got != "2" {
		t.Errorf("the alias came back on version %s, want 2, which was live", got)
	}
	unharmed(t, c, nil)
}
