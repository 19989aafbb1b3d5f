package controlplane

import (
	"maps"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// gone are the entries of before that are not in after: deleted, or recreated under another UID.
func gone(before, after map[string]string) []string {
	missing := maps.Clone(before)
	maps.DeleteFunc(missing, func(name, uid string) bool { return after[name] == uid })
	names := []string{}
	for name := range missing {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func mustJSON(t *testing.T, u *unstructured.Unstructured) string {
	t.Helper()
	b, err := u.MarshalJSON()
	claims.Must(t, err)
	return string(b)
}
