package claim

import (
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

func TestDigest(t *testing.T) {
	const spec = "spec: {region: us-east-1, tags: {a: b, c: d}"
	digest := func(xr string) string { return Digest(fntest.Struct(t, xr)) }
	want := digest(spec + "}")
	if len(want) != 16 {
		t.Fatalf("want a digest of 16 characters, got %q", want)
	}
	cases := map[string]struct {
		reason string
		xr     string
		same   bool
	}{
		"Same":      {reason: "The order of fields says nothing.", xr: "spec: {tags: {c: d, a: b}, region: us-east-1}", same: true},
		"Machinery": {reason: "What Crossplane writes is not what the claim asks for.", xr: spec + ", resourceRefs: [{name: a}], compositionRevisionRef: {name: r-2}, crossplane: {}}", same: true},
		"Status":    {reason: "Nor is the rest of the object.", xr: spec + "}\nstatus: {message: Ready}", same: true},
		"Edited":    {reason: "An edit is noticed, however deep it is.", xr: "spec: {region: us-east-1, tags: {a: b, c: e}}"},
		"Added":     {reason: "So is a field that is added.", xr: spec + ", dryRun: true}"},
		"NoSpec":    {reason: "A claim without a spec asks for something else.", xr: "metadata: {name: a}"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := digest(tc.xr); (got == want) != tc.same {
				t.Errorf("%s\nDigest(...): want it the same: %t, got %q and %q", tc.reason, tc.same, want, got)
			}
		})
	}
}
