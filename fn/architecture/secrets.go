package architecture

import (
	"maps"
	"slices"
	"strings"
)

// secretStatements let the service read its secrets and parameters, these and no others. The platform team's key decrypts them
// by the statement for the history table.
func (p Pipeline) secretStatements() []statement {
	var secrets, parameters []string
	// Two variables may have the same ARN.
	for _, arn := range slices.Compact(slices.Sorted(maps.Values(p.Spec.Service.Secrets))) {
		if strings.Contains(string(arn), ":secretsmanager:") {
			secrets = append(secrets, string(arn))
		} else {
			parameters = append(parameters, string(arn))
		}
	}
	var statements []statement
	if len(secrets) > 0 {
		statements = append(statements, allow("ReadSecrets", "secretsmanager:GetSecretValue").on(secrets...))
	}
	if len(parameters) > 0 {
		statements = append(statements, allow("ReadParameters", "ssm:GetParameter").on(parameters...))
	}
	return statements
}
