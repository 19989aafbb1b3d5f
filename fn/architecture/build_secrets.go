package architecture

import (
	"maps"
	"slices"
	"strings"

	codebuildv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codebuild/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// buildSecrets are the build's variables whose values CodeBuild reads when a build starts. It takes secrets by their ARNs, and
// parameters by their names.
func (p Pipeline) buildSecrets() []codebuildv1beta1.EnvironmentVariableParameters {
	var vars []codebuildv1beta1.EnvironmentVariableParameters
	for _, name := range slices.Sorted(maps.Keys(p.Spec.Build.Secrets)) {
		arn := p.Spec.Build.Secrets[name]
		v := codebuildv1beta1.EnvironmentVariableParameters{Name: new(name), Type: new("SECRETS_MANAGER"), Value: new(string(arn))}
		if parameter, is := parameterName(arn); is {
			v.Type, v.Value = new("PARAMETER_STORE"), new(parameter)
		}
		vars = append(vars, v)
	}
	return vars
}

// parameterName is what Systems Manager calls a parameter. Its ARN leaves out the slash that a path begins with.
func parameterName(arn v1alpha1.BuildSecretARN) (name string, is bool) {
	_, name, is = strings.Cut(string(arn), ":parameter/")
	if strings.Contains(name, "/") {
		name = "/" + name
	}
	return name, is
}

// buildSecretStatements let CodeBuild read the build's secrets and parameters, and so the build itself: these and no others.
func (p Pipeline) buildSecretStatements() []iam.Statement {
	var arns []string
	for _, arn := range p.Spec.Build.Secrets {
		arns = append(arns, secretARN(arn))
	}
	return readSecrets("ssm:GetParameters", arns)
}

// secretARN without the key in the secret: arn:aws:secretsmanager:us-east-1:111122223333:secret:name, and there it ends. A
// parameter's is as it was.
func secretARN(arn v1alpha1.BuildSecretARN) string {
	const members = 7
	parts := strings.Split(string(arn), ":")
	return strings.Join(parts[:min(members, len(parts))], ":")
}
