package architecture

import (
	"slices"

	cloudwatcheventsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta1"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
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

// deployEventType is how CodeDeploy tells EventBridge of a change in a deployment's state.
const deployEventType = "CodeDeploy Deployment State-change Notification"

// release is the state machine that tries a version out, shifts traffic to it and records what happened, and the rule
// that starts it when CodeDeploy reports a change that the pipeline did not cause.
func (p Pipeline) release() []compose.Resource {
	policy := p.policy(releasePolicy, p.Names.aws("release-policy"), p.releaseStatements)
	events := p.policy(releaseEventsPolicy, p.Names.aws("release-events-policy"), p.releaseEventsStatements)
	return append([]compose.Resource{
		p.role(releaseRole, releaseRoleName(p.Names.suffix), "states.amazonaws.com"),
		policy,
		p.attach(releasePolicyAttachment, releaseRole, policy),
		{Name: releaseMachine, Needs: []compose.Fact{AccountID}, Build: p.releaseMachine},
		p.role(releaseEventsRole, p.Names.aws("release-events-role"), "events.amazonaws.com"),
		events,
		p.attach(releaseEventsPolicyAttachment, releaseEventsRole, events),
	}, p.releaseEvents()...)
}

func (n Names) releaseMachine() string {
	return n.aws("payment-processor-release")
}

func (p Pipeline) releaseMachineARN(f compose.Facts) string {
	return p.arn(f, "states", "stateMachine:"+p.Names.releaseMachine())
}

// releaseStatements are the calls in the state machine's definition, and what CodeDeploy asks of the caller beside them.
func (p Pipeline) releaseStatements(f compose.Facts) []iam.Statement {
	app, group := p.Names.DeployApp(), p.Names.DeploymentGroup()
	return append([]iam.Statement{
		// A version is invoked, never $LATEST.
		iam.Allow("SmokeTest", "lambda:InvokeFunction").
			On(p.functionARN(f, green) + ":*"),
		iam.Allow("ReadAlias", "lambda:GetAlias").
			On(p.functionARN(f, blue), p.aliasARN(f)),
		iam.Allow("Deploy",
			"codedeploy:BatchGetDeployments",
			"codedeploy:CreateDeployment",
			"codedeploy:GetDeployment",
			"codedeploy:ListDeployments",
		).On(p.arn(f, "codedeploy", "deploymentgroup:"+app+"/"+group)),
		// CreateDeployment registers the revision it is given, and reads it back.
		iam.Allow("Revision", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision").
			On(p.arn(f, "codedeploy", "application:"+app)),
		iam.Allow("DeploymentConfig", "codedeploy:GetDeploymentConfig").
			On(p.deploymentConfigARNs(f)...),
		// These two know no resources in IAM.
		iam.Allow("DeploymentTargets", "codedeploy:BatchGetDeploymentTargets", "codedeploy:ListDeploymentTargets").
			On("*"),
		// The way back, the version that a release is of, and whether Lambda can run it.
		iam.Allow("ReadVersion", "lambda:GetFunctionConfiguration").
			On(p.readableVersions(f)...),
		iam.Allow("History", "dynamodb:GetItem", "dynamodb:UpdateItem").
			On(p.historyTableARN(f)),
		iam.Allow("Runs", "codepipeline:ListPipelineExecutions").
			On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
		p.countStatement(),
		iam.Allow("TellPeople", "sns:Publish").
			On(p.topicARNs(f)...),
	}, slices.Concat(p.approvalStatements(f), p.judgeStatements(), p.pruneStatements(f), p.configurationStatements(f), p.promotionStatements(f), p.useTableKey())...)
}

// countStatement lets a release publish its own metrics, and no others. The action knows no resources in IAM.
func (p Pipeline) countStatement() iam.Statement {
	return iam.Allow("CountReleases", "cloudwatch:PutMetricData").On("*").
		If(iam.StringEquals, "cloudwatch:namespace", release.MetricNamespace)
}

// approvalStatements let a release see who has approved it, and stop an older one that waits for that. It can approve none.
func (p Pipeline) approvalStatements(f compose.Facts) []iam.Statement {
	if !p.Spec.Approval.Required {
		return nil
	}
	return []iam.Statement{
		iam.Allow("Approval", "codepipeline:GetPipelineState", "codepipeline:StopPipelineExecution").
			On(p.arn(f, "codepipeline", p.Names.DeliveryPipeline())),
	}
}

// deploymentConfigARNs are the configurations of a release and of the way back.
func (p Pipeline) deploymentConfigARNs(f compose.Facts) []string {
	arns := []string{p.arn(f, "codedeploy", "deploymentconfig:"+p.deploymentConfigName())}
	if back := p.arn(f, "codedeploy", "deploymentconfig:"+release.AllAtOnce); back != arns[0] {
		arns = append(arns, back)
	}
	return arns
}

// judgeStatements let a release see how the candidate does, and stop it.
func (p Pipeline) judgeStatements() []iam.Statement {
	if !p.Spec.Rollout.Analysis.Enabled {
		return nil
	}
	// These know no resources in IAM, or none of those that are meant here.
	return []iam.Statement{iam.Allow("Judge", "cloudwatch:GetMetricData", "codedeploy:StopDeployment").On("*")}
}

// pruneStatements let a release delete versions that are not needed any more: versions only, never a function.
func (p Pipeline) pruneStatements(f compose.Facts) []iam.Statement {
	if p.Spec.Retention.Versions == 0 {
		return nil
	}
	return []iam.Statement{
		iam.Allow("ListVersions", "lambda:ListVersionsByFunction").On(p.functionARN(f, blue), p.functionARN(f, green)),
		iam.Allow("DeleteVersions", "lambda:DeleteFunction").On(p.functionARN(f, blue)+":*", p.functionARN(f, green)+":*"),
	}
}

func (p Pipeline) releaseEventsStatements(f compose.Facts) []iam.Statement {
	return []iam.Statement{iam.Allow("StartRelease", "states:StartExecution").On(p.releaseMachineARN(f))}
}

func (p Pipeline) releaseMachine(f compose.Facts) client.Object {
	return &sfnv1beta2.StateMachine{
		ObjectMeta: p.meta(releaseMachine, p.Names.releaseMachine()),
		Spec: sfnv1beta2.StateMachineSpec{
			ResourceSpec: p.managed(),
			ForProvider: sfnv1beta2.StateMachineParameters{
				Region:     p.region(),
				Type:       new("STANDARD"),
				RoleArnRef: p.ref(releaseRole),
				Definition: p.releaseDefinition(f),
				Tags:       p.tags(),
			},
		},
	}
}

// definitions of state machines by what they depend on.
var definitions = memo.New[*string]()

// releaseDefinition is the state machine, as the provider wants it.
func (p Pipeline) releaseDefinition(f compose.Facts) *string {
	c := p.releaseConfig(f)
	return definitions.Get(document.JSON(c), func() *string { return new(document.JSON(c.Definition())) })
}

// releaseConfig is what the state machine depends on.
func (p Pipeline) releaseConfig(f compose.Facts) release.Config {
	return release.Config{
		Partition:        p.Partition(),
		Pipeline:         p.Names.DeliveryPipeline(),
		Approval:         p.approval(),
		BlueFunction:     p.Names.function(blue),
		GreenFunction:    p.Names.function(green),
		Alias:            aliasName,
		Application:      p.Names.DeployApp(),
		DeploymentGroup:  p.Names.DeploymentGroup(),
		DeploymentConfig: p.deploymentConfigName(),
		Alarms:           p.rolloutAlarms(),
		HistoryTable:     p.Names.HistoryTable(),
		HistoryDays:      p.Spec.Retention.HistoryDays,
		Versions:         p.Spec.Retention.Versions,
		Topic:            p.topicARN(f),
		PlatformTopic:    p.platformTopicARN(),
		Console:          p.console("/states/home"),
		Settings:         configurationMembers(),
		Calendars:        p.calendars(),
		ArtifactBucket:   p.Names.Bucket,
		Environment:      p.Spec.EnvironmentSuffix,
		Offers:           p.isOffering(),
		PromotedFrom:     p.promotedSource(),
		Rollout:          p.Spec.Rollout,
		SmokeTest:        p.Spec.SmokeTest,
		TimeoutSeconds:   p.Spec.Service.TimeoutSeconds,
	}
}

// calendars of the claim and of the platform team, those that say something.
func (p Pipeline) calendars() []release.Calendar {
	both := []release.Calendar{
		{Whose: "the app team", Windows: p.Spec.Rollout.ChangeWindows, Freezes: p.Spec.Rollout.Freezes},
		{Whose: "the platform team", Windows: p.Platform.ChangeWindows, Freezes: p.Platform.Freezes},
	}
	return slices.DeleteFunc(both, func(c release.Calendar) bool { return len(c.Windows)+len(c.Freezes) == 0 })
}

type deployEventDetail struct {
	Application []string `json:"application"`
}

// releaseEvents record deployments that the pipeline did not cause.
func (p Pipeline) releaseEvents() []compose.Resource {
	return []compose.Resource{
		p.eventRule(releaseEventsRule, p.Names.releaseMachine(), cloudwatcheventsv1beta1.RuleParameters{
			Description: new("Records every deployment of " + p.Names.DeployApp() + " in " + p.Names.HistoryTable() + "."),
			EventPattern: new(document.JSON(eventPattern{
				Source:     []string{release.EventSource},
				DetailType: []string{deployEventType},
				Detail:     deployEventDetail{Application: []string{p.Names.DeployApp()}},
			})),
		}),
		p.eventTarget(releaseEventsTarget, releaseEventsRule, func(f compose.Facts) cloudwatcheventsv1beta2.TargetParameters {
			return p.startRelease(f, nil)
		}),
	}
}
