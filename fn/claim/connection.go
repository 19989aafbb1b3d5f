package claim

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// checkConnection reports a connection to GitHub of the claim's that AWS does not let the pipeline use.
func checkConnection(spec v1alpha1.PaymentDeliveryPipelineSpec, account string) refusal.List {
	if spec.Source.ConnectionARN == "" {
		return nil
	}
	return checkConnectionARN(field.NewPath("spec", "source", "connectionArn"), spec.Source.ConnectionARN, spec.Region, account)
}

// checkSharedConnection is the same of the platform team's, for a claim that names none.
func checkSharedConnection(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, account, root string) refusal.List {
	if spec.Source.ConnectionARN != "" || settings.ConnectionARN == "" {
		return nil
	}
	return checkConnectionARN(field.NewPath(root, "connectionArn"), settings.ConnectionARN, spec.Region, account)
}

// checkConnectionARN reports a connection of another partition, or one of another account that nobody can share. It may be of any
// region of the partition, and of another account if its service in the ARN is codeconnections. See
// https://docs.aws.amazon.com/dtconsole/latest/userguide/welcome-connections-how-it-works-global.html and
// https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-share.html.
func checkConnectionARN(at *field.Path, arn, region, account string) refusal.List {
	// arn:partition:service:region:account:connection/id, as the schema has it.
	parts := strings.Split(arn, ":")
	switch {
	case parts[1] != partition(region):
		return refusal.List{elsewhere(at, arn, "partition "+partition(region))}
	case account != "" && parts[4] != account && parts[2] != "codeconnections":
		return refusal.List{byAWS(at, arn, fmt.Sprintf(
			"the pipeline is in account %s, with which another account can share a connection whose ARN begins with arn:%s:codeconnections: only",
			account, parts[1]))}
	default:
		return nil
	}
}
