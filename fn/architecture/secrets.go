package architecture

import (
	"maps"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// secretStatements let the service read its secrets and parameters, these and no others. The platform team's key decrypts them
// by the statement for the history table.
func (p Pipeline) secretStatements() []iam.Statement {
	return readSecrets("ssm:GetParameter", slices.Collect(maps.Values(p.Spec.Service.Secrets)))
}

// readSecrets allows to read secrets, and parameters by the supplied action, of a list that may have some of them twice.
func readSecrets[ARN ~string](readParameter string, arns []ARN) []iam.Statement {
	var secrets, parameters []string
	for _, arn := range slices.Compact(slices.Sorted(slices.Values(arns))) {
		if strings.Contains(string(arn), ":secretsmanager:") {
			secrets = append(secrets, string(arn))
		} else {
			parameters = append(parameters, string(arn))
		}
	}
	var statements []iam.Statement
	if len(secrets) > 0 {
		statements = append(statements, iam.Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(secrets...))
	}
	if len(parameters) > 0 {
		statements = append(statements, iam.Allow("ReadParameters", readParameter).On(parameters...))
	}
	return statements
}
