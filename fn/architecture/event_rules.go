package architecture

import (
	"slices"

	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	lambdav1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/lambda/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// What the names of a rule, its target and its permission begin with, in the composition.
const (
	eventRulePrefix       resource.Name = "event-rule-"
	eventTargetPrefix     resource.Name = "event-target-"
	eventPermissionPrefix resource.Name = "event-permission-"
)

// eventRuleResource is the rule, in the composition. No name of one kind that a source has is the beginning of another kind's.
func eventRuleResource(s v1alpha1.EventSource) resource.Name {
	return eventRulePrefix + resource.Name(s.Name)
}

// eventRuleName in AWS.
func (p Pipeline) eventRuleName(s v1alpha1.EventSource) string {
	return claim.EventRuleName(s, p.Spec.EnvironmentSuffix)
}

// eventRuleARN has the bus in it, unless that is the default one.
func (p Pipeline) eventRuleARN(f compose.Facts, s v1alpha1.EventSource) string {
	rule := p.eventRuleName(s)
	if bus := eventBus(s); bus != defaultEventBus {
		rule = bus + "/" + rule
	}
	return p.arn(f, "events", "rule/"+rule)
}

// eventBus of a source. Schedules are on the default one: no other has any.
func eventBus(s v1alpha1.EventSource) string {
	if s.Rule != nil {
		return s.Rule.EventBusName
	}
	return defaultEventBus
}

// servingTold is only known or not. A rule that AWS has already would be disabled for as long as nobody knows what serves.
var servingTold = compose.Fact{ID: "serving-told", Text: liveVersion.Text}

// readServingTold is empty only as long as the pipeline has no rule.
func (p Pipeline) readServingTold(seen compose.Observation) string {
	hasRule := slices.ContainsFunc(p.Spec.Service.EventSources, func(s v1alpha1.EventSource) bool { return seen.Exists(eventRuleResource(s)) })
	return knownIf(hasRule || p.Serving.Version != "")
}

// eventSourceRule says when the alias is called. A schedule is a rule too, although AWS has EventBridge Scheduler for schedules: that
// would be one provider more to install, and a role more of each pipeline, and all that claims would gain is time zones.
func (p Pipeline) eventSourceRule(s v1alpha1.EventSource) compose.Resource {
	params := cloudwatcheventsv1beta1.RuleParameters{
		Description:  new("Calls " + p.Names.function(blue) + ":" + aliasName + "."),
		EventBusName: new(eventBus(s)),
	}
	if s.Rule != nil {
		params.EventPattern = new(claim.CompactJSON(s.Rule.EventPattern))
	} else {
		params.ScheduleExpression = new(s.Schedule.Expression)
	}
	params.IsEnabled = new(p.Serving.IsReleased())
	rule := p.eventRule(eventRuleResource(s), p.eventRuleName(s), params)
	rule.Needs = append(rule.Needs, servingTold)
	return rule
}

// eventSourceTarget is the alias, which gets the event, or what a schedule has for it.
func (p Pipeline) eventSourceTarget(s v1alpha1.EventSource) compose.Resource {
	return p.eventTarget(eventTargetPrefix+resource.Name(s.Name), eventRuleResource(s), func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
		return cloudwatcheventsv1beta2.TargetParameters{
			EventBusName: new(eventBus(s)),
			TargetID:     new(aliasName),
			Arn:          new(p.aliasARN(f)),
			Input:        scheduledEvent(s),
		}
	})
}

func scheduledEvent(s v1alpha1.EventSource) *string {
	if s.Schedule == nil || s.Schedule.Event == nil {
		return nil
	}
	return new(claim.CompactJSON(*s.Schedule.Event))
}

// eventSourcePermission lets the rule, and no other, call the alias. An invoker's statement has no underscore in its name.
func (p Pipeline) eventSourcePermission(s v1alpha1.EventSource) compose.Resource {
	name, statement := eventPermissionPrefix+resource.Name(s.Name), "event_"+s.Name
	return compose.Resource{
		Name:  name,
		Needs: []compose.Fact{AccountID, liveVersion},
		Build: func(f compose.Facts) client.Object {
			return p.permission(name, lambdav1beta1.PermissionParameters{
				Action:      new(invokeFunction),
				StatementID: new(statement),
				Principal:   new("events.amazonaws.com"),
				SourceArn:   new(p.eventRuleARN(f, s)),
			})
		},
	}
}
