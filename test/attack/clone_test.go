package attack

import (
	"slices"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// TestClone has builds of a claim with source.fullClone use the connection, which reaches more than their repository.
func TestClone(t *testing.T) {
	all := pipelines(t)
	p := all[slices.IndexFunc(all, func(p pipeline) bool { return p.name == "49-monorepo" })]
	i := slices.IndexFunc(p.account.Statements(roleARN("codebuild-service-role", p.suffix)), func(s iam.Statement) bool { return s.Sid == "Clone" })
	if i < 0 {
		t.Fatal("want a pipeline whose builds clone")
	}
	connection := p.account.Statements(roleARN("codebuild-service-role", p.suffix))[i].Resource[0]
	for name, tc := range map[string]struct {
		reason, role, action, repository, needs string

		want access.Decision
	}{
		"Own":       {"A build clones its repository.", "codebuild-service-role", "UseConnection", "my-org/my-repo", "read_only", access.Allowed},
		"Submodule": {"And its submodules.", "codebuild-service-role", "UseConnection", "my-org/money", "read_only", access.Allowed},
		"Checks":    {"So do checks.", "checks-service-role", "UseConnection", "my-org/my-repo", "read_only", access.Allowed},
		"Other":     {"It reads no other repository.", "codebuild-service-role", "UseConnection", "my-org/ledger", "read_only", access.ImplicitDeny},
		"Write":     {"It writes to none.", "checks-service-role", "UseConnection", "my-org/my-repo", "read_write", access.ImplicitDeny},
		"Pass":      {"Nobody gets the connection from it.", "codebuild-service-role", "PassConnection", "my-org/my-repo", "read_only", access.ExplicitDeny},
		"Functions": {"The service reads no repository.", "lambda-execution-role", "UseConnection", "my-org/my-repo", "read_only", access.ExplicitDeny},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := p.account.Decide(roleARN(tc.role, p.suffix), access.Request{
				Action: "codestar-connections:" + tc.action, Resource: connection,
				Context: map[string][]string{
					"codestar-connections:FullRepositoryId": {tc.repository}, "codestar-connections:ProviderPermissionsRequired": {tc.needs},
				},
			})
			if err != nil || got != tc.want {
				t.Errorf("%s\nwant %s, got %s, %v", tc.reason, tc.want, got, err)
			}
		})
	}
}
