package package_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

const (
	accountRoles    = "arn:aws:iam::111122223333:role/"
	accountPolicies = "arn:aws:iam::111122223333:policy/"
	ownBoundary     = accountPolicies + "payment-delivery-boundary"
)

// formerly are policies of AWS that the packages before this release attach to the functions' role: to roll back to one of them needs the right. A
// claim may name them too.
var formerly = []string{
	"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
	"arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
}

// attachments are the policies of each kind of role: kinds of the pipelines' own without the suffix at their end, and ARNs of others.
func attachments(t *testing.T) map[string][]string {
	t.Helper()
	// The packages before this release have these.
	attached := map[string][]string{
		"lambda-execution-role-": slices.Clone(formerly),
		"release-events-role-":   {"release-events-policy-"},
	}
	for _, p := range renderedPipelines(t) {
		for _, o := range p.managed {
			if o.GetKind() != "RolePolicyAttachment" {
				continue
			}
			suffix, _, _ := strings.Cut(o.GetName(), ".")
			role := strings.TrimSuffix(p.value(o, "role"), suffix)
			policy := strings.TrimSuffix(p.value(o, "policyArn"), "-"+suffix)
			if !strings.HasPrefix(policy, "arn:") {
				policy += "-"
			}
			if !slices.Contains(attached[role], policy) {
				attached[role] = append(attached[role], policy)
			}
		}
	}
	return attached
}

// TestProviderPolicyAttaches checks that the provider can give each role its own policies, and none of another role: else a claim's functions
// could have those that release, of any pipeline.
func TestProviderPolicyAttaches(t *testing.T) {
	policies := providerPolicies(t)
	attached := attachments(t)
	kinds := []string{
		"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/IAMFullAccess", accountPolicies + "ledger",
		"arn:aws:iam::444455556666:policy/payment-service-tracing",
	}
	for _, own := range attached {
		kinds = append(kinds, own...)
	}
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	for _, role := range slices.Sorted(maps.Keys(attached)) {
		for _, kind := range kinds {
			policy := kind
			if !strings.HasPrefix(kind, "arn:") {
				policy = accountPolicies + kind + "prod"
			}
			r := request{action: "iam:AttachRolePolicy", resource: accountRoles + role + "prod", context: map[string]string{
				"iam:PolicyARN": policy, "iam:PermissionsBoundary": ownBoundary,
			}}
			if got, want := allowed(t, policies, r), slices.Contains(attached[role], kind); got != want {
				t.Errorf("%s gets %s: want %t, got %t", r.resource, policy, want, got)
			}
		}
	}
	if len(attached) != 10 {
		t.Errorf("want the 9 roles of a pipeline and the retired one, got %v", slices.Sorted(maps.Keys(attached)))
	}
}

// TestProviderPolicyBounds checks that the provider can make roles with the boundary only, whatever a claim or a mistake in the provider asks
// for, and that none loses it.
func TestProviderPolicyBounds(t *testing.T) {
	policies := providerPolicies(t)
	for role := range attachments(t) {
		for boundary, want := range map[string]bool{ownBoundary: true, accountPolicies + "payment-service-any": false, "": false} {
			for _, action := range []string{"iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary"} {
				r := request{action: action, resource: accountRoles + role + "prod", context: map[string]string{"iam:PermissionsBoundary": boundary}}
				want := want && action != "iam:DeleteRolePermissionsBoundary"
				if got := allowed(t, policies, r); got != want {
					t.Errorf("%s of %s with boundary %q: want %t, got %t", action, r.resource, boundary, want, got)
				}
				if !allowed(t, unbounded(policies), r) {
					t.Errorf("who goes without a boundary needs %s of %s", action, r.resource)
				}
			}
		}
	}
	for _, action := range []string{"iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:SetDefaultPolicyVersion"} {
		if allowed(t, policies, request{action: action, resource: ownBoundary}) {
			t.Errorf("the provider may change the boundary by %s", action)
		}
	}
}
