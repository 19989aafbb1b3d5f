package build

import (
	"maps"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// secretVariables are those whose values CodeBuild reads when a build starts. It takes secrets by their ARNs, and parameters by
// their names.
func (c Config) secretVariables() []Variable {
	var all []Variable
	for _, name := range slices.Sorted(maps.Keys(c.Build.Secrets)) {
		arn := c.Build.Secrets[name]
		v := Variable{Name: name, Type: "SECRETS_MANAGER", Value: string(arn)}
		if parameter, is := parameterName(arn); is {
			v.Type, v.Value = "PARAMETER_STORE", parameter
		}
		all = append(all, v)
	}
	return all
}

// parameterName is what Systems Manager calls a parameter. Its ARN leaves out the slash that a path begins with.
func parameterName(arn v1alpha1.BuildSecretARN) (name string, is bool) {
	_, name, is = strings.Cut(string(arn), ":parameter/")
	if strings.Contains(name, "/") {
		name = "/" + name
	}
	return name, is
}

// secretStatements let CodeBuild read the build's secrets and parameters, and so the build itself: these and no others.
func (c Config) secretStatements() []iam.Statement {
	var arns []string
	for _, arn := range c.Build.Secrets {
		arns = append(arns, secretARN(arn))
	}
	return iam.ReadSecrets("ssm:GetParameters", arns)
}

// secretARN without the key in the secret: arn:aws:secretsmanager:us-east-1:111122223333:secret:name, and there it ends. A
// parameter's is as it was.
func secretARN(arn v1alpha1.BuildSecretARN) string {
	const members = 7
	parts := strings.Split(string(arn), ":")
	return strings.Join(parts[:min(members, len(parts))], ":")
}
