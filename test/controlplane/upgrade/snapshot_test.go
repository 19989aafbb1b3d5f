package upgrade

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/plane"
)

// What Crossplane writes into the metadata of a composed resource: the name of its XR, its name in the composition, and its
// name in AWS.
const (
	labelComposite  = "crossplane.io/composite"
	annotationName  = "crossplane.io/composition-resource-name"
	annotationInAWS = "crossplane.io/external-name"
)

// A snapshot of the managed resources of one claim, by kind and name.
type snapshot map[string]unstructured.Unstructured

// look at the claim's managed resources.
func (w *world) look(t *testing.T, c claims.Claim) snapshot {
	t.Helper()
	s := snapshot{}
	for _, gvk := range w.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		claims.Must(t, w.Plane.Client.List(t.Context(), l, client.MatchingLabels{labelComposite: c.XR(t).GetName()}))
		for _, u := range l.Items {
			s[u.GetKind()+" "+u.GetName()] = u
		}
	}
	return s
}

// lost is what happened to resources that an upgrade must leave alone: a line for each that is gone, was made anew, is being
// deleted, or has another name in AWS.
func lost(before, after snapshot) []string {
	lines := []string{}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		was := before[id]
		is, found := after[id]
		switch {
		case !found:
			lines = append(lines, id+" is gone")
		case is.GetUID() != was.GetUID():
			lines = append(lines, id+" was deleted and made anew")
		case is.GetDeletionTimestamp() != nil:
			lines = append(lines, id+" is being deleted")
		case awsName(is) != awsName(was):
			lines = append(lines, fmt.Sprintf("%s was %q in AWS, and is %q", id, awsName(was), awsName(is)))
		}
	}
	return lines
}

func awsName(u unstructured.Unstructured) string {
	return u.GetAnnotations()[annotationInAWS]
}

// fingerprint of all that an upgrade may change: generations of managed resources, and whether they and the claims are ready.
func (w *world) fingerprint(t *testing.T, filed []claims.Claim) string {
	t.Helper()
	lines := []string{}
	for _, gvk := range w.Kinds {
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
		claims.Must(t, w.Plane.Client.List(t.Context(), l))
		for _, u := range l.Items {
			lines = append(lines, fmt.Sprint(gvk.Kind, " ", u.GetName(), " ", u.GetGeneration(), " ", u.GetDeletionTimestamp(), plane.Condition(&u, "Ready")))
		}
	}
	for _, c := range filed {
		lines = append(lines, c.Suffix+" "+claims.Describe(c.Live(t)))
	}
	return strings.Join(lines, "\n")
}
