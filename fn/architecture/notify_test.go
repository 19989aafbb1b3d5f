package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	cloudwatchv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatch/v1beta2"
	cloudwatcheventsv1beta2 "github.com/upbound/provider-aws/v2/apis/cluster/cloudwatchevents/v1beta2"
	deployv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/deploy/v1beta1"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	snsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/sns/v1beta1"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

var testTopic = &xpv2.Reference{Name: "pr-123.alarm-topic.default"}

// Topics of a team's own.
const (
	teamTopic     = "arn:aws:sns:us-east-1:111122223333:payments-team"
	approverTopic = "arn:aws:sns:us-east-1:111122223333:payments-approvers"
)

// platformTopic is the platform team's.
const platformTopic = "arn:aws:sns:us-east-1:111122223333:platform"

// givenTopic is a claim that brings a topic.
func givenTopic(p *Pipeline) {
	p.Spec.Notifications.TopicARN = teamTopic
}

// TestAlarmTopicPolicy checks that only our alarm, and EventBridge, may publish without a role that may. EventBridge publishes
// nothing to a topic whose policy has a condition for it.
func TestAlarmTopicPolicy(t *testing.T) {
	policy := buildOne[*snsv1beta1.TopicPolicy](t, newTestPipeline(t), alarmTopicPolicy).Spec.ForProvider

	want := map[string]iam.Statement{
		"AlarmMayPublish": {
			Sid:       "AlarmMayPublish",
			Effect:    "Allow",
			Principal: iam.Service("cloudwatch.amazonaws.com"),
			Action:    []string{"sns:Publish"},
			Resource:  []string{"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
			Condition: iam.Condition{
				iam.ArnEquals: {"aws:SourceArn": {"arn:aws:cloudwatch:us-east-1:111122223333:alarm:lambda-errors-pr-123"}},
			},
		},
		"EventsMayPublish": {
			Sid:       "EventsMayPublish",
			Effect:    "Allow",
			Principal: iam.Service("events.amazonaws.com"),
			Action:    []string{"sns:Publish"},
			Resource:  []string{"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
		},
	}
	if diff := cmp.Diff(want, statementsOf(t, policy.Policy)); diff != "" {
		t.Errorf("policy: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(testTopic, policy.ArnRef); diff != "" {
		t.Errorf("topic: -want, +got:\n%s", diff)
	}
}

// TestDocumentedPolicy checks that a topic of a team's may be given the policy that docs/notifications.md has: that of the
// pipeline's own.
func TestDocumentedPolicy(t *testing.T) {
	_, rest, _ := strings.Cut(fntest.File(t, "../../docs/notifications.md"), "```json\n")
	documented, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("docs/notifications.md has no policy")
	}
	own := *buildOne[*snsv1beta1.TopicPolicy](t, newTestPipeline(t), alarmTopicPolicy).Spec.ForProvider.Policy
	want := strings.ReplaceAll(own, "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123", teamTopic)
	if diff := cmp.Diff(statementsOf(t, &want), statementsOf(t, &documented)); diff != "" {
		t.Errorf("-want, +documented:\n%s", diff)
	}
}

// TestTopics checks where everything is published, by the topics that a claim brings, and who may publish there.
func TestTopics(t *testing.T) {
	const own = "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"
	cases := map[string]struct {
		reason              string
		topic, approval     string
		want, wantApprovals string
	}{
		"Own": {
			reason: "A claim that brings no topic should have one of the pipeline's own for all.",
			want:   own, wantApprovals: own,
		},
		"Given": {
			reason: "A topic of the claim's should hear everything.",
			topic:  teamTopic, want: teamTopic, wantApprovals: teamTopic,
		},
		"Approvals": {
			reason:   "Waiting approvals, and nothing else, should be told to a topic of their own.",
			approval: approverTopic, want: own, wantApprovals: approverTopic,
		},
		"Both": {
			reason: "The two should not mix.",
			topic:  teamTopic, approval: approverTopic, want: teamTopic, wantApprovals: approverTopic,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) {
				p.Spec.Notifications.TopicARN, p.Spec.Notifications.ApprovalTopicARN = tc.topic, tc.approval
			})
			alarm := buildOne[*cloudwatchv1beta2.MetricAlarm](t, p, errorAlarm).Spec.ForProvider
			group := buildOne[*deployv1beta1.DeploymentGroup](t, p, deploymentGroup).Spec.ForProvider
			want := map[string]string{
				"alarm": tc.want, "alarm is over": tc.want, "deployments": tc.want, "rollbacks": tc.want, "may tell of rollbacks": tc.want,
				"failed actions": tc.want, "releases": tc.want, "approvals": tc.wantApprovals, "may tell of approvals": tc.wantApprovals,
			}
			got := map[string]string{
				"alarm":                 *alarm.AlarmActions[0],
				"alarm is over":         *alarm.OkActions[0],
				"deployments":           *group.TriggerConfiguration[0].TriggerTargetArn,
				"rollbacks":             p.releaseConfig(allFacts()).Topic,
				"may tell of rollbacks": statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, releasePolicy).Spec.ForProvider.Policy)["TellPeople"].Resource[0],
				"failed actions":        *buildOne[*cloudwatcheventsv1beta2.Target](t, p, failedActionsTarget).Spec.ForProvider.Arn,
				"releases":              *buildOne[*cloudwatcheventsv1beta2.Target](t, p, succeededRunsTarget).Spec.ForProvider.Arn,
				"approvals":             *p.approveAction(allFacts()).Configuration["NotificationArn"],
				"may tell of approvals": statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, deliveryPolicy).Spec.ForProvider.Policy)["TellApprovers"].Resource[0],
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			built := buildAll(p.Resources())
			if diff := cmp.Diff(tc.topic == "", built[alarmTopic] != nil && built[alarmTopicPolicy] != nil); diff != "" {
				t.Errorf("%s\n-want a topic of its own, +got one:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestPlatformTopic checks that the platform team's topic hears all that the claim's does, but for waiting approvals, and that the
// claim's hears as much as before.
func TestPlatformTopic(t *testing.T) {
	const own = "arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"
	cases := map[string]struct {
		reason          string
		topic, platform string
		want            []string
	}{
		"None":  {reason: "Nobody else hears.", want: []string{own}},
		"Own":   {reason: "The pipeline keeps its own topic.", platform: platformTopic, want: []string{own, platformTopic}},
		"Given": {reason: "So does the claim.", topic: teamTopic, platform: platformTopic, want: []string{teamTopic, platformTopic}},
		"Same":  {reason: "Nobody hears twice.", topic: platformTopic, platform: platformTopic, want: []string{platformTopic}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) {
				p.Spec.Notifications.TopicARN, p.Platform.TopicARN = tc.topic, tc.platform
			})
			alarm := buildOne[*cloudwatchv1beta2.MetricAlarm](t, p, errorAlarm).Spec.ForProvider
			group := buildOne[*deployv1beta1.DeploymentGroup](t, p, deploymentGroup).Spec.ForProvider
			got := map[string][]string{
				"may tell of rollbacks": statementsOf(t, buildOne[*iamv1beta1.Policy](t, p, releasePolicy).Spec.ForProvider.Policy)["TellPeople"].Resource,
			}
			release := p.releaseConfig(allFacts())
			for _, arn := range []string{release.Topic, release.PlatformTopic} {
				if arn != "" {
					got["rollbacks"] = append(got["rollbacks"], arn)
				}
			}
			for _, arn := range alarm.AlarmActions {
				got["alarm"] = append(got["alarm"], *arn)
			}
			for _, arn := range alarm.OkActions {
				got["alarm is over"] = append(got["alarm is over"], *arn)
			}
			triggers := map[string]bool{}
			for _, trigger := range group.TriggerConfiguration {
				got["deployments"] = append(got["deployments"], *trigger.TriggerTargetArn)
				triggers[*trigger.TriggerName] = true
			}
			if len(triggers) != len(tc.want) {
				t.Errorf("%s\nwant %d triggers with names of their own, got %v", tc.reason, len(tc.want), triggers)
			}
			targets := buildOf[*cloudwatcheventsv1beta2.Target](p)
			for event, names := range map[string][]resource.Name{
				"failed actions": {failedActionsTarget, failedActionsPlatformTarget},
				"releases":       {succeededRunsTarget, succeededRunsPlatformTarget},
			} {
				ids := map[string]bool{}
				for _, name := range names {
					if target := targets[name]; target != nil {
						got[event] = append(got[event], *target.Spec.ForProvider.Arn)
						ids[*target.Spec.ForProvider.TargetID] = true
						if diff := cmp.Diff(targets[names[0]].Spec.ForProvider.InputTransformer, target.Spec.ForProvider.InputTransformer); diff != "" {
							t.Errorf("%s\n%s: -what the claim's hears, +what the platform team's hears:\n%s", tc.reason, event, diff)
						}
					}
				}
				if len(ids) != len(tc.want) {
					t.Errorf("%s\n%s: want %d targets with ids of their own, got %v", tc.reason, event, len(tc.want), ids)
				}
			}
			if len(got) != 7 {
				t.Errorf("%s\nwant seven kinds of messages, got %d", tc.reason, len(got))
			}
			for what, arns := range got {
				if diff := cmp.Diff(tc.want, arns); diff != "" {
					t.Errorf("%s\n%s: -want, +got:\n%s", tc.reason, what, diff)
				}
			}
			if approvals := p.approvalTopicARN(allFacts()); approvals != tc.want[0] {
				t.Errorf("%s\nwant approvals told to %s alone, got %s", tc.reason, tc.want[0], approvals)
			}
		})
	}
}

