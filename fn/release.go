package main

import (
	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const (
	releaseRole                   resource.Name = "release-role"
	releasePolicy                 resource.Name = "release-policy"
	releasePolicyAttachment       resource.Name = "release-policy-attachment"
	releaseMachine                resource.Name = "release-state-machine"
	releaseEventsRole             resource.Name = "release-events-role"
	releaseEventsPolicy           resource.Name = "release-events-policy"
	releaseEventsPolicyAttachment resource.Name = "release-events-policy-attachment"
	releaseEventsRule             resource.Name = "release-events-rule"
	releaseEventsTarget           resource.Name = "release-events-target"
)

// CodeDeploy tells EventBridge of every change in a deployment's state.
const (
	deployEventSource = "aws.codedeploy"
	deployEventType   = "CodeDeploy Deployment State-change Notification"
)

// release is the state machine that tries a version out, shifts traffic to it and records what happened, and the rule
// that starts it when CodeDeploy reports a change that the pipeline did not cause.
func release(p pipeline) []compose.Resource {
	policy := p.policy(releasePolicy, p.names.aws("release-policy"), p.releaseStatements)
	events := p.policy(releaseEventsPolicy, p.names.aws("release-events-policy"), p.releaseEventsStatements)
	return []compose.Resource{
		p.role(releaseRole, p.names.aws("release-service-role"), "states.amazonaws.com"),
		policy,
		p.attach(releasePolicyAttachment, releaseRole, policy),
		{Name: releaseMachine, Build: p.releaseMachine},
		p.role(releaseEventsRole, p.names.aws("release-events-role"), "events.amazonaws.com"),
		events,
		p.attach(releaseEventsPolicyAttachment, releaseEventsRole, events),
		{Name: releaseEventsRule, Build: p.releaseEventsRule},
		{Name: releaseEventsTarget, Needs: []compose.Fact{accountID}, Build: p.releaseEventsTarget},
	}
}

func (n names) releaseMachine() string {
	return n.aws("payment-processor-release")
}

func (p pipeline) releaseMachineARN(f compose.Facts) string {
	return p.arn(f, "states", "stateMachine:"+p.names.releaseMachine())
}

// releaseStatements are the calls in the state machine's definition, and what CodeDeploy asks of the caller beside them.
func (p pipeline) releaseStatements(f compose.Facts) []statement {
	app, group := p.names.deployApp(), p.names.deploymentGroup()
	return append([]statement{
		// A version is invoked, never $LATEST.
		allow("SmokeTest", "lambda:InvokeFunction").
			on(p.functionARN(f, green) + ":*"),
		allow("ReadAlias", "lambda:GetAlias").
			on(p.functionARN(f, blue), p.functionARN(f, blue)+":"+liveAlias),
		allow("Deploy",
			"codedeploy:BatchGetDeployments",
			"codedeploy:CreateDeployment",
			"codedeploy:GetDeployment",
			"codedeploy:ListDeployments",
		).on(p.arn(f, "codedeploy", "deploymentgroup:"+app+"/"+group)),
		// CreateDeployment registers the revision it is given, and reads it back.
		allow("Revision", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision").
			on(p.arn(f, "codedeploy", "application:"+app)),
		allow("DeploymentConfig", "codedeploy:GetDeploymentConfig").
			on(p.arn(f, "codedeploy", "deploymentconfig:"+p.deploymentConfigName())),
		// These two know no resources in IAM.
		allow("DeploymentTargets", "codedeploy:BatchGetDeploymentTargets", "codedeploy:ListDeploymentTargets").
			on("*"),
		allow("History", "dynamodb:UpdateItem").
			on(p.historyTableARN(f)),
	}, p.useKey()...)
}

func (p pipeline) releaseEventsStatements(f compose.Facts) []statement {
	return []statement{allow("StartRelease", "states:StartExecution").on(p.releaseMachineARN(f))}
}

func (p pipeline) releaseMachine(compose.Facts) client.Object {
	return &sfnv1beta2.StateMachine{
		ObjectMeta: p.meta(releaseMachine, p.names.releaseMachine()),
		Spec: sfnv1beta2.StateMachineSpec{
			ResourceSpec: p.managed(),
			ForProvider: sfnv1beta2.StateMachineParameters{
				Region:     p.region(),
				Type:       new("STANDARD"),
				RoleArnRef: p.ref(releaseRole),
				Definition: jsonText(p.releaseDefinition()),
				Tags:       p.tags(),
			},
		},
	}
}

// An eventPattern chooses events by their members.
// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
type eventPattern struct {
	Source     []string          `json:"source"`
	DetailType []string          `json:"detail-type"`
	Detail     deployEventDetail `json:"detail"`
}

type deployEventDetail struct {
	Application []string `json:"application"`
}

func (p pipeline) releaseEventsRule(compose.Facts) client.Object {
	return &cloudwatcheventsv1beta1.Rule{
		ObjectMeta: p.meta(releaseEventsRule, p.names.releaseMachine()),
		Spec: cloudwatcheventsv1beta1.RuleSpec{
			ResourceSpec: p.managed(),
			ForProvider: cloudwatcheventsv1beta1.RuleParameters{
				Region:      p.region(),
				Description: new("Records every deployment of " + p.names.deployApp() + " in " + p.names.historyTable() + "."),
				EventPattern: jsonText(eventPattern{
					Source:     []string{deployEventSource},
					DetailType: []string{deployEventType},
					Detail:     deployEventDetail{Application: []string{p.names.deployApp()}},
				}),
				Tags: p.tags(),
			},
		},
	}
}

func (p pipeline) releaseEventsTarget(f compose.Facts) client.Object {
	return &cloudwatcheventsv1beta2.Target{
		ObjectMeta: p.meta(releaseEventsTarget, ""),
		Spec: cloudwatcheventsv1beta2.TargetSpec{
			ResourceSpec: p.managed(),
			ForProvider: cloudwatcheventsv1beta2.TargetParameters{
				Region:     p.region(),
				RuleRef:    p.ref(releaseEventsRule),
				TargetID:   new(p.names.releaseMachine()),
				Arn:        new(p.releaseMachineARN(f)),
				RoleArnRef: p.ref(releaseEventsRole),
			},
		},
	}
}
