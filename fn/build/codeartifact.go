package build

import (
	"cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// codeArtifactStatements let a build read packages of a repository.
// See https://docs.aws.amazon.com/codeartifact/latest/ug/using-packages-in-codebuild.html.
func (c Config) codeArtifactStatements(account string) []iam.Statement {
	r := c.Build.CodeArtifact
	if r == nil {
		return nil
	}
	arn := func(resource string) string { return c.arn("codeartifact", cmp.Or(r.DomainOwner, account), resource) }
	return []iam.Statement{
		iam.Allow("PackagesDomain", "codeartifact:GetAuthorizationToken").On(arn("domain/" + r.Domain)),
		iam.Allow("Packages", "codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository").
			On(arn("repository/" + r.Domain + "/" + r.Repository)),
		iam.Allow("PackagesToken", "sts:GetServiceBearerToken").On("*").
			If(iam.StringEquals, "sts:AWSServiceName", "codeartifact.amazonaws.com"),
	}
}

// codeArtifactCommands log in. A command fails the build only if nothing hides that it failed, as export would.
func (c Config) codeArtifactCommands() []string {
	r := c.Build.CodeArtifact
	if r == nil {
		return nil
	}
	domain := " --domain " + r.Domain
	if r.DomainOwner != "" {
		domain += " --domain-owner " + r.DomainOwner
	}
	var commands []string
	for _, tool := range r.Tools {
		if tool == v1alpha1.CodeArtifactToken {
			commands = append(commands,
				`CODEARTIFACT_AUTH_TOKEN="$(aws codeartifact get-authorization-token`+domain+` --query authorizationToken --output text)"`,
				"export CODEARTIFACT_AUTH_TOKEN",
			)
			continue
		}
		commands = append(commands, "aws codeartifact login --tool "+string(tool)+domain+" --repository "+r.Repository)
	}
	return commands
}