func TestEmailSubscriptions(t *testing.T) {
	cases := map[string]struct {
		reason string
		emails []string
		want   map[resource.Name]string
	}{
		"None": {
			reason: "Without addresses there should be no subscription.",
			want:   map[resource.Name]string{},
		},
		"Two": {
			reason: "Each address should have a subscription of its own.",
			emails: []string{"a@example.com", "b@example.com"},
			want: map[resource.Name]string{
				"alarm-topic-subscription-08168cd8": "a@example.com",
				"alarm-topic-subscription-e8f39b3e": "b@example.com",
			},
		},
		"FirstRemoved": {
			reason: "Removing one address should leave the other's subscription, which is confirmed, as it is.",
			emails: []string{"b@example.com"},
			want:   map[resource.Name]string{"alarm-topic-subscription-e8f39b3e": "b@example.com"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := newTestPipeline(t, func(p *Pipeline) { p.Spec.Notifications.Emails = tc.emails })
			want := map[resource.Name]snsv1beta1.TopicSubscriptionParameters{}
			for name, email := range tc.want {
				want[name] = snsv1beta1.TopicSubscriptionParameters{
					Region:      new("us-east-1"),
					TopicArnRef: testTopic,
					Protocol:    new("email"),
					Endpoint:    new(email),
				}
			}
			got := map[resource.Name]snsv1beta1.TopicSubscriptionParameters{}
			for name, s := range buildOf[*snsv1beta1.TopicSubscription](p) {
				got[name] = s.Spec.ForProvider
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
