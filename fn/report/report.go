// Package report tells the app team, and Crossplane, what has become of a claim.
package report

import (
	"encoding/json"
	"slices"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/crossplane/function-sdk-go/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/plan"
)

// A Report is what was composed, and of what.
type Report struct {
	Pipeline architecture.Pipeline
	Known    compose.Known
	Seen     compose.Observation
	State    compose.State

	// Plan of a dry run. Nil: it is none.
	Plan *plan.Plan
}

// Write the report into the response, beside what earlier steps of the Composition wrote there: desired resources,
// conditions, the XR's status, and how long the answer holds.
func (r Report) Write(rsp *fnv1.RunFunctionResponse) error {
	addDesired(rsp, r.State.Desired)
	status := newStatus(r.Pipeline, r.Known, r.Seen, r.State)
	status.Plan = newPlanStatus(r.Plan)
	status.Message = newMessage(status, r.Pipeline.Refused, r.State, r.Plan)
	setConditions(rsp, r.Seen, r.Pipeline, status, r.State)
	setDryRun(rsp, r.Plan)
	rsp.Conditions = slices.DeleteFunc(rsp.GetConditions(), func(c *fnv1.Condition) bool { return isIdle(r.Seen, c) })
	tellLoss(rsp, r.Seen, status.Release)
	rsp.Meta.Ttl = durationpb.New(timeToLive(r.Pipeline.Platform.ResponseTTL.Duration, r.Seen, r.State, r.Pipeline.Provenance.Kept != nil))
	return r.setStatus(rsp, status)
}

func addDesired(rsp *fnv1.RunFunctionResponse, desired map[resource.Name]*fnv1.Resource) {
	if rsp.GetDesired() == nil {
		rsp.Desired = &fnv1.State{}
	}
	if rsp.GetDesired().GetResources() == nil {
		rsp.Desired.Resources = map[string]*fnv1.Resource{}
	}
	for name, r := range desired {
		rsp.Desired.Resources[string(name)] = r
	}
}

// setStatus of the XR. Crossplane copies it to the claim. It also decides readiness from the desired resources, but
// cannot know of those that wait.
func (r Report) setStatus(rsp *fnv1.RunFunctionResponse, status v1alpha1.PaymentDeliveryPipelineStatus) error {
	s, err := statusStruct(status)
	if err != nil {
		return errors.Wrap(err, "cannot convert status")
	}
	xr := desireXR(rsp, r.Seen, s)
	if len(r.State.Waiting) > 0 || r.Pipeline.Refused != nil && isNews(r.Seen) {
		xr.Ready = fnv1.Ready_READY_FALSE
	}
	return nil
}

// desireXR with the status, beside what an earlier step wrote into it under other names.
func desireXR(rsp *fnv1.RunFunctionResponse, seen compose.Observation, status *structpb.Struct) *fnv1.Resource {
	xr := rsp.GetDesired().GetComposite()
	if xr == nil {
		xr = &fnv1.Resource{}
		rsp.Desired.Composite = xr
	}
	if xr.GetResource().GetFields() == nil {
		xr.Resource = &structpb.Struct{Fields: map[string]*structpb.Value{}}
	}
	fields := xr.GetResource().GetFields()
	fields["apiVersion"] = structpb.NewStringValue(seen.XR.String("apiVersion"))
	fields["kind"] = structpb.NewStringValue(seen.XR.String("kind"))
	for name, value := range fields["status"].GetStructValue().GetFields() {
		if _, ours := status.GetFields()[name]; !ours {
			status.Fields[name] = value
		}
	}
	fields["status"] = structpb.NewStructValue(status)
	return xr
}

// statusStruct converts a status to the form that a response carries.
func statusStruct(status v1alpha1.PaymentDeliveryPipelineStatus) (*structpb.Struct, error) {
	b, err := json.Marshal(status)
	if err != nil {
		return nil, err
	}
	s := &structpb.Struct{}
	return s, protojson.Unmarshal(b, s)
}
