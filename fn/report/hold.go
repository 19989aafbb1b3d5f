package report

import (
	"maps"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// crossplanes are the members of an XR's status that Crossplane writes itself.
var crossplanes = []string{"claimConditionTypes", "conditions", "connectionDetails"}

// Await the platform team's settings: hold everything until Crossplane has sent them. It sends what the answer asks for at once, and calls
// the function again, so nobody sees this answer. A Crossplane that sends nothing applies it: nothing is made, changed or deleted then. A
// fatal answer would do that too, but with one Crossplane does not look at what is asked for.
func Await(rsp *fnv1.RunFunctionResponse, seen compose.Observation) {
	hold(rsp, seen).Ready = fnv1.Ready_READY_FALSE
	response.ConditionFalse(rsp, v1alpha1.ConditionSettingsApplied, v1alpha1.ReasonSettingsAwaited).TargetCompositeAndClaim().
		WithMessage("Crossplane has not sent the platform team's settings. Nothing is made or changed until it does. It takes a Crossplane that serves what functions require: v2.2 or later.")
}

// hold everything as it is: all resources that exist, and the status. Conditions that the answer does not have stay as they are. It returns
// the desired XR.
func hold(rsp *fnv1.RunFunctionResponse, seen compose.Observation) *fnv1.Resource {
	held := compose.Unchanged(seen.Resources)
	maps.DeleteFunc(held, func(name resource.Name, _ *fnv1.Resource) bool {
		return rsp.GetDesired().GetResources()[string(name)] != nil // An earlier step has decided.
	})
	addDesired(rsp, held)
	status := &structpb.Struct{Fields: map[string]*structpb.Value{}}
	proto.Merge(status, seen.XR.Object("status"))
	for _, name := range crossplanes {
		delete(status.GetFields(), name)
	}
	return desireXR(rsp, seen, status)
}
