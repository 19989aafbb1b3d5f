package claim

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
)

// checkConnection reports a connection to GitHub that AWS does not let the pipeline use: the claim's, or the platform team's if the
// claim names none. The account is the pipeline's, or empty where that is not known. Root
// begins the paths of settings.
func checkConnection(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, account, root string) (refusedClaim, refusedSettings field.ErrorList) {
	if arn := spec.Source.ConnectionARN; arn != "" {
		return checkConnectionARN(field.NewPath("spec", "source", "connectionArn"), arn, spec.Region, account), nil
	}
	if arn := settings.ConnectionARN; arn != "" {
		return nil, checkConnectionARN(field.NewPath(root, "connectionArn"), arn, spec.Region, account)
	}
	return nil, nil
}

// checkConnectionARN reports a connection of another partition, or one of another account that nobody can share. It may be of any
// region of the partition, and of another account if its service in the ARN is codeconnections. See
// https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html and
// https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html.
func checkConnectionARN(at *field.Path, arn, region, account string) field.ErrorList {
	// arn:partition:service:region:account:connection/id, as the schema has it.
	parts := strings.Split(arn, ":")
	switch {
	case parts[1] != partition(region):
		return field.ErrorList{elsewhereAt(at, arn, "partition "+partition(region))}
	case account != "" && parts[4] != account && parts[2] != "codeconnections":
		return field.ErrorList{field.Forbidden(at, fmt.Sprintf(
			"the pipeline is in account %s, with which another account can share a connection whose ARN begins with arn:%s:codeconnections: only, not %s",
			account, parts[1], arn))}
	default:
		return nil
	}
}
