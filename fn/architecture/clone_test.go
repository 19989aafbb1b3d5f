package architecture

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
)

// cloned asks for a full clone, with a private submodule.
func cloned(p *Pipeline) {
	p.Spec.Source.FullClone = &v1alpha1.FullClone{Submodules: []string{"my-org/money"}}
}

// TestClone checks that builds read the repository and its submodules, and no other that the connection reaches.
func TestClone(t *testing.T) {
	renamed := strings.Replace(fntest.Connection, "codestar-connections", "codeconnections", 1)
	for arn, service := range map[string]string{fntest.Connection: "codestar-connections", renamed: "codeconnections"} {
		want := []iam.Statement{iam.Allow("Clone", service+":UseConnection").On(arn).
			If(iam.StringEquals, service+":FullRepositoryId", "my-org/my-repo", "my-org/money").
			If(iam.StringEquals, service+":ProviderPermissionsRequired", "read_only")}
		facts := compose.Known{ConnectionARN: arn}.Only([]compose.Fact{ConnectionARN})
		if diff := cmp.Diff(want, newTestPipeline(t, cloned).cloneStatements(facts)); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", service, diff)
		}
	}
}

// TestNoClone checks that builds may use no connection unless the claim asks for it.
func TestNoClone(t *testing.T) {
	for _, r := range newTestPipeline(t).Resources() {
		if r.Name == clonePolicy || r.Name == buildCloneAttachment || r.Name == checksCloneAttachment {
			t.Errorf("want no %s", r.Name)
		}
	}
}

// TestClonePolicyFits checks that IAM takes the policy with the longest names there are.
func TestClonePolicyFits(t *testing.T) {
	p := newTestPipeline(t, cloned, func(p *Pipeline) {
		p.Spec.Source.Owner, p.Spec.Source.Repository = strings.Repeat("a", 39), strings.Repeat("a", 100)
		p.Spec.Source.FullClone.Submodules = make([]string, 16)
		for i := range p.Spec.Source.FullClone.Submodules {
			p.Spec.Source.FullClone.Submodules[i] = strings.Repeat("a", 140)
		}
	})
	policy := *buildOne[*iamv1beta1.Policy](t, p, clonePolicy).Spec.ForProvider.Policy
	if n := iam.Size(policy); n > iam.MaxPolicySize {
		t.Errorf("want at most %d characters, got %d: %s", iam.MaxPolicySize, n, policy)
	}
}
