package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// TestPromotedSource checks what is told of a source that is another pipeline: it has no connection, and nobody has to open it.
func TestPromotedSource(t *testing.T) {
	p := newTestPipeline(t, func(c *claim.Claim) {
		c.Spec.Source = v1alpha1.Source{PromotedFrom: &v1alpha1.PromotedFrom{AccountID: "444455556666", BucketName: "pipeline-artifacts-dev-1a2b3c4d"}}
	})
	status := newConnectionStatus(p, "", compose.NewObservation(fntest.State(t, fntest.XR, nil)))
	if status != nil {
		t.Errorf("want no connection, got %v", status)
	}
	rsp := &fnv1.RunFunctionResponse{}
	setSourceConnected(rsp, p, status)
	want := fntest.Condition("SourceConnected", fnv1.Status_STATUS_CONDITION_TRUE, "Promoted",
		"What is released to pipeline-artifacts-dev-1a2b3c4d in account 444455556666 is released here too. GitHub is not read.")
	if diff := cmp.Diff([]*fnv1.Condition{want}, rsp.GetConditions(), protocmp.Transform()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
