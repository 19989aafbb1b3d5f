package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// refusals of a claim, of each kind. Each makes the function refuse the request, whatever exists.
var refusals = map[string]func(*rapid.T, *fnv1.RunFunctionRequest){
	"Mistake": func(t *rapid.T, req *fnv1.RunFunctionRequest) {
		spec := object(req.GetObserved().GetComposite()).Object["spec"].(map[string]any)
		drawMistake(t, spec) // AWS alone may refuse this one: then the rest would be composed.
		spec["unheardOf"] = true
		setSpecTo(req, mustStruct(spec))
	},
	"NoSpec": func(_ *rapid.T, req *fnv1.RunFunctionRequest) { setSpecTo(req, nil) },
	"TooLarge": func(_ *rapid.T, req *fnv1.RunFunctionRequest) {
		setSpecTo(req, mustStruct(set(minimalSpecMap(), "tags", flood(claim.MaxValues, 0, "x"))))
	},
	"Rule": func(_ *rapid.T, req *fnv1.RunFunctionRequest) {
		req.RequiredResources = settingsObjects(map[string]any{"team": map[string]any{"allowedRegions": []any{"eu-north-1"}}})
	},
	"Input": func(_ *rapid.T, req *fnv1.RunFunctionRequest) { req.Input = mustStruct(map[string]any{"kind": "none"}) },
	"NameTaken": func(_ *rapid.T, req *fnv1.RunFunctionRequest) {
		role := map[string]any{
			"spec":   map[string]any{"managementPolicies": []any{"Observe", "Create"}},
			"status": map[string]any{"atProvider": map[string]any{"id": "role", "tags": map[string]any{"paymentdelivery.io/holder": "PaymentPipeline/another/one"}}},
		}
		req.Observed.Resources = map[string]*fnv1.Resource{string(functionRole): {Resource: mustStruct(role)}}
	},
	"FactLost": func(_ *rapid.T, req *fnv1.RunFunctionRequest) {
		forget(req)
		req.Input, req.RequiredResources = nil, settingsObjects(nil)
		for name, r := range req.GetObserved().GetResources() {
			delete(r.GetResource().GetFields(), "status")
			if name == string(connection) {
				delete(r.GetResource().GetFields(), "metadata")
			}
		}
		exists := map[string]*fnv1.Resource{string(deliveryPipeline): {Resource: mustStruct(map[string]any{"spec": map[string]any{}})}}
		maps.Copy(exists, req.GetObserved().GetResources())
		req.Observed.Resources = exists
	},
}

func setSpecTo(req *fnv1.RunFunctionRequest, spec *structpb.Struct) {
	req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = structpb.NewStructValue(spec)
}

// drawState draws a claim in any state of its life.
func drawState(t *rapid.T) *fnv1.RunFunctionRequest {
	region := drawRegion(t)
	req, aws := newRequest(drawSpec(t, region), drawInput(t, region)), &standin.AWS{AccountID: fntest.Account}
	for range rapid.IntRange(0, waves+1).Draw(t, "reconciles") {
		goOn(t, aws, req)
	}
	if rapid.Bool().Draw(t, "dry run") {
		setDryRun(req, true)
		goOn(t, aws, req)
	}
	for _, name := range exist(req) {
		drawWritten(t, name, req.GetObserved().GetResources()[name].GetResource())
	}
	if rapid.Bool().Draw(t, "damaged") {
		drawDamage(t, req)
	}
	if rapid.Bool().Draw(t, "deleted") {
		req.GetObserved().GetComposite().GetResource().GetFields()["metadata"].GetStructValue().Fields["deletionTimestamp"] = structpb.NewStringValue("2026-01-01T00:00:00Z")
	}
	return req
}

// drawWritten draws what others have written into a resource.
func drawWritten(t *rapid.T, name string, r *structpb.Struct) {
	metadata, spec := r.GetFields()["metadata"].GetStructValue(), r.GetFields()["spec"].GetStructValue()
	switch rapid.IntRange(0, 5).Draw(t, "written to "+name) {
	case 0:
		metadata.Fields["deletionTimestamp"] = structpb.NewStringValue("2026-01-01T00:00:00Z")
	case 1:
		metadata.Fields["annotations"] = structpb.NewStructValue(mustStruct(map[string]any{"crossplane.io/external-name": "by-aws", "crossplane.io/external-create-pending": "2026-01-01T00:00:00Z"}))
	case 2:
		spec.Fields["forProvider"] = structpb.NewStructValue(mustStruct(map[string]any{"lateInitialized": []any{1.0, nil, map[string]any{}}}))
	case 3:
		spec.Fields["initProvider"] = structpb.NewNullValue()
	}
}

