package architecture

import (
	"slices"

	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

const (
	watchRole             resource.Name = "watch-role"
	watchPolicy           resource.Name = "watch-policy"
	watchPolicyAttachment resource.Name = "watch-policy-attachment"
	watchMachine          resource.Name = "watch-state-machine"

	// What EventBridge starts it by.
	watchEventsRole             resource.Name = "watch-events-role"
	watchEventsPolicy           resource.Name = "watch-events-policy"
	watchEventsPolicyAttachment resource.Name = "watch-events-policy-attachment"
	watchDeploymentsRule        resource.Name = "watch-deployments-rule"
	watchDeploymentsTarget      resource.Name = "watch-deployments-target"
)

// watchStateMachine records deployments and prunes old versions, releases settings, and takes what another pipeline has released.
var watchStateMachine = stateMachine{
	role: watchRole, policy: watchPolicy, policyAttachment: watchPolicyAttachment, machine: watchMachine,
	base: "watch", roleBase: "watch-service-role",
	definition: release.Config.Watch,
	statements: Pipeline.watchStatements,
}

// missedSchedule is how often the watch looks for deployments of which no event has told.
const missedSchedule = "rate(1 day)"

// deployEventType is how CodeDeploy tells EventBridge of a change in a deployment's state.
const deployEventType = "CodeDeploy Deployment State-change Notification"

// watch is the state machine that EventBridge starts, and the rule that starts it when CodeDeploy or CodePipeline reports a change, when an
// execution of the release has ended badly, and once a day, as events may be lost: a rule can have both a pattern and a schedule, and each rule counts (docs/limits.md). The schedules that a claim
// asks for are in configuration and promotion.
func (p Pipeline) watch() []compose.Resource {
	events := p.policy(watchEventsPolicy, p.watchEventsStatements)
	return slices.Concat(p.stateMachine(watchStateMachine), []compose.Resource{
		p.progress(),
		p.role(watchEventsRole, p.Names.aws("watch-events-role"), "events.amazonaws.com"),
		events,
		p.attach(watchEventsPolicyAttachment, watchEventsRole, events),
		p.eventRule(watchDeploymentsRule, p.Names.aws("payment-processor-watch-deployments"), cloudwatcheventsv1beta1.RuleParameters{
			Description: new("Records every deployment of " + p.Names.DeployApp() + " in " + p.Names.HistoryTable() + ", stops one whose release has ended before it, and shows how " + p.Names.DeliveryPipeline() + " runs."),
			EventPattern: new(document.JSON(eventPattern{
				Source:     []string{release.EventSource, release.ExecutionSource, release.PipelineSource},
				DetailType: []string{deployEventType, executionEventType, runEventType, stageEventType, actionEventType},
				Detail: watchedDetail{Or: append([]any{
					deployEventDetail{Application: []string{p.Names.DeployApp()}},
					executionEventDetail{
						StateMachineARN: []suffix{{":stateMachine:" + p.Names.stateMachine(releaseStateMachine)}},
						Status:          []string{"FAILED", "TIMED_OUT", "ABORTED"},
					},
				}, p.watchedRuns()...)},
			})),
			ScheduleExpression: new(missedSchedule),
		}),
		p.eventTarget(watchDeploymentsTarget, watchDeploymentsRule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
			return p.startWatch(f, nil)
		}),
	})
}

// executionEventType is how Step Functions tells EventBridge that an execution has begun or ended.
// See https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
const executionEventType = "Step Functions Execution Status Change"

// How CodePipeline tells EventBridge of changes. See https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
const (
	runEventType    = "CodePipeline Pipeline Execution State Change"
	stageEventType  = "CodePipeline Stage Execution State Change"
	actionEventType = "CodePipeline Action Execution State Change"
)

