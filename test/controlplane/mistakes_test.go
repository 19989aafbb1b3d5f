package controlplane

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/mistakes"
)

// TestMistakes asks the API server what it says to each wrong claim of the list, as kubectl apply --dry-run=server does.
func TestMistakes(t *testing.T) {
	t.Parallel()
	all, err := mistakes.All()
	claims.Must(t, err)
	c := environment.New(t, "examples/claims/minimal.yaml", "pr-123")
	c.SetNamespace("default")
	if told := toldAtApply(t, c.Unstructured); len(told) > 0 {
		t.Fatalf("the smallest claim is refused: %q", told)
	}
	for _, m := range all {
		t.Run(m.Name, func(t *testing.T) {
			wrong := c.Copy()
			wrong.Object["spec"] = m.In(wrong.Object["spec"].(map[string]any))
			if diff := cmp.Diff(m.Told, toldAtApply(t, wrong.Unstructured)); diff != "" {
				t.Errorf("%s: -want, +told:\n%s", m.Reason, diff)
			}
		})
	}
}

// toldAtApply is what the API server says of a claim that it would not create, sorted.
func toldAtApply(t *testing.T, c *unstructured.Unstructured) []string {
	t.Helper()
	err := shared.Client.Create(t.Context(), c, client.DryRunAll, client.FieldValidation("Strict"))
	if err == nil {
		return nil
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		t.Fatal(err)
	}
	if _, unknown, found := strings.Cut(err.Error(), "strict decoding error: "); found {
		return []string{unknown}
	}
	var told []string
	for _, cause := range status.Status().Details.Causes {
		// That other rules were not judged is said of no field.
		if cause.Field != "<nil>" {
			told = append(told, cause.Field+": "+cause.Message)
		}
	}
	slices.Sort(told)
	return told
}
