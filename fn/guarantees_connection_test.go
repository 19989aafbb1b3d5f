package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestSharedConnectionMovesNothing checks that a connection that the platform team gives, or gives no longer, changes nothing of a
// pipeline that exists: neither the connection that it has of its own, nor the one that it uses.
func TestSharedConnectionMovesNothing(t *testing.T) {
	t.Parallel()
	given, taken := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		region := drawRegion(t)
		req := makeReady(t, newRequest(drawSpec(t, region), drawInput(t, region)))
		want := runAny(t, req)

		settings := req.GetInput().GetFields()
		if settings["connectionArn"] == nil {
			settings["connectionArn"] = structpb.NewStringValue(inRegion(fntest.SharedConnection, region))
			given++
		} else {
			delete(settings, "connectionArn")
			taken++
		}
		for range 2 {
			got := runAny(t, req)
			feedBack(req, got)
			// What the settings say is told, of course.
			forgetSettings(want)
			forgetSettings(got)
			if diff := cmp.Diff(want.GetDesired(), got.GetDesired(), protocmp.Transform()); diff != "" {
				t.Fatalf("-want as before, +got:\n%s", diff)
			}
		}
	})
	if given == 0 || taken == 0 {
		t.Errorf("a connection was given %d times, and taken away %d times", given, taken)
	}
}

// forgetSettings in the status of an answer.
func forgetSettings(rsp *fnv1.RunFunctionResponse) {
	status := rsp.GetDesired().GetComposite().GetResource().GetFields()["status"].GetStructValue()
	delete(status.GetFields(), "settings")
}
