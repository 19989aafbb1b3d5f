package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkPromotion reports releases that this pipeline cannot take: its own, if its account is known, and those encrypted with a key of
// another partition, which no policy here can name.
func checkPromotion(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) refusal.List {
	from := spec.Source.PromotedFrom
	if from == nil {
		return nil
	}
	var refused refusal.List
	path := field.NewPath("spec", "source", "promotedFrom")
	if from.AccountID == account && bucketSuffix(from.BucketName) == spec.EnvironmentSuffix {
		refused = append(refused, byAWS(path.Child("bucketName"), from.BucketName, "a pipeline takes the releases of another one, and this is the bucket of its own"))
	}
	if here := partition(spec.Region); from.KMSKeyARN != "" && !strings.HasPrefix(from.KMSKeyARN, "arn:"+here+":") {
		refused = append(refused, elsewhere(path.Child("kmsKeyArn"), from.KMSKeyARN, "partition "+here))
	}
	return refused
}

// bucketSuffix is the environmentSuffix in an artifact bucket's name, which ends with part of a UID.
func bucketSuffix(bucket string) string {
	suffix := strings.TrimPrefix(bucket, "pipeline-artifacts-")
	return suffix[:max(0, strings.LastIndex(suffix, "-"))]
}
