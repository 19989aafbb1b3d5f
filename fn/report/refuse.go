package report

import (
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/response"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// Refuse a claim, and hold everything as it is. The answer is not fatal: after a fatal one Crossplane would keep Ready as it was, take away
// the status of an earlier answer, and call every other condition unknown.
func Refuse(rsp *fnv1.RunFunctionResponse, seen compose.Observation, reason string, err error) {
	xr := hold(rsp, seen)
	status := xr.GetResource().GetFields()["status"].GetStructValue().GetFields()
	status["message"] = structpb.NewStringValue(refusedMessage(err))
	if len(seen.Resources) == 0 {
		status["observedSpec"] = observedSpec(seen)
	}
	if isNews(seen) || !isComplete(seen) {
		xr.Ready = fnv1.Ready_READY_FALSE
	}
	setRefused(rsp, seen, reason, err)
	rsp.Meta.Ttl = durationpb.New(timeToHold(seen))
}

// observedSpec of a claim that has made nothing: nothing would stay in AWS, and the team may delete it, or turn protection or the dry run off. What
// is no boolean is false, as the schema refuses it.
func observedSpec(seen compose.Observation) *structpb.Value {
	is := func(field string) *structpb.Value {
		return structpb.NewBoolValue(seen.XR.Object("spec").GetFields()[field].GetBoolValue())
	}
	return structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{"deletionProtection": is("deletionProtection"), "dryRun": is("dryRun")}})
}

// setRefused tells why, and tells it by an event when it is not told yet.
func setRefused(rsp *fnv1.RunFunctionResponse, seen compose.Observation, reason string, err error) {
	response.ConditionFalse(rsp, v1alpha1.ConditionAccepted, reason).TargetCompositeAndClaim().WithMessage(err.Error())
	if told := seen.XR.Condition(v1alpha1.ConditionAccepted); told != (compose.Condition{Status: "False", Reason: reason, Message: err.Error()}) {
		response.Warning(rsp, err).TargetCompositeAndClaim().WithReason(reason)
	}
}

// isNews reports whether the claim asks for something that has not been accepted before. It does not if only a rule is new: nobody who
// waits for the claim has changed anything. A pipeline of a version that remembered nothing goes by whether it was accepted.
func isNews(seen compose.Observation) bool {
	accepted := seen.XR.String("status", "acceptedSpec")
	if accepted == "" {
		was := seen.XR.Condition(v1alpha1.ConditionAccepted)
		return was.Status != "True" && was.Reason != v1alpha1.ReasonRefusedByAWS
	}
	return accepted != architecture.SpecDigest(seen)
}

// isComplete reports whether all that was asked for last is there. Whether it is ready is for Crossplane to say.
func isComplete(seen compose.Observation) bool {
	resources := seen.XR.Numbers("status", "resources")
	return resources["desired"] > 0 && len(seen.Resources) >= int(resources["desired"]) && len(seen.XR.List("status", "resources", "waiting")) == 0
}