// TestRefusalChangesNothing refuses a claim in any state, for each reason. All that exists must be asked for as it is, and nothing else.
func TestRefusalChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := drawState(t)
		for _, name := range slices.Sorted(maps.Keys(refusals)) {
			req := proto.CloneOf(state)
			if name == "NameTaken" {
				delete(req.GetObserved().GetResources(), string(artifactBucket))
			}
			refusals[name](t, req)
			wantRefused(t, name, req)
			wantEarlierStepsToDecide(t, req)
		}
	})
}

// wantRefused wants the request refused, with everything as it is, and an event for the first time.
func wantRefused(t *rapid.T, name string, req *fnv1.RunFunctionRequest) {
	rsp := runAny(t, req)
	if whyRefused(rsp) == "" {
		t.Fatalf("%s: want the claim refused, got %v", name, rsp.GetConditions())
	}
	wantUnchanged(t, req, rsp)
	wantOnlyRefused(t, req, rsp)
	for resource, r := range rsp.GetDesired().GetResources() {
		if r.GetReady() == fnv1.Ready_READY_UNSPECIFIED { // function-auto-ready, as a later step, decides about those.
			t.Errorf("%s: want it said whether %q is ready", name, resource)
		}
	}

	tell(req, rsp)
	again := runAny(t, req)
	if len(again.GetResults()) > 0 {
		t.Errorf("%s: want one event, got another: %v", name, again.GetResults())
	}
	rsp.Results = nil
	if diff := protoDiff(rsp, again); diff != "" {
		t.Errorf("%s: want the same answer once it is told: -want, +got:\n%s", name, diff)
	}
}

// wantOnlyRefused wants nothing told but that the claim is refused, once.
func wantOnlyRefused(t rapid.TB, req *fnv1.RunFunctionRequest, rsp *fnv1.RunFunctionResponse) {
	if got := conditionsOf(rsp); len(got) != 1 {
		t.Errorf("want no condition but Accepted, got %v", got)
	}
	if got := rsp.GetResults(); len(got) != 1 || got[0].GetSeverity() != fnv1.Severity_SEVERITY_WARNING || got[0].GetTarget() != fnv1.Target_TARGET_COMPOSITE_AND_CLAIM {
		t.Errorf("want one warning for the claim, got %v", got)
	}
	was, is := compose.Observe(req.GetObserved().GetComposite()).Object("status").AsMap(), compose.Observe(rsp.GetDesired().GetComposite()).Object("status").AsMap()
	delete(was, "message")
	delete(was, "conditions")
	delete(is, "message")
	if len(exist(req)) == 0 { // What decides whether a pipeline stays is told of a claim that has made nothing.
		delete(was, "observedSpec")
		delete(is, "observedSpec")
	}
	if diff := cmp.Diff(was, is); diff != "" {
		t.Errorf("status: -want, +got:\n%s", diff)
	}
}

// wantEarlierStepsToDecide wants what an earlier step of the Composition asks for to stay, also of what exists.
func wantEarlierStepsToDecide(t rapid.TB, req *fnv1.RunFunctionRequest) {
	req = proto.CloneOf(req)
	theirs := &fnv1.Resource{Resource: mustStruct(map[string]any{"kind": "Theirs"}), Ready: fnv1.Ready_READY_TRUE}
	req.Desired = &fnv1.State{Resources: map[string]*fnv1.Resource{"new": theirs}}
	for _, name := range exist(req)[:min(1, len(exist(req)))] {
		req.Desired.Resources[name] = theirs
	}
	asked := proto.CloneOf(req)
	rsp := runAny(t, req)
	for name := range asked.GetDesired().GetResources() {
		if diff := protoDiff(theirs, rsp.GetDesired().GetResources()[name]); diff != "" {
			t.Errorf("%q of an earlier step: -want, +got:\n%s", name, diff)
		}
	}
}

