package compose

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/provider"
)

// In a dry run the providers of all resources only look. What they find is in the resources' status as always.

// actionObserve is the management policy that lets a provider look. Alone, it lets it do nothing else.
const actionObserve = "Observe"

// annotationLookAgain wakes a provider that has looked and not told what it has found. When it looks at something for the first
// time it adds its finalizer, and the API server's answer takes the place of the status that it was about to write. It would look
// again at its next poll only. See AddFinalizer in crossplane-runtime/v2/pkg/resource/api.go.
const annotationLookAgain = "paymentdelivery.io/look-again"

// OnlyObserve returns the state with all desired resources as a dry run has them: their providers only look.
func (s State) OnlyObserve(observed map[string]*fnv1.Resource) State {
	desired := maps.Clone(s.Desired)
	for name, r := range desired {
		object := proto.CloneOf(r.GetResource())
		setPolicies(member(object, "spec"), actionObserve)
		if Observe(observed[string(name)]).isUntold() {
			member(member(object, "metadata"), "annotations").Fields[annotationLookAgain] = structpb.NewStringValue("true")
		}
		desired[name] = &fnv1.Resource{Resource: object, Ready: r.GetReady()}
	}
	s.Desired = desired
	return s
}

// setPolicies sets what the provider may do with a resource of the supplied spec.
func setPolicies(spec *structpb.Struct, actions ...string) {
	policies := &structpb.ListValue{}
	for _, action := range actions {
		policies.Values = append(policies.Values, structpb.NewStringValue(action))
	}
	if spec.Fields == nil {
		spec.Fields = map[string]*structpb.Value{}
	}
	spec.Fields["managementPolicies"] = structpb.NewListValue(policies)
}

// member returns the object that is a member of another one, and makes it where there is none.
func member(of *structpb.Struct, name string) *structpb.Struct {
	m := of.GetFields()[name].GetStructValue()
	if m == nil {
		m = &structpb.Struct{}
		of.Fields[name] = structpb.NewStructValue(m)
	}
	if m.Fields == nil {
		m.Fields = map[string]*structpb.Value{}
	}
	return m
}

// IsTold reports whether the resource's provider has looked, and tells what it has found.
func (o Observed) IsTold() bool {
	return o.Condition("Synced").Status == "True" && !o.isUntold()
}

func (o Observed) isUntold() bool {
	return o.Condition("Synced").Status == "True" && len(o.Object("status", "atProvider").GetFields()) == 0
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
	return synced.Status == "False" && provider.NotFound(synced.Message)
}

// policies are what the resource's provider may do.
func (o Observed) policies() []string {
	var policies []string
	for _, v := range o.value("spec", "managementPolicies").GetListValue().GetValues() {
		policies = append(policies, v.GetStringValue())
	}
	return policies
}
