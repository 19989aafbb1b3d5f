package claim

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// checkPromotion reports releases that this pipeline cannot take: its own, if its account is known, and those encrypted with a key of
// another partition, which no policy here can name.
func checkPromotion(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) field.ErrorList {
	from := spec.Source.PromotedFrom
	if from == nil {
		return nil
	}
	var errs field.ErrorList
	path := field.NewPath("spec", "source", "promotedFrom")
	if from.AccountID == account && bucketSuffix(from.BucketName) == spec.EnvironmentSuffix {
		errs = append(errs, field.Forbidden(path.Child("bucketName"),
			"a pipeline takes the releases of another one, and this is the bucket of its own: "+from.BucketName))
	}
	if here := partition(spec.Region); from.KMSKeyARN != "" && !strings.HasPrefix(from.KMSKeyARN, "arn:"+here+":") {
		errs = append(errs, elsewhereAt(path.Child("kmsKeyArn"), from.KMSKeyARN, "partition "+here))
	}
	return errs
}

// bucketSuffix is the environmentSuffix in an artifact bucket's name, which ends with part of a UID.
func bucketSuffix(bucket string) string {
	suffix := strings.TrimPrefix(bucket, "pipeline-artifacts-")
	return suffix[:max(0, strings.LastIndex(suffix, "-"))]
}
