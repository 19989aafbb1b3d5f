package iam

import (
	"slices"
	"strings"
)

// ReadSecrets of Secrets Manager, and parameters of Systems Manager by the supplied action, these and no others. The list may have
// some of them twice.
func ReadSecrets[ARN ~string](readParameter string, arns []ARN) []Statement {
	var secrets, parameters []string
	for _, arn := range slices.Compact(slices.Sorted(slices.Values(arns))) {
		if strings.Contains(string(arn), ":secretsmanager:") {
			secrets = append(secrets, string(arn))
		} else {
			parameters = append(parameters, string(arn))
		}
	}
	var statements []Statement
	if len(secrets) > 0 {
		statements = append(statements, Allow("ReadSecrets", "secretsmanager:GetSecretValue").On(secrets...))
	}
	if len(parameters) > 0 {
		statements = append(statements, Allow("ReadParameters", readParameter).On(parameters...))
	}
	return statements
}
