package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestProtectedPartsAreGivenUp takes out of a protected claim what holds nothing of value, and looks what becomes of it.
func TestProtectedPartsAreGivenUp(t *testing.T) {
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
				"function-policy-attachment":                  "Observe, Create, Update, LateInitialize, Delete",
				"live-invoker-partner":                        "Observe, Create, Update, Delete",
				"live-url-invoker-partner":                    "Observe, Create, Update, Delete",
				"event-rule-nightly":                          "Observe, Create, Update, Delete",
				"event-target-nightly":                        "Observe, Create, Update, Delete",
				"event-permission-nightly":                    "Observe, Create, Update, Delete",
				"deployment-config-canary-5percent-30minutes": "Observe, Create, Update, Delete",
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
				"permissions":  map[string]any{"policyArns": []any{policy}},
				"invokers":     []any{map[string]any{"name": "partner", "principal": "444455556666"}},
				"functionUrl":  map[string]any{},
				"eventSources": []any{map[string]any{"name": "nightly", "schedule": map[string]any{"expression": "rate(1 day)"}}},
			}
			spec["rollout"] = map[string]any{"custom": map[string]any{"type": "Canary", "percentage": 5, "intervalMinutes": 30}}
			req := makeReady(t, newRequest(spec, nil))
			delete(spec, "service")
			delete(spec, "rollout")
			spec["dryRun"] = tc.dryRun
			req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = newRequest(spec, nil).GetObserved().GetComposite().GetResource().GetFields()["spec"]

			rsp := runAny(t, req)
			if diff := cmp.Diff(tc.first, giveableIn(rsp), cmpopts.EquateEmpty()); whyRefused(rsp) != "" || diff != "" {
				t.Errorf("%s\n-want in the first run, +got (%s):\n%s", tc.reason, whyRefused(rsp), diff)
			}
			if rsp.GetDesired().GetResources()["live-function-url"] != nil {
				t.Errorf("want the URL forgotten: its address is AWS's, and nothing gives it back")
			}
			feedBack(req, rsp)
			if got := giveableIn(runAny(t, req)); len(got) > 0 {
				t.Errorf("%s\nwant none asked for in the second run, got %v", tc.reason, got)
			}
		})
	}
}

// hashed are names that end with a hash.
var hashed = regexp.MustCompile(`^(function-policy-attachment|live-(url-)?invoker-partner)-[^-]+$`)

// giveableIn an answer, by their names without a hash: what their providers may do.
func giveableIn(rsp *fnv1.RunFunctionResponse) map[string]string {
	found := map[string]string{}
	for name, r := range rsp.GetDesired().GetResources() {
		if hashed.MatchString(name) {
			name = name[:strings.LastIndex(name, "-")]
		} else if !givenUp.MatchString(name) {
			continue
		}
		var may []string
		for _, action := range r.GetResource().AsMap()["spec"].(map[string]any)["managementPolicies"].([]any) {
			may = append(may, fmt.Sprint(action))
		}
		found[name] = strings.Join(may, ", ")
	}
	return found
}
