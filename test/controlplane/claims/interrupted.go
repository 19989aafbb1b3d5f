package claims

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Interrupted begins what a resource says whose provider does not know what came of its creation.
const Interrupted = "cannot determine creation result"

// ReleaseInterrupted does what docs/aws.md asks of a person if a resource is interrupted while its claim is being deleted, when
// nobody asks the function any more: it takes the annotation away that the provider stops at, and changes another, which wakes it.
// That can happen without a provider that is killed: Crossplane may make a resource again that it has just deleted, if it was
// composing when the deletion began, and the provider then fails to write into an object that both write to.
func (c Claim) ReleaseInterrupted(ctx context.Context) (released []string, err error) {
	const patch = `{"metadata": {"annotations": {"crossplane.io/external-create-pending": null, "example.org/looked-at": "yes"}}}`
	for _, gvk := range c.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		if err := c.Plane.Client.List(ctx, l); err != nil {
			return released, err
		}
		for i := range l.Items {
			o := &l.Items[i]
			_, _, message := Condition(o, "Synced")
			if !c.owns(o.GetName()) || o.GetDeletionTimestamp() == nil || !strings.HasPrefix(message, Interrupted) {
				continue
			}
			if err := c.Plane.Client.Patch(ctx, o, client.RawPatch(types.MergePatchType, []byte(patch))); client.IgnoreNotFound(err) != nil {
				return released, err
			}
			released = append(released, o.GetName())
		}
	}
	return released, nil
}

// DeleteWhilePaused deletes the claim while Crossplane does not compose. If it did in that moment, it could make a resource again that was
// just deleted: of a connection there would be two then.
func (c Claim) DeleteWhilePaused(t *testing.T) {
	t.Helper()
	xr := c.XR(t).GetName()
	c.Kubectl(t, "annotate", "xpdp", xr, "crossplane.io/paused=true")
	c.Until(t, "its XR is paused", func() bool {
		_, reason, _ := Condition(c.XR(t), "Synced")
		return reason == "ReconcilePaused"
	})
	c.Kubectl(t, "delete", "pdp", c.GetName(), "--wait=false")
	c.Kubectl(t, "annotate", "xpdp", xr, "crossplane.io/paused-")
	c.Until(t, "the claim is gone", func() bool { return c.Live(t) == nil })
}
