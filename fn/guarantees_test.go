package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"pgregory.net/rapid"

	"github.com/crossplane/function-sdk-go/logging"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// The tests here search for counter-examples to docs/guarantees.md, one test for each guarantee. "make fuzz" searches
// longer.

// runAny runs the function on any request, which stays as it is: see TestFixedPoint.
func runAny(t rapid.TB, req *fnv1.RunFunctionRequest) *fnv1.RunFunctionResponse {
	rsp, err := NewFunction(logging.NewNopLogger()).RunFunction(context.Background(), req)
	if err != nil {
		t.Fatalf("RunFunction(...): %v", err)
	}
	return rsp
}

// whyRefused says why nothing is composed of the claim. Empty: it is.
func whyRefused(rsp *fnv1.RunFunctionResponse) string {
	for _, c := range rsp.GetConditions() {
		if c.GetType() == v1alpha1.ConditionAccepted && c.GetStatus() == fnv1.Status_STATUS_CONDITION_FALSE && c.GetReason() != v1alpha1.ReasonRefusedByAWS {
			return c.GetMessage()
		}
	}
	return ""
}

// exist are the names of the resources that exist.
func exist(req *fnv1.RunFunctionRequest) []string {
	return slices.Sorted(maps.Keys(req.GetObserved().GetResources()))
}

// desiredIn are the names of the resources that are desired.
func desiredIn(rsp *fnv1.RunFunctionResponse) []string {
	return slices.Sorted(maps.Keys(rsp.GetDesired().GetResources()))
}

// TestNeverShrinks damages what is observed of a pipeline. A refusal shrinks nothing either, so where enough is left to go by there must be
// none: a function that always refused would pass otherwise.
func TestNeverShrinks(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		damage func(*rapid.T, *fnv1.RunFunctionRequest)
		always bool
	}{
		"Remembered": {
			reason: "The XR's status has every fact but one: that the pipeline's first run can succeed, which only a new pipeline needs.",
			damage: func(t *rapid.T, req *fnv1.RunFunctionRequest) { drawDamage(t, req, deliveryPipeline) },
			always: true,
		},
		"Forgotten": {
			reason: "Resources tell every fact too.",
			damage: func(_ *rapid.T, req *fnv1.RunFunctionRequest) { forget(req) },
			always: true,
		},
		"Anything": {
			reason: "What is not known is no reason to delete anything.",
			damage: func(t *rapid.T, req *fnv1.RunFunctionRequest) {
				drawDamage(t, req)
				if rapid.Bool().Draw(t, "lose the XR's status") {
					forget(req)
				}
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			req := drawReady(t)
			tc.damage(t, req)
			rsp := runAny(t, req)
			wantAllToStay(t, req, rsp)
			if message := whyRefused(rsp); message != "" && tc.always {
				t.Errorf("%s\nwant everything composed, got %q", tc.reason, message)
			}
		}))
	}
}

// givenUp are the names of what goes also from a protected claim.
var givenUp = regexp.MustCompile(`^(function-policy-attachment|live-invoker|live-url-invoker|event-rule|event-target|event-permission|deployment-config)-`)

func TestOptionsRemoveOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		region := drawRegion(t)
		before, input, after := drawSpec(t, region), drawInput(t, region), drawSpec(t, region)
		// It cannot change, and needs what it needed.
		after["environmentSuffix"] = before["environmentSuffix"]
		keepSource(after, before, region)
		if given := before["source"].(map[string]any)["connectionArn"]; given != nil && len(before["environmentSuffix"].(string)) > 14 {
			after["source"].(map[string]any)["connectionArn"] = given
		}
		req, aws := makeReadyInAWS(t, newRequest(before, input))
		req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = newRequest(after, input).GetObserved().GetComposite().GetResource().GetFields()["spec"]
		rsp := runAny(t, req)
		if message := whyRefused(rsp); message != "" {
			t.Fatalf("a valid change is refused: %s", message)
		}

		// What a new claim with the changed spec would have is what must stay, and what must come once nothing waits.
		fresh := exist(makeReady(t, newRequest(after, input)))
		kept := slices.DeleteFunc(desiredIn(rsp), func(name string) bool { return req.GetObserved().GetResources()[name] == nil })
		want := slices.DeleteFunc(exist(req), func(name string) bool { return !slices.Contains(fresh, name) })
		// What a protected claim gives up is asked for once more, to be deleted: TestProtectedPartsAreGivenUp.
		kept = slices.DeleteFunc(kept, func(name string) bool { return givenUp.MatchString(name) && !slices.Contains(fresh, name) })
		if diff := cmp.Diff(want, kept); diff != "" {
			t.Errorf("-want to stay, +got:\n%s", diff)
		}
		for range waves {
			apply(aws, req, rsp)
			rsp = runAny(t, req)
		}
		if diff := cmp.Diff(fresh, desiredIn(rsp)); diff != "" {
			t.Errorf("-want as a new claim has, +got:\n%s", diff)
		}
	})
}

