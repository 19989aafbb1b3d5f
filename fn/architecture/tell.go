package architecture

import (
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	failedActionsRule   resource.Name = "failed-actions-rule"
	failedActionsTarget resource.Name = "failed-actions-target"
	succeededRunsRule   resource.Name = "succeeded-runs-rule"
	succeededRunsTarget resource.Name = "succeeded-runs-target"

	// The platform team's.
	failedActionsPlatformTarget resource.Name = "failed-actions-platform-target"
	succeededRunsPlatformTarget resource.Name = "succeeded-runs-platform-target"
)

// tell are the rules by which EventBridge tells people what has become of the pipeline's runs, and of their actions: a build,
// the smoke test, an approval that was refused or that nobody gave, the shift. CodePipeline announces approvals. The release and the rollback
// announce rollbacks.
func (p Pipeline) tell() []compose.Resource {
	failed := news{
		rule: failedActionsRule, target: failedActionsTarget, platformTarget: failedActionsPlatformTarget,
		name:        p.Names.aws("payment-processor-pipeline-failed"),
		description: "Tells people of failed actions of " + p.Names.DeliveryPipeline() + ".",
		eventType:   actionEventType, state: "FAILED",
		// What AWS says comes last, as it may be anything, or nothing.
		text:  "<action> in stage <stage> has failed. See " + p.RunURL("<execution-id>") + " for the run. Reason: <reason>",
		paths: []string{"action", "stage", "execution-id", "reason"},
	}
	succeeded := news{
		rule: succeededRunsRule, target: succeededRunsTarget, platformTarget: succeededRunsPlatformTarget,
		name:        p.Names.aws("payment-processor-pipeline-succeeded"),
		description: "Tells people of releases of " + p.Names.DeliveryPipeline() + ".",
		eventType:   runEventType, state: "SUCCEEDED",
		text:  "a run has succeeded, and its version is live. See " + p.RunURL("<execution-id>") + " for the run.",
		paths: []string{"execution-id"},
	}
	return append(p.tellOf(failed), p.tellOf(succeeded)...)
}

// news are events that people are told of, in one line of text.
type news struct {
	rule, target, platformTarget resource.Name

	// name of the rule in AWS.
	name, description string

	// eventType and state of the events.
	eventType, state string

	// text has the names of eventPaths, in angle brackets, where the event's own go. EventBridge puts them in as they are, and
	// nothing for one that an event has not.
	text  string
	paths []string
}

// eventPaths are where the pipeline's events have what people are told.
// See https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
var eventPaths = map[string]string{
	"action":       "$.detail.action",
	"execution-id": "$.detail.execution-id",
	"reason":       "$.detail.execution-result.external-execution-summary",
	"stage":        "$.detail.stage",
}

type pipelineEventDetail struct {
	Pipeline []string `json:"pipeline"`
	State    []string `json:"state"`
}

func (p Pipeline) tellOf(n news) []compose.Resource {
	rs := []compose.Resource{
		p.eventRule(n.rule, n.name, cloudwatcheventsv1beta1.RuleParameters{
			Description: new(n.description),
			EventPattern: new(document.JSON(eventPattern{
				Source:     []string{release.PipelineSource},
				DetailType: []string{n.eventType},
				Detail:     pipelineEventDetail{Pipeline: []string{p.Names.DeliveryPipeline()}, State: []string{n.state}},
			})),
		}),
		p.eventTarget(n.target, n.rule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
			return p.tellTopic(n, n.name, p.topicARN(f))
		}),
	}
	platform := p.platformTopicARN()
	if platform == "" {
		return rs
	}
	also := p.eventTarget(n.platformTarget, n.rule, func(compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
		return p.tellTopic(n, n.name+"-platform", platform)
	})
	// The topic's ARN has the account.
	also.Needs = nil
	return append(rs, also)
}

// tellTopic is the target of some id that publishes in EventBridge's own name. A role would have to be one that may use the
// topic's key.
func (p Pipeline) tellTopic(n news, id, topic string) cloudwatcheventsv1beta2.TargetParameters {
	paths := map[string]*string{}
	for _, name := range n.paths {
		paths[name] = new(eventPaths[name])
	}
	return cloudwatcheventsv1beta2.TargetParameters{
		TargetID: new(id),
		Arn:      new(topic),
		InputTransformer: &cloudwatcheventsv1beta2.InputTransformerParameters{
			InputPaths: paths,
			// A text is a template only if it is quoted, as JSON has it.
			InputTemplate: new(document.JSON(p.Names.DeliveryPipeline() + ": " + n.text)),
		},
	}
}
