package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// delivering are the desired resources by which anything reaches the live alias: mappings and rules that are enabled, permissions and
// URLs.
func delivering(rsp *fnv1.RunFunctionResponse) []string {
	objects, calling := map[string]*unstructured.Unstructured{}, map[string]bool{}
	for name, r := range rsp.GetDesired().GetResources() {
		o := object(r)
		objects[name] = o
		if arn, _, _ := unstructured.NestedString(o.Object, "spec", "forProvider", "arn"); o.GetKind() == "Target" && strings.HasSuffix(arn, ":live") {
			rule, _, _ := unstructured.NestedString(o.Object, "spec", "forProvider", "ruleRef", "name")
			calling[rule] = true
		}
	}
	maps.DeleteFunc(objects, func(_ string, o *unstructured.Unstructured) bool {
		switch o.GetKind() {
		case "Permission", "FunctionURL":
			return false
		case "EventSourceMapping":
			enabled, told, _ := unstructured.NestedBool(o.Object, "spec", "forProvider", "enabled")
			return told && !enabled
		case "Rule":
			enabled, told, _ := unstructured.NestedBool(o.Object, "spec", "forProvider", "isEnabled")
			return !calling[o.GetName()] || told && !enabled
		default:
			return true
		}
	})
	return slices.Sorted(maps.Keys(objects))
}

// switched are those of the resources that can be enabled and disabled. All others are there, or not.
func switched(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !strings.HasPrefix(name, "event-source-") && !strings.HasPrefix(name, "event-rule-")
	})
}

// drawCalledClaim draws a claim that is called in each way.
func drawCalledClaim(t *rapid.T) *fnv1.RunFunctionRequest {
	region := drawRegion(t)
	spec := drawSpec(t, region)
	service, _ := spec["service"].(map[string]any)
	if service == nil {
		service = map[string]any{}
		spec["service"] = service
	}
	service["eventSources"] = []any{
		map[string]any{"name": "queue", "sqs": map[string]any{"queueArn": inRegion("arn:aws:sqs:us-east-1:"+fntest.Account+":orders", region)}},
		map[string]any{"name": "rule", "rule": map[string]any{"eventPattern": map[string]any{"source": []any{"orders"}}}},
		map[string]any{"name": "schedule", "schedule": map[string]any{"expression": "rate(1 day)"}},
	}
	service["invokers"] = []any{map[string]any{"name": "ledger", "principal": "444455556666"}}
	service["functionUrl"] = map[string]any{}
	return newRequest(spec, nil)
}

// TestNothingDeliversToABootstrap lets a claim live: nothing reaches the code that the function is created with, whatever makes it
// live. What exists stays all the same, and a release brings all of it back.
func TestNothingDeliversToABootstrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req, aws := drawCalledClaim(t), &standin.AWS{AccountID: fntest.Account}
		for range waves {
			if got := delivering(goOn(t, aws, req)); len(got) > 0 {
				t.Fatalf("before the first release, these deliver: %v", got)
			}
		}
		if rsp := runAny(t, req); len(unreadyIn(rsp)) > 0 {
			t.Errorf("a claim that waits for its first release should be ready, but %v", unreadyIn(rsp))
		}
		goLive(t, aws, req, firstRelease)
		all := delivering(runAny(t, req))
		want := []string{"event-permission-rule", "event-permission-schedule", "event-rule-rule", "event-rule-schedule", "event-source-queue", "live-function-url"}
		if diff := cmp.Diff(want, slices.DeleteFunc(slices.Clone(all), func(name string) bool { return strings.Contains(name, "invoker") })); diff != "" {
			t.Fatalf("after the first release: -want to deliver, +got:\n%s", diff)
		}
		if len(all) != len(want)+2 {
			t.Fatalf("after the first release: want the invoker's two permissions too, got %v", all)
		}
		for name, happen := range map[string]func(req *fnv1.RunFunctionRequest, aws *standin.AWS){
			"production is taken back to the bootstrap": func(req *fnv1.RunFunctionRequest, aws *standin.AWS) {
				must(t, aws.Release(object(req.GetObserved().GetResources()[string(liveAlias)]), "1"))
			},
			"the function is created again": func(req *fnv1.RunFunctionRequest, aws *standin.AWS) {
				function := object(req.GetObserved().GetResources()[string(blueFunction)])
				must(t, aws.Lose(function))
				must(t, aws.Publish(function, "3"))
			},
		} {
			req, aws := proto.CloneOf(req), aws.Copy()
			happen(req, aws)
			for range 3 {
				goOn(t, aws, req) // The provider finds out, and the alias follows. Nothing goes.
			}
			if got := switched(delivering(runAny(t, req))); len(got) > 0 {
				t.Errorf("%s: these deliver: %v", name, got)
			}
			goLive(t, aws, req, "4")
			if diff := cmp.Diff(all, delivering(runAny(t, req))); diff != "" {
				t.Errorf("%s, and then there is a release: -want to deliver, +got:\n%s", name, diff)
			}
		}
	})
}

// TestUpgradedBeforeTheFirstRelease has everything of a pipeline made by an earlier release of this package, which knew no
// bootstrap. What it has enabled is disabled at once.
func TestUpgradedBeforeTheFirstRelease(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		req, aws := drawCalledClaim(t), &standin.AWS{AccountID: fntest.Account}
		for range waves {
			goOn(t, aws, req)
		}
		// Released, everything comes. Not released, the rest is as it was.
		unreleased := proto.CloneOf(req)
		goLive(t, aws, req, firstRelease)
		for _, name := range []string{string(blueFunction), string(liveAlias)} {
			req.GetObserved().GetResources()[name] = unreleased.GetObserved().GetResources()[name]
		}
		forget(req)
		rsp := runAny(t, req)
		if message := whyRefused(rsp); message != "" {
			t.Fatalf("the claim is refused: %s", message)
		}
		wantAllToStay(t, req, rsp)
		if got := switched(delivering(rsp)); len(got) > 0 {
			t.Errorf("these deliver: %v", got)
		}
	})
}
