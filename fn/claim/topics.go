package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkTopics reports topics that are not in the pipeline's region, or not in its account if that is known: EventBridge
// publishes to no topic of another region, and to one of another account only in a role's name, which the rules do not have.
// See https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html.
func checkTopics(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) refusal.List {
	path := field.NewPath("spec", "notifications")
	return append(
		checkTopic(spec.Notifications.TopicARN, spec.Region, account, path.Child("topicArn")),
		checkTopic(spec.Notifications.ApprovalTopicARN, spec.Region, account, path.Child("approvalTopicArn"))...,
	)
}

// checkTopic of a claim's, or of the platform team's.
func checkTopic(arn, region, account string, path *field.Path) refusal.List {
	rest, here := strings.CutPrefix(arn, "arn:"+partition(region)+":sns:"+region+":")
	switch {
	case arn == "":
		return nil
	case !here:
		return refusal.List{elsewhere(path, arn, "region "+region)}
	case account != "" && !strings.HasPrefix(rest, account+":"):
		return refusal.List{elsewhere(path, arn, "account "+account)}
	default:
		return nil
	}
}
