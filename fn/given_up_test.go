package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestProtectedGrantsAreGivenUp takes out of a protected claim what it grants, and looks what becomes of it.
func TestProtectedGrantsAreGivenUp(t *testing.T) {
	const policy = "arn:aws:iam::" + fntest.Account + ":policy/payment-service-tracing"
	cases := map[string]struct {
		reason    string
		protected bool
		dryRun    bool

		// first are those that are asked for in the first run without them.
		first map[string]string
	}{
		"Protected": {
			reason:    "Nothing was allowed to delete them in AWS: they are asked for once more, so that something is.",
			protected: true,
			first: map[string]string{
				"function-policy-attachment": "Observe, Create, Update, LateInitialize, Delete",
				"live-invoker-partner":       "Observe, Create, Update, Delete",
				"live-url-invoker-partner":   "Observe, Create, Update, Delete",
			},
		},
		"NotProtected": {reason: "They could be deleted from the first."},
		"DryRun":       {reason: "A dry run forgets what the claim gives up, and nothing may delete that.", protected: true, dryRun: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := minimalSpecMap()
			spec["deletionProtection"] = tc.protected
			spec["service"] = map[string]any{
				"permissions": map[string]any{"policyArns": []any{policy}},
				"invokers":    []any{map[string]any{"name": "partner", "principal": "444455556666"}},
				"functionUrl": map[string]any{},
			}
			req := makeReady(t, newRequest(spec, nil))
			delete(spec, "service")
			spec["dryRun"] = tc.dryRun
			req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = newRequest(spec, nil).GetObserved().GetComposite().GetResource().GetFields()["spec"]

			rsp := runAny(t, req)
			if diff := cmp.Diff(tc.first, grantsIn(rsp), cmpopts.EquateEmpty()); fatal(rsp) != "" || diff != "" {
				t.Errorf("%s\n-want in the first run, +got (%s):\n%s", tc.reason, fatal(rsp), diff)
			}
			if rsp.GetDesired().GetResources()["live-function-url"] != nil {
				t.Errorf("want the URL forgotten: its address is AWS's, and nothing gives it back")
			}
			feedBack(req, rsp)
			if got := grantsIn(runAny(t, req)); len(got) > 0 {
				t.Errorf("%s\nwant none asked for in the second run, got %v", tc.reason, got)
			}
		})
	}
}

// grantsIn an answer, by their names without the hash that each ends with: what their providers may do.
func grantsIn(rsp *fnv1.RunFunctionResponse) map[string]string {
	found := map[string]string{}
	for name, r := range rsp.GetDesired().GetResources() {
		base := name[:max(0, strings.LastIndex(name, "-"))]
		if base != "function-policy-attachment" && !strings.HasSuffix(base, "invoker-partner") {
			continue
		}
		var may []string
		for _, action := range r.GetResource().AsMap()["spec"].(map[string]any)["managementPolicies"].([]any) {
			may = append(may, fmt.Sprint(action))
		}
		found[base] = strings.Join(may, ", ")
	}
	return found
}
