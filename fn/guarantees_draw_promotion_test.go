package main

import (
	"pgregory.net/rapid"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// drawPromotion draws who may take what is released, and now and then has a pipeline take it from another, which builds nothing.
func drawPromotion(t *rapid.T, spec map[string]any, region string) {
	suffix := rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?`)
	maybe(t, spec, "promoteTo", rapid.Map(rapid.SliceOfNDistinct(suffix, 0, 10, rapid.ID[string]), func(suffixes []string) []any {
		targets := []any{}
		for i, suffix := range suffixes {
			targets = append(targets, map[string]any{"accountId": []string{fntest.Account, "444455556666"}[i%2], "environmentSuffix": suffix})
		}
		return targets
	}))
	if rapid.IntRange(0, 3).Draw(t, "is promoted") > 0 {
		return
	}
	from := map[string]any{
		"accountId":  "444455556666",
		"bucketName": rapid.StringMatching(`pipeline-artifacts-[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?-[0-9a-f]{8}`).Draw(t, "bucket"),
	}
	maybe(t, from, "kmsKeyArn", rapid.SampledFrom([]string{"", inRegion("arn:aws:kms:us-east-1:444455556666:key/dev", region)}))
	spec["source"], spec["build"] = map[string]any{"promotedFrom": from}, map[string]any{}
}

// keepSource gives a spec the source of another, if one of them builds and the other does not: a claim cannot change that.
func keepSource(spec, before map[string]any, region string) {
	isPromoted := func(spec map[string]any) bool { return spec["source"].(map[string]any)["promotedFrom"] != nil }
	if isPromoted(spec) != isPromoted(before) {
		spec["source"], spec["build"] = before["source"], before["build"]
		fitBuild(spec, region)
	}
}
