package architecture

import (
	"slices"

	sfnv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/sfn/v1beta2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/document"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/memo"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
)

// A stateMachine of the pipeline, with a role that has the rights of this machine alone. CodePipeline starts the release, people start
// the rollback, and EventBridge starts the watch.
type stateMachine struct {
	role, policy, policyAttachment, machine resource.Name

	// base of the names in AWS: of the machine, and of its role.
	base, roleBase string

	definition func(release.Config) asl.StateMachine
	statements func(Pipeline, compose.Facts) []iam.Statement
}

// allMachines of a pipeline.
var allMachines = []stateMachine{releaseStateMachine, rollbackStateMachine, watchStateMachine}

// stateMachines are the names of all in AWS.
func (n Names) stateMachines() []string {
	var names []string
	for _, m := range allMachines {
		names = append(names, n.stateMachine(m))
	}
	return names
}

// stateMachine is the name of one in AWS.
func (n Names) stateMachine(m stateMachine) string {
	return n.aws("payment-processor-" + m.base)
}

func (p Pipeline) stateMachineARN(f compose.Facts, m stateMachine) string {
	return p.arn(f, "states", "stateMachine:"+p.Names.stateMachine(m))
}

// stateMachine with its role, policy and attachment.
func (p Pipeline) stateMachine(m stateMachine) []compose.Resource {
	policy := p.policy(m.policy, func(f compose.Facts) []iam.Statement { return m.statements(p, f) })
	return []compose.Resource{
		p.role(m.role, p.Names.aws(m.roleBase), "states.amazonaws.com"),
		policy,
		p.attach(m.policyAttachment, m.role, policy),
		{Name: m.machine, Needs: []compose.Fact{AccountID}, Build: func(f compose.Facts) client.Object {
			return &sfnv1beta2.StateMachine{
				ObjectMeta: p.meta(m.machine, p.Names.stateMachine(m)),
				Spec: sfnv1beta2.StateMachineSpec{
					ClusterManagedResourceSpec: p.managed(),
					ForProvider: sfnv1beta2.StateMachineParameters{
						Region:     p.region(),
						Type:       new("STANDARD"),
						RoleArnRef: p.ref(m.role),
						Definition: p.definition(f, m),
						Tags:       p.tags(),
					},
				},
			}
		}},
	}
}

// definitions of state machines by what they depend on.
var definitions = memo.New[*string](16 << 20)

// definition of the state machine, as the provider wants it.
func (p Pipeline) definition(f compose.Facts, m stateMachine) *string {
	c := p.releaseConfig(f)
	return definitions.Get([]byte(m.base+" "+document.JSON(c)), func() *string { return new(document.JSON(m.definition(c))) })
}

// releaseConfig is what the state machines depend on.
func (p Pipeline) releaseConfig(f compose.Facts) release.Config {
	return release.Config{
		Partition:        p.Partition(),
		Pipeline:         p.Names.DeliveryPipeline(),
		SwitchStage:      p.switchStage(),
		SourceAction:     p.sourceActionName(),
		PublishAction:    publishAction,
		BlueFunction:     p.Names.function(blue),
		GreenFunction:    p.Names.function(green),
		Alias:            aliasName,
		BootstrapVersion: p.Serving.Bootstrap,
		Application:      p.Names.DeployApp(),
		DeploymentGroup:  p.Names.DeploymentGroup(),
		DeploymentConfig: p.deploymentConfigName(),
		Alarms:           p.rolloutAlarms(),
		HistoryTable:     p.Names.HistoryTable(),
		HistoryDays:      p.Spec.Retention.HistoryDays,
		Versions:         p.Spec.Retention.Versions,
		Topic:            p.topicARN(f),
		PlatformTopic:    p.platformTopicARN(),
		RollbackMachine:  p.Names.stateMachine(rollbackStateMachine),
		Console:          p.console("/states/home"),
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
		{Whose: "the platform team", Windows: p.Platform.ChangeWindows, Freezes: p.Platform.Freezes, Strict: !p.Platform.AllowCalendarBypass},
	}
	return slices.DeleteFunc(both, func(c release.Calendar) bool { return len(c.Windows)+len(c.Freezes) == 0 })
}
