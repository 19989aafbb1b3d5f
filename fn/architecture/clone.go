package architecture

import (
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

const (
	clonePolicy           resource.Name = "clone-policy"
	buildCloneAttachment  resource.Name = "build-clone-attachment"
	checksCloneAttachment resource.Name = "checks-clone-attachment"
)

// clone lets builds clone the repository, if the claim asks for it. IAM has no room for it in the policy of builds.
func (p Pipeline) clone() []compose.Resource {
	if !p.clones() {
		return nil
	}
	policy := p.policy(clonePolicy, p.cloneStatements)
	// It names nothing of the pipeline's account.
	policy.Needs = []compose.Fact{ConnectionARN}
	rs := []compose.Resource{policy, p.attach(buildCloneAttachment, buildRole, policy)}
	if p.hasChecks() {
		rs = append(rs, p.attach(checksCloneAttachment, checksRole, policy))
	}
	return rs
}

// clones says whether builds clone the repository.
func (p Pipeline) clones() bool {
	return p.Spec.Source.FullClone != nil
}

// cloneStatements let builds read their repository, and the submodules that the claim names. The connection reaches more. See
// https://docs.aws.amazon.com/dtconsole/latest/userguide/security_iam_service-with-iam-connections.html.
func (p Pipeline) cloneStatements(f compose.Facts) []iam.Statement {
	arn := f.Get(ConnectionARN)
	service := connectionService(arn)
	return []iam.Statement{iam.Allow("Clone", useConnectionAction(arn)).On(arn).
		If(iam.StringEquals, service+":FullRepositoryId", append([]string{p.repository()}, p.Spec.Source.FullClone.Submodules...)...).
		If(iam.StringEquals, service+":ProviderPermissionsRequired", "read_only")}
}

// cloneAttachments are what the pipeline's builds need before they clone.
func (p Pipeline) cloneAttachments() []resource.Name {
	if !p.clones() {
		return nil
	}
	return []resource.Name{buildCloneAttachment}
}
