package aws

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/aws/account"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/claims"
)

// sharedConnection is one of the second account's that somebody has authorised.
const sharedConnection = "arn:aws:codeconnections:us-east-1:" + productionID + ":connection/0a1b2c3d-8aad-4d5d-8878-dfcab0bc441f"

// TestTeams has two platform teams with claims in three namespaces and two accounts side by side. One builds in the first account and
// releases the same in the second. The other has its service in the second account only, where the platform team gives key and
// connection, and has a rule. Then that team's settings are lost.
func TestTeams(t *testing.T) {
	t.Parallel()
	production, err := openProduction()
	claims.Must(t, err)
	key, err := production.KMS.CreateKey(t.Context(), &kms.CreateKeyInput{})
	claims.Must(t, err)

	dev := environment.New(t, "examples/claims/minimal.yaml", "pay-dev")
	dev.Set([]any{map[string]any{"accountId": productionID, "environmentSuffix": "pay-prod"}}, "promoteTo")
	prod := environment.New(t, "examples/claims/promotion.yaml", "pay-prod")
	shop := environment.New(t, "examples/claims/minimal.yaml", "shop-orders-prod")
	prod.ProviderConfig, shop.ProviderConfig = "production", "production"
	for name, settings := range map[string]struct {
		of   claims.Claim
		data map[string]any
	}{
		"pay-dev":  {dev, map[string]any{"tags": map[string]any{"team": "pay"}}},
		"pay-prod": {prod, map[string]any{"providerConfig": "production", "accountId": productionID, "tags": map[string]any{"team": "pay"}, "require": map[string]any{"approval": true}}},
		"shop": {shop, map[string]any{
			"providerConfig": "production", "accountId": productionID, "tags": map[string]any{"team": "shop"},
			"kmsKeyArn": *key.KeyMetadata.Arn, "connectionArn": sharedConnection, "allowedRepositories": []any{"my-org/*"},
		}},
	} {
		claims.Must(t, shared.Settle(t.Context(), name, settings.data, settings.of.GetNamespace()))
	}

	dev.File(t)
	shop.Set("others", "source", "owner")
	shop.File(t)
	shop.Wait(t, "told whose rule it breaks", func(live *unstructured.Unstructured) bool {
		_, _, message := claims.Condition(live, "Accepted")
		return strings.HasSuffix(message, "(platform setting allowedRepositories of EnvironmentConfig shop)")
	})
	shop.Set("my-org", "source", "owner")
	claims.Must(t, shop.Apply(t))
	authorise(t, dev)
	dev.WaitReady(t)
	prod.Set(map[string]any{"accountId": accountID, "bucketName": claims.Text(dev.Live(t), "status", "artifactBucketName")}, "source", "promotedFrom")
	prod.Set(nil, "promoteTo")
	prod.Set(true, "approval", "required")
	prod.File(t)
	prod.WaitReady(t)
	shop.WaitReady(t)

	inProduction := func(c claims.Claim) account.Holdings {
		t.Helper()
		h, err := production.Holdings(t.Context(), c.Suffix)
		claims.Must(t, err)
		return h
	}
	for _, c := range []claims.Claim{prod, shop} {
		if here := things(holdings(t, c)); len(here) > 0 {
			t.Errorf("%s is in the first account: %v", c.Suffix, here)
		}
	}
	if there := things(inProduction(dev)); len(there) > 0 {
		t.Errorf("%s is in the second account: %v", dev.Suffix, there)
	}
	arn := *key.KeyMetadata.Arn
	for _, want := range []struct {
		of    account.Holdings
		thing string
		texts []string
	}{
		{holdings(t, dev), "Table deployment-history-pay-dev", []string{`"pay"`}},
		{inProduction(prod), "Table deployment-history-pay-prod", []string{`"pay"`}},
		{inProduction(prod), "Pipeline payment-processor-pipeline-pay-prod", []string{"Promotion_Source", "Approve_Traffic_Shift"}},
		{inProduction(shop), "Table deployment-history-shop-orders-prod", []string{`"shop"`, arn}},
		{inProduction(shop), "Pipeline payment-processor-pipeline-shop-orders-prod", []string{sharedConnection, arn}},
	} {
		for _, text := range want.texts {
			if says := want.of.JSON(want.thing); !strings.Contains(says, text) {
				t.Errorf("%s: want %s in\n%s", want.thing, text, says)
			}
		}
	}
	bucket := "Bucket " + claims.Text(dev.Live(t), "status", "artifactBucketName")
	if policy := holdings(t, dev).JSON(bucket); !strings.Contains(policy, "arn:aws:iam::"+productionID+":role/release-service-role-pay-prod") {
		t.Errorf("the second account's release may not read what the first has released:\n%s", policy)
	}

	before := inProduction(shop).Normal(shop.Suffix)
	claims.Must(t, shared.Unsettle(t.Context(), "shop"))
	shop.Kubectl(t, "annotate", "xpdp", shop.XR(t).GetName(), "example.org/look=now")
	shop.Wait(t, "telling that its settings are lost", func(live *unstructured.Unstructured) bool {
		_, reason, _ := claims.Condition(live, "SettingsApplied")
		return reason == "SettingsMissing"
	})
	quiet(t, shop)
	if diff := cmp.Diff(before, inProduction(shop).Normal(shop.Suffix)); diff != "" {
		t.Errorf("what AWS has is not as it was: -before, +after:\n%s", diff)
	}
}
