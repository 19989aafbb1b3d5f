package main

import (
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

// TestKeptUntilAllMayGo turns protection off while the artifact bucket's policy is held as it is, as what it waits for is not ready. The status
// must say that something would stay until the provider may delete that too.
func TestKeptUntilAllMayGo(t *testing.T) {
	t.Parallel()
	spec := minimalSpecMap()
	spec["deletionProtection"] = true
	req := makeReady(t, newRequest(spec, nil))
	ready := req.GetObserved().GetResources()["watch-deployments-rule"].GetResource().GetFields()["status"]
	check := func(when string, protected, kept bool) *fnv1.RunFunctionResponse {
		t.Helper()
		rsp := runAny(t, req)
		status := rsp.GetDesired().GetComposite().GetResource().AsMap()["status"].(map[string]any)
		observed, _ := status["observedSpec"].(map[string]any)
		got, _ := status["keptOnDeletion"].(bool)
		if observed["deletionProtection"] != protected || got != kept {
			t.Errorf("%s: want deletionProtection observed as %t and keptOnDeletion %t, got %v and %t", when, protected, kept, observed, got)
		}
		return rsp
	}
	successor := func(status *structpb.Value) {
		req.GetObserved().GetResources()["watch-deployments-rule"].GetResource().GetFields()["status"] = proto.CloneOf(status)
	}
	check("protected", true, true)

	t.Log("protection is turned off, and the successor of the bucket's policy is not ready")
	req.GetObserved().GetComposite().GetResource().GetFields()["spec"] = structpb.NewStructValue(mustStruct(minimalSpecMap()))
	successor(structpb.NewNullValue())
	feedBack(req, check("nothing is applied yet", false, true))
	successor(structpb.NewNullValue())
	check("all is applied, and one is held", false, true)
	successor(ready)
	feedBack(req, check("none is held, and one is not applied yet", false, true))
	check("all is applied", false, false)
}
