package claim

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// byAWS a value is refused, which the API takes.
func byAWS(at *field.Path, value any, allowed string) refusal.Refusal {
	return refusal.Refusal{Field: at.String(), Value: refusal.Show(value), Allowed: allowed, Rule: refusal.AWS}
}

// elsewhere refuses an ARN, or an image, that is not where the pipeline is: a region, partition or account.
func elsewhere(at *field.Path, arn, here string) refusal.Refusal {
	return byAWS(at, arn, fmt.Sprintf("the pipeline is in %s, and AWS takes only what is there", here))
}

// checkInAWS reports what AWS refuses of a claim whose pipeline is in an account, if that is known, and no schema can say.
func checkInAWS(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) refusal.List {
	return slices.Concat(
		checkConnection(spec, account),
		checkService(spec),
		checkTopics(spec, account),
		checkSecrets(spec),
		checkPermissions(spec, account),
		checkInvokers(spec),
		checkBuild(spec, account),
		checkPromotion(spec, account),
		checkAsync(spec),
		checkEventSources(spec),
	)
}

// checkSettingsInAWS reports what AWS refuses of the platform team's settings for a claim. Root begins their paths.
func checkSettingsInAWS(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, account, root string) refusal.List {
	return slices.Concat(
		checkSharedConnection(spec, settings, account, root),
		checkRegion(spec, settings, root),
		checkTopic(settings.TopicARN, spec.Region, account, field.NewPath(root, "topicArn")),
	)
}

// checkRegion reports what of the settings is in another region or partition of AWS than the pipeline.
func checkRegion(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, root string) refusal.List {
	var refused refusal.List
	if arn := settings.KMSKeyARN; arn != "" && !strings.HasPrefix(arn, "arn:"+partition(spec.Region)+":kms:"+spec.Region+":") {
		refused = append(refused, elsewhere(field.NewPath(root, "kmsKeyArn"), arn, "region "+spec.Region))
	}
	if arn := settings.PermissionsBoundaryARN; arn != "" && !strings.HasPrefix(arn, "arn:"+partition(spec.Region)+":") {
		refused = append(refused, elsewhere(field.NewPath(root, "permissionsBoundaryArn"), arn, "partition "+partition(spec.Region)))
	}
	return refused
}

// isIn a region: an ARN of the region and its partition, of whatever service.
func isIn(arn, region string) bool {
	parts := strings.SplitN(arn, ":", 5)
	return len(parts) == 5 && parts[1] == partition(region) && parts[3] == region
}

// partition of AWS that a region belongs to, as ARNs name it.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	default:
		return "aws"
	}
}
