package main

import (
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestSharedConnectionMovesNothing checks that a connection that the platform team gives, or gives no longer, changes nothing of a
// pipeline that exists: neither the connection that it has of its own, nor the one that it uses.
func TestSharedConnectionMovesNothing(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]bool{"Given": true, "TakenAway": false} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			region := drawRegion(t)
			spec, input := drawSpec(t, region), drawInput(t, region)
			share := func(in *structpb.Struct, shared bool) {
				if delete(in.GetFields(), "connectionArn"); shared {
					in.Fields["connectionArn"] = structpb.NewStringValue(inRegion(fntest.SharedConnection, region))
				}
			}
			share(input, !given)
			req, aws := makeReadyInAWS(t, newRequest(spec, input))
			want := runAny(t, req)
			forgetSettings(want)

			share(req.GetInput(), given)
			for range 2 {
				got := runAny(t, req)
				apply(aws, req, got)
				// What the settings say is told, of course.
				forgetSettings(got)
				if diff := protoDiff(want.GetDesired(), got.GetDesired()); diff != "" {
					t.Fatalf("-want as before, +got:\n%s", diff)
				}
			}
		}))
	}
}

// forgetSettings in the status of an answer.
func forgetSettings(rsp *fnv1.RunFunctionResponse) {
	status := rsp.GetDesired().GetComposite().GetResource().GetFields()["status"].GetStructValue()
	delete(status.GetFields(), "settings")
}