func TestFixedPoint(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req, aws := drawReadyInAWS(t)
		asked, want := wire(t, req), runAny(t, req)
		for range 10 {
			if got := runAny(t, req); !bytes.Equal(wire(t, want), wire(t, got)) {
				t.Fatal("the same request has two answers")
			}
		}
		if !bytes.Equal(asked, wire(t, req)) {
			t.Fatal("the request is changed while it is answered")
		}
		apply(aws, req, want)
		if got := runAny(t, req); !bytes.Equal(wire(t, want), wire(t, got)) {
			t.Fatal("the answer, once it is observed, changes")
		}
		if len(want.GetResults()) > 0 {
			t.Fatalf("want no events while nothing changes, got %v", want.GetResults())
		}
	})
}

// TestFixedPointAThousandTimes covers what few repetitions might miss: the order of maps is random.
func TestFixedPointAThousandTimes(t *testing.T) {
	t.Parallel()
	req := makeReady(t, newRequest(minimalSpecMap(), nil))
	want := wire(t, runAny(t, req))
	for i := range 1000 {
		if !bytes.Equal(want, wire(t, runAny(t, req))) {
			t.Fatalf("answer %d differs from the first", i)
		}
	}
}

// TestFirstVersionHasTheSettings checks that AWS is asked for what the condition compares with: what the claim says, and nothing else.
func TestFirstVersionHasTheSettings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rsp := runAny(t, drawReady(t))
		// A claim that was never told otherwise is not told that its settings are live.
		if got := conditionsOf(rsp)[v1alpha1.ConditionConfigurationPending]; got != "" && got != v1alpha1.ReasonSettingsLive {
			t.Errorf("ConfigurationPending of a new pipeline: want none or %s, got %s: does test/standin tell each setting that a version carries?", v1alpha1.ReasonSettingsLive, got)
		}
	})
}

func TestOwnersKeepWhatTheyOwn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req, aws := drawReadyInAWS(t)
		live := fmt.Sprint(rapid.IntRange(1, 99).Draw(t, "live"))
		alias := object(req.GetObserved().GetResources()[string(liveAlias)])
		must(t, aws.Release(alias, live))
		aws.Observe(alias)
		req.Observed.Resources[string(liveAlias)].Resource = mustStruct(alias.Object)

		// policies are what the provider may do. Of what is protected it may delete nothing.
		policies := func(all ...any) []any {
			if req.GetObserved().GetComposite().GetResource().AsMap()["spec"].(map[string]any)["deletionProtection"] == true {
				return all[:len(all)-1]
			}
			return all
		}
		desired := runAny(t, req).GetDesired().GetResources()
		a := desired[string(liveAlias)].GetResource().AsMap()["spec"].(map[string]any)
		if got := a["forProvider"].(map[string]any); got["functionVersion"] != live || got["routingConfig"] != nil {
			t.Errorf("alias: want version %s and no weights, got %v", live, got)
		}
		// Policies that are not listed are all of them.
		if diff := cmp.Diff(policies("Observe", "Create", "Delete"), a["managementPolicies"]); diff != "" {
			t.Errorf("alias: CodeDeploy owns its updates: -want management policies, +got:\n%s", diff)
		}
		for _, name := range []string{string(blueFunction), string(greenFunction)} {
			f := desired[name].GetResource().AsMap()["spec"].(map[string]any)
			for _, code := range []string{"s3Bucket", "s3BucketRef", "s3Key", "s3ObjectVersion", "sourceCodeHash", "codeSha256"} {
				if got := f["forProvider"].(map[string]any)[code]; got != nil {
					t.Errorf("%s: the pipeline owns the code, got %s: %v", name, code, got)
				}
			}
			if diff := cmp.Diff(policies("Observe", "Create", "Update", "Delete"), f["managementPolicies"]); diff != "" {
				t.Errorf("%s: code must not be read back: -want management policies, +got:\n%s", name, diff)
			}
		}
	})
}

// protoDiff is cmp.Diff of two messages, which takes long. So it is asked only about those that are not equal.
func protoDiff(want, got proto.Message) string {
	if proto.Equal(want, got) {
		return ""
	}
	return cmp.Diff(want, got, protocmp.Transform())
}

// wire returns the message in an order of its own.
func wire(t rapid.TB, m proto.Message) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatalf("cannot marshal: %v", err)
	}
	return b
}

func minimalSpecMap() map[string]any {
	return map[string]any{
		"environmentSuffix": "pr-123",
		"source":            map[string]any{"owner": "my-org", "repository": "my-repo"},
	}
}
