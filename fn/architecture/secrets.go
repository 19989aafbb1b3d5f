package architecture

import (
	"maps"
	"slices"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// secretStatements let the service read its secrets and parameters, these and no others. The platform team's key decrypts them
// by the statement for the history table.
func (p Pipeline) secretStatements() []iam.Statement {
	return iam.ReadSecrets("ssm:GetParameter", slices.Collect(maps.Values(p.Spec.Service.Secrets)))
}
