package controlplane

import (
	"os"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestQuota gives a namespace room for one claim, by the quota of the examples. The API server refuses a second, says why, and
// takes it when there is room.
func TestQuota(t *testing.T) {
	t.Parallel()
	const count corev1.ResourceName = "count/paymentdeliverypipelines.paymentdelivery.io"
	first := newClaim(t, "quota")
	first.Prepare(t)

	quota := &corev1.ResourceQuota{}
	b, err := os.ReadFile("../../examples/quota.yaml")
	claims.Must(t, err)
	claims.Must(t, yaml.UnmarshalStrict(b, quota))
	if _, found := quota.Spec.Hard[count]; !found || len(quota.Spec.Hard) != 1 {
		t.Fatalf("the example counts %v, want claims", quota.Spec.Hard)
	}
	quota.Namespace = first.GetNamespace()
	quota.Spec.Hard[count] = resource.MustParse("1")
	claims.Must(t, shared.Apply(t.Context(), quota))

	// Until the claims there have been counted, the API server takes none.
	first.Until(t, "the claims are counted", func() bool {
		return first.Kubectl(t, "get", "resourcequota", quota.Name, "-o=jsonpath={.status.used}") == `{"`+string(count)+`":"0"}`
	})
	claims.Must(t, first.Apply(t))

	second := claim{first.Copy()}
	second.SetName("payments-2")
	second.Suffix = "quota-2"
	second.Set(second.Suffix, "environmentSuffix")
	t.Cleanup(func() { account.AWS.Forget(second.Suffix + ".") })
	err = second.Apply(t)
	if want := "exceeded quota: payment-delivery, requested: " + string(count) + "=1, used: " + string(count) + "=1, limited: " + string(count) + "=1"; err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("want the second claim refused with %q, got: %v", want, err)
	}
	t.Logf("kubectl apply of a second claim: %v", err)

	// A change of the first is no claim more.
	first.Set(int64(1024), "service", "memorySizeMiB")
	claims.Must(t, first.Apply(t))

	quota.Spec.Hard[count] = resource.MustParse("2")
	claims.Must(t, shared.Apply(t.Context(), quota))
	second.Prepare(t)
	first.Until(t, "there is room for the second claim", func() bool { return second.Apply(t) == nil })
}
