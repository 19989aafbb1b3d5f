package architecture

import (
	"cmp"

	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// defaultEventBus is where AWS's own services send their events. It is AWS's default too, but not the provider's: rule and
// target are known to it by the name of their bus.
const defaultEventBus = "default"

// An eventPattern chooses events by their members.
// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
type eventPattern struct {
	Source     []string `json:"source"`
	DetailType []string `json:"detail-type"`

	// Detail is a struct of the members that the source's events have there.
	Detail any `json:"detail"`
}

// eventRule that says what happens when, and begins with what all rules have in common.
func (p Pipeline) eventRule(name resource.Name, awsName string, params cloudwatcheventsv1beta1.RuleParameters) compose.Resource {
	params.Region = p.region()
	params.EventBusName = cmp.Or(params.EventBusName, new(defaultEventBus))
	// Deprecated for state, but where it is missing the provider takes the rule for changed, at every look.
	params.IsEnabled = cmp.Or(params.IsEnabled, new(true))
	params.Tags = p.tags()
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &cloudwatcheventsv1beta1.Rule{
				ObjectMeta: p.meta(name, awsName),
				Spec:       cloudwatcheventsv1beta1.RuleSpec{ClusterManagedResourceSpec: p.managed(), ForProvider: params},
			}
		},
	}
}

// eventTarget is what a rule starts or tells.
func (p Pipeline) eventTarget(name, rule resource.Name, params func(compose.Facts) cloudwatcheventsv1beta2.TargetParameters) compose.Resource {
	return compose.Resource{
		Name:  name,
		Needs: []compose.Fact{AccountID},
		Build: func(f compose.Facts) client.Object {
			params := params(f)
			params.Region = p.region()
			params.EventBusName = cmp.Or(params.EventBusName, new(defaultEventBus))
			params.RuleRef = p.ref(rule)
			return &cloudwatcheventsv1beta2.Target{
				ObjectMeta: p.meta(name, ""),
				Spec:       cloudwatcheventsv1beta2.TargetSpec{ClusterManagedResourceSpec: p.managed(), ForProvider: params},
			}
		},
	}
}

// startWatch is the target that starts the watch, with an input of its own or with the event.
func (p Pipeline) startWatch(f compose.Facts, input *string) cloudwatcheventsv1beta2.TargetParameters {
	return cloudwatcheventsv1beta2.TargetParameters{
		TargetID:   new(p.Names.stateMachine(watchStateMachine)),
		Arn:        new(p.stateMachineARN(f, watchStateMachine)),
		RoleArnRef: p.ref(watchEventsRole),
		Input:      input,
	}
}