// TestReadyWhileRefused checks for whom a claim that is refused is ready: for those who wait for an edit it never is, and for all others it
// is as it was.
func TestReadyWhileRefused(t *testing.T) {
	t.Parallel()
	rule := func(req *fnv1.RunFunctionRequest) { refusals["Rule"](nil, req) }
	cases := map[string]struct {
		reason string
		happen func(*fnv1.RunFunctionRequest)
		want   fnv1.Ready
	}{
		"NewRule": {reason: "Nobody has edited the claim: Crossplane decides by what exists.", happen: rule, want: fnv1.Ready_READY_UNSPECIFIED},
		"Edit":    {reason: "An edit that is refused is not ready.", happen: func(req *fnv1.RunFunctionRequest) { refusals["TooLarge"](nil, req) }, want: fnv1.Ready_READY_FALSE},
		"EditThatARuleRefuses": {
			reason: "Whoever's rule it is.", want: fnv1.Ready_READY_FALSE,
			happen: func(req *fnv1.RunFunctionRequest) {
				setSpecTo(req, mustStruct(set(minimalSpecMap(), "service.memorySizeMiB", 1024.0)))
				rule(req)
			},
		},
		"DeletedByHand": {
			reason: "What someone has deleted is not made again, so the claim is not ready.", want: fnv1.Ready_READY_FALSE,
			happen: func(req *fnv1.RunFunctionRequest) {
				delete(req.GetObserved().GetResources(), string(historyTable))
				rule(req)
			},
		},
		"Upgraded": {
			reason: "A version that remembered nothing said whether the claim was accepted.", want: fnv1.Ready_READY_UNSPECIFIED,
			happen: func(req *fnv1.RunFunctionRequest) { rememberOnly(req, "True", "Valid"); rule(req) },
		},
		"UpgradedPartly": {
			reason: "A pipeline that goes on with what AWS takes was ready.", want: fnv1.Ready_READY_UNSPECIFIED,
			happen: func(req *fnv1.RunFunctionRequest) { rememberOnly(req, "False", "RefusedByAWS"); rule(req) },
		},
		"UpgradedRefused": {
			reason: "Or refused.", want: fnv1.Ready_READY_FALSE,
			happen: func(req *fnv1.RunFunctionRequest) { rememberOnly(req, "False", "InvalidInput"); rule(req) },
		},
		"RefusedByAWS": {
			reason: "The rest of an edit is composed, and the edit is refused.", want: fnv1.Ready_READY_FALSE,
			happen: func(req *fnv1.RunFunctionRequest) {
				setSpecTo(req, mustStruct(set(minimalSpecMap(), "tags", map[string]any{"R&D": "a"})))
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			req := makeReady(t, newRequest(minimalSpecMap(), nil))
			tc.happen(req)
			rsp := runAny(t, req)
			if got := conditionsOf(rsp)["Accepted"]; got == "Valid" {
				t.Fatalf("want the claim refused, got %s", got)
			}
			if got := rsp.GetDesired().GetComposite().GetReady(); got != tc.want {
				t.Errorf("%s\nwant %s, got %s", tc.reason, tc.want, got)
			}
		})
	}
}

// TestMendedIsReady refuses an edit, and takes it back. The claim must be as before.
func TestMendedIsReady(t *testing.T) {
	t.Parallel()
	req, aws := makeReadyInAWS(t, newRequest(minimalSpecMap(), nil))
	want := runAny(t, req)
	refusals["TooLarge"](nil, req)
	apply(aws, req, runAny(t, req))
	setSpecTo(req, mustStruct(minimalSpecMap()))
	if diff := protoDiff(want, runAny(t, req)); diff != "" {
		t.Errorf("-want the answer of before, +got:\n%s", diff)
	}
}

// rememberOnly what a version before acceptedSpec did.
func rememberOnly(req *fnv1.RunFunctionRequest, accepted, reason string) {
	status := compose.Observe(req.GetObserved().GetComposite()).Object("status").GetFields()
	delete(status, "acceptedSpec")
	status["conditions"] = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{
		structpb.NewStructValue(mustStruct(map[string]any{"type": v1alpha1.ConditionAccepted, "status": accepted, "reason": reason})),
	}})
}