// watchedRuns are events of the pipeline's runs by which people see how far one is: that it has begun a stage, has asked somebody or was
// answered, and has ended or goes on after that. Each costs some transitions of the watch, so what follows from another event is left out.
func (p Pipeline) watchedRuns() []any {
	pipeline := []string{p.Names.DeliveryPipeline()}
	return []any{
		runEventDetail{Pipeline: pipeline, Stage: []exists{{false}}, State: []string{"CANCELED", "FAILED", "RESUMED", "STOPPED", "STOPPING", "SUCCEEDED", "SUPERSEDED"}},
		runEventDetail{Pipeline: pipeline, Stage: []exists{{true}}, Action: []exists{{false}}, State: []string{"STARTED"}},
		runEventDetail{Pipeline: pipeline, Type: &actionType{Category: []string{"Approval"}}, State: []string{"STARTED", "SUCCEEDED"}},
	}
}

// What one rule chooses of the events of all services: one rule of an account's 300, and not three.
type (
	watchedDetail struct {
		Or []any `json:"$or"`
	}

	deployEventDetail struct {
		Application []string `json:"application"`
	}

	executionEventDetail struct {
		StateMachineARN []suffix `json:"stateMachineArn"`
		Status          []string `json:"status"`
	}

	runEventDetail struct {
		Pipeline []string    `json:"pipeline"`
		Stage    []exists    `json:"stage,omitempty"`
		Action   []exists    `json:"action,omitempty"`
		Type     *actionType `json:"type,omitempty"`
		State    []string    `json:"state"`
	}

	actionType struct {
		Category []string `json:"category"`
	}

	// Exists matches a member that is there, or that is not.
	exists struct {
		Exists bool `json:"exists"`
	}

	// A suffix matches what ends with it.
	suffix struct {
		Suffix string `json:"suffix"`
	}
)

func (p Pipeline) watchEventsStatements(f compose.Facts) []iam.Statement {
	return []iam.Statement{iam.Allow("StartWatch", "states:StartExecution").On(p.stateMachineARN(f, watchStateMachine))}
}

func (p Pipeline) watchStatements(f compose.Facts) []iam.Statement {
	history := []string{"dynamodb:BatchGetItem", "dynamodb:UpdateItem"}
	if p.prunes() || p.startsItself() {
		history = append(history, "dynamodb:GetItem")
	}
	return slices.Concat([]iam.Statement{
		iam.Allow("ReadDeployments", "codedeploy:GetDeployment", "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments").
			On(p.deploymentGroupARN(f)),
		// These three know no resources in IAM.
		iam.Allow("ReadTargets", "codedeploy:BatchGetDeploymentTargets", "codedeploy:ListDeploymentTargets").
			On("*"),
		iam.Allow("StopAbandoned", "codedeploy:StopDeployment").
			On("*"),
		iam.Allow("History", history...).
			On(p.historyTableARN(f)),
	}, p.progressStatements(f), p.pruneStatements(f), p.configurationStatements(f), p.takeStatements(f), p.startPipelineStatements(f), p.useTableKey())
}

// prunes says whether old versions are deleted.
func (p Pipeline) prunes() bool {
	return p.Spec.Retention.Versions > 0
}

// startsItself says whether the pipeline is run for what nobody has pushed.
func (p Pipeline) startsItself() bool {
	return p.releasesConfiguration() || p.isPromoted()
}

// pruneStatements let the watch delete versions that are not needed any more: versions only, never a function.
func (p Pipeline) pruneStatements(f compose.Facts) []iam.Statement {
	if !p.prunes() {
		return nil
	}
	return []iam.Statement{
		iam.Allow("ListVersions", "lambda:ListVersionsByFunction").On(p.functionARN(f, blue), p.functionARN(f, green)),
		iam.Allow("DeleteVersions", "lambda:DeleteFunction").On(p.functionARN(f, blue)+":*", p.functionARN(f, green)+":*"),
	}
}

// startPipelineStatements let the watch run the pipeline.
func (p Pipeline) startPipelineStatements(f compose.Facts) []iam.Statement {
	if !p.startsItself() {
		return nil
	}
	return []iam.Statement{iam.Allow("StartPipeline", "codepipeline:StartPipelineExecution").On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline()))}
}
