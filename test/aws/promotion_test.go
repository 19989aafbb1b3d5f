package aws

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// TestPromotion has a pipeline made that others may take from, and one that takes from it: without a connection, without a build, and
// without anybody to authorise anything. Then it takes from the first whom it has named, and deletes the second.
func TestPromotion(t *testing.T) {
	t.Parallel()
	offering := fileReady(t, "examples/claims/promote-to.yaml", "offers", func(c claims.Claim) {
		c.Set([]any{map[string]any{"accountId": accountID, "environmentSuffix": "takes"}}, "promoteTo")
	})
	bucket := claims.Text(offering.Live(t), "status", "artifactBucketName")
	taking := environment.New(t, "examples/claims/promotion.yaml", "takes")
	taking.Set(map[string]any{"accountId": claims.Text(offering.Live(t), "status", "accountId"), "bucketName": bucket}, "source", "promotedFrom")
	taking.File(t)
	taking.WaitReady(t)

	offered, taken := holdings(t, offering), holdings(t, taking)
	if policy := offered.JSON("Bucket " + bucket); !strings.Contains(policy, "role/release-service-role-takes") {
		t.Errorf("the bucket's policy does not let the other pipeline in:\n%s", policy)
	}
	kinds := func(h account.Holdings) []string {
		kinds := map[string]bool{}
		for _, name := range things(h) {
			kind, _, _ := strings.Cut(name, " ")
			kinds[kind] = true
		}
		return slices.Sorted(maps.Keys(kinds))
	}
	with := slices.DeleteFunc(kinds(offered), func(kind string) bool { return kind == "Connection" || kind == "Project" })
	if diff := cmp.Diff(with, kinds(taken)); diff != "" {
		t.Errorf("a pipeline that takes has what one has that builds, but for connection and project: -want, +got:\n%s", diff)
	}
	if rule := taken.JSON("Rule payment-processor-watch-promotion-takes"); !strings.Contains(rule, "rate(5 minutes)") || !strings.Contains(rule, `{\"action\":\"promotion\"}`) {
		t.Errorf("nothing looks for releases:\n%s", rule)
	}
	pipeline := taken.JSON("Pipeline payment-processor-pipeline-takes")
	for _, want := range []string{`"Promotion_Source"`, `"promoted/service.zip"`, claims.Text(taking.Live(t), "status", "artifactBucketName")} {
		if !strings.Contains(pipeline, want) {
			t.Errorf("want %s in\n%s", want, pipeline)
		}
	}

	offering.Set(nil, "promoteTo")
	claims.Must(t, offering.Apply(t))
	offering.Until(t, "the bucket's policy lets nobody in", func() bool {
		return !strings.Contains(holdings(t, offering).JSON("Bucket "+bucket), "watch-service-role")
	})
	before := things(holdings(t, offering))
	claims.Must(t, shared.Client.Delete(t.Context(), taking.DeepCopy()))
	gone(t, taking)
	if diff := cmp.Diff(before, things(holdings(t, offering))); diff != "" {
		t.Errorf("the other pipeline has lost something: -before, +after:\n%s", diff)
	}
}
