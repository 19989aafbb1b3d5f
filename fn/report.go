package main

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/crossplane/function-sdk-go/errors"
	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// report writes what was composed into the response, beside what earlier steps of the Composition wrote there.
func report(rsp *fnv1.RunFunctionResponse, seen observation, status v1alpha1.PaymentDeliveryPipelineStatus, state compose.State) error {
	if rsp.GetDesired() == nil {
		rsp.Desired = &fnv1.State{}
	}
	if rsp.GetDesired().GetResources() == nil {
		rsp.Desired.Resources = map[string]*fnv1.Resource{}
	}
	for name, r := range state.Desired {
		rsp.Desired.Resources[string(name)] = r
	}
	setConditions(rsp, status, state)
	return setStatus(rsp, seen, status, state)
}

// setStatus of the XR. Crossplane copies it to the claim. It also decides readiness from the desired resources, but
// cannot know of those that wait.
func setStatus(rsp *fnv1.RunFunctionResponse, seen observation, status v1alpha1.PaymentDeliveryPipelineStatus, state compose.State) error {
	s, err := toStruct(status)
	if err != nil {
		return errors.Wrap(err, "cannot convert status")
	}
	xr := rsp.GetDesired().GetComposite()
	if xr == nil {
		xr = &fnv1.Resource{}
		rsp.Desired.Composite = xr
	}
	if xr.GetResource().GetFields() == nil {
		xr.Resource = &structpb.Struct{Fields: map[string]*structpb.Value{}}
	}
	fields := xr.GetResource().GetFields()
	fields["apiVersion"] = structpb.NewStringValue(seen.xr.String("apiVersion"))
	fields["kind"] = structpb.NewStringValue(seen.xr.String("kind"))
	// What an earlier step wrote there, under other names, stays.
	for name, value := range fields["status"].GetStructValue().GetFields() {
		if _, ours := s.GetFields()[name]; !ours {
			s.Fields[name] = value
		}
	}
	fields["status"] = structpb.NewStructValue(s)
	if len(state.Waiting) > 0 {
		xr.Ready = fnv1.Ready_READY_FALSE
	}
	return nil
}

// toStruct converts a status to the form that a response carries.
func toStruct(status v1alpha1.PaymentDeliveryPipelineStatus) (*structpb.Struct, error) {
	b, err := json.Marshal(status)
	if err != nil {
		return nil, err
	}
	s := &structpb.Struct{}
	return s, protojson.Unmarshal(b, s)
}
