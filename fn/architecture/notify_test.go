package architecture

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	snsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/sns/v1beta1"

	xpv1 "github.com/crossplane/crossplane-runtime/v2/apis/common/v1"
	"github.com/crossplane/function-sdk-go/resource"
)

var testTopic = &xpv1.Reference{Name: "pr-123.alarm-topic.default"}

// TestAlarmTopicPolicy checks that only our alarm may publish without a role that may.
func TestAlarmTopicPolicy(t *testing.T) {
	policy := buildOne[*snsv1beta1.TopicPolicy](t, newTestPipeline(t), alarmTopicPolicy).Spec.ForProvider

	want := map[string]statement{"AlarmMayPublish": {
		Sid:       "AlarmMayPublish",
		Effect:    "Allow",
		Principal: map[string]string{"Service": "cloudwatch.amazonaws.com"},
		Action:    []string{"sns:Publish"},
		Resource:  []string{"arn:aws:sns:us-east-1:111122223333:deployment-alarms-pr-123"},
		Condition: map[string]operands{
			"ArnEquals": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:111122223333:alarm:lambda-errors-pr-123"},
		},
	}}
	if diff := cmp.Diff(want, statementsOf(t, policy.Policy)); diff != "" {
		t.Errorf("policy: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(testTopic, policy.ArnRef); diff != "" {
		t.Errorf("topic: -want, +got:\n%s", diff)
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
