package architecture

import (
	snsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/sns/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	alarmTopic       resource.Name = "alarm-topic"
	alarmTopicPolicy resource.Name = "alarm-topic-policy"
)

// notify is the topic that tells people of alarms, failed runs and deployments, waiting approvals, releases and rollbacks,
// unless the claim brings one.
func (p Pipeline) notify() []compose.Resource {
	if !p.hasOwnTopic() {
		return nil
	}
	rs := []compose.Resource{
		{Name: alarmTopic, Build: p.alarmTopic},
		{Name: alarmTopicPolicy, Needs: []compose.Fact{AccountID}, Build: p.alarmTopicPolicy},
	}
	for _, email := range p.Spec.Notifications.Emails {
		rs = append(rs, p.emailSubscription(email))
	}
	return rs
}

func (p Pipeline) hasOwnTopic() bool {
	return p.Spec.Notifications.TopicARN == ""
}

func (n Names) alarmTopic() string {
	return n.aws("deployment-alarms")
}

// topicARN is the app team's topic, which hears everything.
func (p Pipeline) topicARN(f compose.Facts) string {
	if !p.hasOwnTopic() {
		return p.Spec.Notifications.TopicARN
	}
	return p.arn(f, "sns", p.Names.alarmTopic())
}

// topicARNs are the topics that hear of all but waiting approvals, which CodePipeline tells one topic only.
func (p Pipeline) topicARNs(f compose.Facts) []string {
	arns := []string{p.topicARN(f)}
	if platform := p.platformTopicARN(); platform != "" {
		arns = append(arns, platform)
	}
	return arns
}

// platformTopicARN is the platform team's topic. Empty: there is none, or it is the claim's, and hears all as that.
func (p Pipeline) platformTopicARN() string {
	if p.Platform.TopicARN == p.Spec.Notifications.TopicARN {
		return ""
	}
	return p.Platform.TopicARN
}

// approvalTopicARN is the topic that hears of waiting approvals.
func (p Pipeline) approvalTopicARN(f compose.Facts) string {
	if arn := p.Spec.Notifications.ApprovalTopicARN; arn != "" {
		return arn
	}
	return p.topicARN(f)
}

func (p Pipeline) alarmTopic(compose.Facts) client.Object {
	return &snsv1beta1.Topic{
		ObjectMeta: p.meta(alarmTopic, p.Names.alarmTopic()),
		Spec: snsv1beta1.TopicSpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: snsv1beta1.TopicParameters{
				Region:         p.region(),
				KMSMasterKeyID: p.kmsKey(),
				Tags:           p.tags(),
			},
		},
	}
}

// alarmTopicPolicy lets CloudWatch and EventBridge publish. CodeDeploy, CodePipeline and the release do so in their roles,
// whose policies allow it.
//
// EventBridge's statement names no rule: to a topic with such a condition it publishes nothing. See
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions.
func (p Pipeline) alarmTopicPolicy(f compose.Facts) client.Object {
	policy := iam.New(
		iam.Allow("AlarmMayPublish", "sns:Publish").To(iam.Service("cloudwatch.amazonaws.com")).
			On(p.topicARN(f)).
			If(iam.ArnEquals, "aws:SourceArn", p.errorAlarmARN(f)),
		iam.Allow("EventsMayPublish", "sns:Publish").To(iam.Service("events.amazonaws.com")).
			On(p.topicARN(f)),
	)
	return &snsv1beta1.TopicPolicy{
		ObjectMeta: p.meta(alarmTopicPolicy, ""),
		Spec: snsv1beta1.TopicPolicySpec{
			ClusterManagedResourceSpec: p.managed(),
			ForProvider: snsv1beta1.TopicPolicyParameters{
				Region: p.region(),
				ArnRef: p.ref(alarmTopic),
				Policy: new(policy.JSON()),
			},
		},
	}
}

// emailSubscription is named after the address, so that removing one address leaves the others as they are. It is never
// protected: whose address is removed must get no more mail.
func (p Pipeline) emailSubscription(email string) compose.Resource {
	p.Spec.DeletionProtection = false
	name := resource.Name("alarm-topic-subscription-" + shortHash([]byte(email), 8))
	return compose.Resource{
		Name: name,
		Build: func(compose.Facts) client.Object {
			return &snsv1beta1.TopicSubscription{
				ObjectMeta: p.meta(name, ""),
				Spec: snsv1beta1.TopicSubscriptionSpec{
					ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
					ForProvider: snsv1beta1.TopicSubscriptionParameters{
						Region:      p.region(),
						TopicArnRef: p.ref(alarmTopic),
						Protocol:    new("email"),
						Endpoint:    new(email),
					},
				},
			}
		},
	}
}
