package claim

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// checkSecrets reports secrets and parameters that are not in the pipeline's region: the AWS SDK asks the region that the
// function runs in.
func checkSecrets(spec v1alpha1.PaymentDeliveryPipelineSpec) field.ErrorList {
	var errs field.ErrorList
	for _, name := range slices.Sorted(maps.Keys(spec.Service.Secrets)) {
		if arn := string(spec.Service.Secrets[name]); !isIn(arn, spec.Region) {
			errs = append(errs, elsewhereAt(field.NewPath("spec", "service", "secrets").Key(name), arn, "region "+spec.Region))
		}
	}
	return errs
}

// isIn a region: an ARN of the region and its partition, of whatever service.
func isIn(arn, region string) bool {
	parts := strings.SplitN(arn, ":", 5)
	return len(parts) == 5 && parts[1] == partition(region) && parts[3] == region
}
