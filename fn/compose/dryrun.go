package compose

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
)

// In a dry run the providers of all resources only look. What they find is in the resources' status as always.

// actionObserve is the management policy that lets a provider look. Alone, it lets it do nothing else.
const actionObserve = "Observe"

// notFound is the error of a resource whose provider may only look, and has found nothing.
// See errExternalResourceNotExist in crossplane-runtime/v2/pkg/reconciler/managed/reconciler.go.
const notFound = "observe failed: external resource does not exist"

// OnlyObserve returns the state with all desired resources as a dry run has them: their providers only look.
func (s State) OnlyObserve() State {
	desired := maps.Clone(s.Desired)
	for name, r := range desired {
		observing := &fnv1.Resource{Resource: proto.CloneOf(r.GetResource()), Ready: r.GetReady()}
		observing.GetResource().GetFields()["spec"].GetStructValue().GetFields()["managementPolicies"] = structpb.NewListValue(
			&structpb.ListValue{Values: []*structpb.Value{structpb.NewStringValue(actionObserve)}})
		desired[name] = observing
	}
	s.Desired = desired
	return s
}

// OnlyObserves reports whether the resource's provider may look, and nothing else.
func (o Observed) OnlyObserves() bool {
	return slices.Equal(o.policies(), []string{actionObserve})
}

// NotFound reports whether the resource's provider may only look, and has found nothing.
func (o Observed) NotFound() bool {
	return o.OnlyObserves() && isNotFound(o.Condition("Synced"))
}

func isNotFound(synced Condition) bool {
	return synced.Status == "False" && synced.Message == notFound
}

// policies are what the resource's provider may do.
func (o Observed) policies() []string {
	var policies []string
	for _, v := range o.value("spec", "managementPolicies").GetListValue().GetValues() {
		policies = append(policies, v.GetStringValue())
	}
	return policies
}
