package main

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// setDryRun in the claim.
func setDryRun(req *fnv1.RunFunctionRequest, on bool) {
	req.GetObserved().GetComposite().GetResource().GetFields()["spec"].GetStructValue().GetFields()["dryRun"] = structpb.NewBoolValue(on)
}

// onlyObserved checks that the provider may do nothing else with anything that is desired.
func onlyObserved(t rapid.TB, rsp *fnv1.RunFunctionResponse) {
	if len(rsp.GetDesired().GetResources()) == 0 {
		t.Fatal("a dry run looks for nothing")
	}
	for name, r := range rsp.GetDesired().GetResources() {
		if diff := cmp.Diff([]any{"Observe"}, policiesOf(r)); diff != "" {
			t.Errorf("%s: -want management policies, +got:\n%s", name, diff)
		}
	}
}

func policiesOf(r *fnv1.Resource) any {
	return r.GetResource().GetFields()["spec"].GetStructValue().GetFields()["managementPolicies"].AsInterface()
}

// planIn an answer.
func planIn(rsp *fnv1.RunFunctionResponse) map[string]any {
	status, _ := rsp.GetDesired().GetComposite().GetResource().AsMap()["status"].(map[string]any)
	plan, _ := status["plan"].(map[string]any)
	return plan
}

// TestDryRunOfAPipeline turns a dry run on and off again in the life of a pipeline.
func TestDryRunOfAPipeline(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req, aws := drawReadyInAWS(t)
		before, things := goOn(t, aws, req), aws.Things("")

		setDryRun(req, true)
		for range 3 {
			rsp := goOn(t, aws, req)
			onlyObserved(t, rsp)
			if diff := cmp.Diff(things, aws.Things("")); diff != "" {
				t.Errorf("a dry run has changed AWS: -before, +after:\n%s", diff)
			}
		}
		if created := planIn(goOn(t, aws, req))["create"]; created != nil {
			t.Errorf("all of it exists, and these would be created: %v", created)
		}

		setDryRun(req, false)
		after := goOn(t, aws, req)
		// The XR's conditions and status are not those of before.
		before.Desired.Composite, after.Desired.Composite = nil, nil
		if diff := protoDiff(before.GetDesired(), after.GetDesired()); diff != "" {
			t.Errorf("what is desired before and after a dry run: -before, +after:\n%s", diff)
		}
	})
}

// TestDryRunOfDamage looks at what is damaged, and still does nothing else. While the XR's status has the facts, it can always look.
func TestDryRunOfDamage(t *testing.T) {
	t.Parallel()
	for _, remembered := range []bool{true, false} {
		t.Run(fmt.Sprintf("Remembered=%t", remembered), rapid.MakeCheck(func(t *rapid.T) {
			req, aws := drawReadyInAWS(t)
			setDryRun(req, true)
			goOn(t, aws, req)
			drawDamage(t, req)
			if !remembered {
				forget(req)
			}
			rsp := runAny(t, req)
			switch message := whyRefused(rsp); {
			case message == "":
				onlyObserved(t, rsp)
				wantAllToStay(t, req, rsp)
			case remembered:
				t.Errorf("want a dry run of all that exists, got %q", message)
			}
		}))
	}
}

// TestDryRunOfANewClaim begins with one. Nothing is made before it is over, and then all of it, the pipeline last.
func TestDryRunOfANewClaim(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		region, aws := drawRegion(t), &standin.AWS{AccountID: fntest.Account}
		req := newRequest(drawSpec(t, region), drawInput(t, region))
		setDryRun(req, true)
		for range waves {
			onlyObserved(t, goOn(t, aws, req))
		}
		if things := aws.Things(""); len(things) > 0 {
			t.Fatalf("a dry run has made %v", things)
		}

		setDryRun(req, false)
		for range waves + 1 {
			rsp := runAny(t, req)
			pipeline := rsp.GetDesired().GetResources()[string(deliveryPipeline)]
			if pipeline != nil && !isReady(req.GetObserved().GetResources()[string(liveAlias)]) {
				t.Fatal("the pipeline is asked for before its first run can succeed")
			}
			// What a dry run has looked for and not found has no finalizer.
			maps.DeleteFunc(req.GetObserved().GetResources(), func(name string, _ *fnv1.Resource) bool { return rsp.GetDesired().GetResources()[name] == nil })
			apply(aws, req, rsp)
		}
		if !isReady(req.GetObserved().GetResources()[string(deliveryPipeline)]) {
			t.Errorf("no pipeline comes after a dry run: %v", exist(req))
		}
	})
}

func isReady(r *fnv1.Resource) bool {
	return compose.Observe(r).Condition("Ready").Status == "True"
}

// TestDryRunFinds what another claim of the same suffix has left in AWS, and what has changed since.
func TestDryRunFinds(t *testing.T) {
	t.Parallel()
	spec := minimalSpecMap()
	spec["source"].(map[string]any)["connectionArn"] = fntest.Connection
	aws := &standin.AWS{AccountID: fntest.Account}
	left := newRequest(spec, nil)
	for range waves {
		goOn(t, aws, left)
	}

	spec["service"] = map[string]any{"memorySizeMiB": 1024.0}
	spec["tags"] = map[string]any{"team": "payments"}
	req := newRequest(spec, nil)
	setDryRun(req, true)
	things := aws.Things("")
	var rsp *fnv1.RunFunctionResponse
	for range waves {
		rsp = goOn(t, aws, req)
		onlyObserved(t, rsp)
	}
	if diff := cmp.Diff(things, aws.Things("")); diff != "" {
		t.Errorf("a dry run has changed AWS: -before, +after:\n%s", diff)
	}
	plan := planIn(rsp)
	changes := map[string]any{}
	for _, c := range plan["change"].([]any) {
		changes[c.(map[string]any)["name"].(string)] = c.(map[string]any)["fields"]
	}
	if diff := cmp.Diff([]any{"memorySize: 512 -> 1024", "tags.team: none -> payments"}, changes[string(blueFunction)]); diff != "" {
		t.Errorf("blue function: -want changes, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]any{"tags.team: none -> payments"}, changes["history-table"]); diff != "" {
		t.Errorf("table: -want changes, +got:\n%s", diff)
	}
	if changes[string(liveAlias)] != nil {
		t.Errorf("the alias is never changed, and would be: %v", changes[string(liveAlias)])
	}
	if plan["unknown"] != nil {
		t.Errorf("want all to be told, got %v", plan["unknown"])
	}

	setDryRun(req, false)
	for range waves {
		goOn(t, aws, req)
	}
	if missing := slices.DeleteFunc(things, func(thing string) bool { return slices.Contains(aws.Things(""), thing) }); len(missing) > 0 {
		t.Errorf("AWS has lost %v", missing)
	}
}
