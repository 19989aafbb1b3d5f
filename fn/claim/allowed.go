package claim

import (
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/input/v1beta1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// An allowance is a list of the platform team's, of patterns, and what a claim names that must match one of them. An empty list
// allows everything.
type allowance struct {
	// rule of the platform team: the field of its settings that has the patterns.
	rule     string
	patterns []string
	named    []named

	// anyCase: letters match in whatever case.
	anyCase bool

	// next is what to do about a value that a claim can never change. Empty: it can.
	next string
}

// fileAnew is what is left to do about a field that is immutable.
const fileAnew = "the field is immutable, so file another claim"

// A named is what a claim names, and where.
type named struct {
	at    *field.Path
	value string
}

// allowances of the platform team. Case does not matter to IAM and GitHub.
func allowances(spec v1alpha1.PaymentDeliveryPipelineSpec, s v1beta1.PlatformSettings) []allowance {
	subnets, groups := networks(spec)
	return []allowance{
		{rule: "allowedRegions", patterns: s.AllowedRegions, named: name(spec.Region, "region"), next: fileAnew},
		{rule: "allowedEnvironmentSuffixes", patterns: s.AllowedEnvironmentSuffixes, named: name(spec.EnvironmentSuffix, "environmentSuffix"), next: fileAnew},
		{rule: "allowedRepositories", patterns: s.AllowedRepositories, named: built(spec, spec.Source.Owner+"/"+spec.Source.Repository, "source", "repository"), anyCase: true},
		{rule: "allowedSourceAccounts", patterns: s.AllowedSourceAccounts, named: sources(spec.Source)},
		{rule: "allowedRuntimes", patterns: s.AllowedRuntimes, named: name(spec.Service.Runtime, "service", "runtime")},
		{rule: "allowedComputeTypes", patterns: s.AllowedComputeTypes, named: built(spec, spec.Build.ComputeType, "build", "computeType")},
		{rule: "allowedBuildImages", patterns: s.AllowedBuildImages, named: built(spec, buildImage(spec), "build", "image")},
		{rule: "allowedSubnetIds", patterns: s.AllowedSubnetIDs, named: subnets},
		{rule: "allowedSecurityGroupIds", patterns: s.AllowedSecurityGroupIDs, named: groups},
		{rule: "allowedTopicArns", patterns: s.AllowedTopicARNs, named: topics(spec.Notifications)},
		{rule: "allowedActions", patterns: s.AllowedActions, named: actions(spec.Service.Permissions), anyCase: true},
		{rule: "allowedPolicyArns", patterns: s.AllowedPolicyARNs, named: nameEach(permissionsPath().Child("policyArns"), spec.Service.Permissions.PolicyARNs)},
	}
}

// checkAllowed reports what a claim names and the platform team does not allow.
func checkAllowed(spec v1alpha1.PaymentDeliveryPipelineSpec, settings v1beta1.PlatformSettings, from Origins) refusal.List {
	var refused refusal.List
	for _, a := range allowances(spec, settings) {
		for _, n := range a.named {
			if !a.allows(n.value) {
				refused = append(refused, a.refuse(n, from))
			}
		}
	}
	return refused
}

// refuse what a claim names.
func (a allowance) refuse(n named, from Origins) refusal.Refusal {
	r := notSupported(n.at, n.value, slices.Sorted(slices.Values(a.patterns)))
	r.Rule, r.Next = from.rule(a.rule), a.next
	return r
}

// notSupported is a value that is not in a list.
func notSupported(at *field.Path, value string, supported []string) refusal.Refusal {
	var quoted []string
	for _, s := range supported {
		quoted = append(quoted, strconv.Quote(s))
	}
	return refusal.Refusal{
		Field:   at.String(),
		Problem: field.ErrorTypeNotSupported,
		Value:   refusal.Show(value),
		Allowed: "supported values: " + strings.Join(quoted, ", "),
	}
}

func (a allowance) allows(value string) bool {
	if len(a.patterns) == 0 {
		return true
	}
	return slices.ContainsFunc(a.patterns, func(pattern string) bool {
		if a.anyCase {
			return matches(strings.ToLower(pattern), strings.ToLower(value))
		}
		return matches(pattern, value)
	})
}

// name is the one value at a path below spec.
func name(value string, path ...string) []named {
	return []named{{field.NewPath("spec", path...), value}}
}

// built is a value of the source or the build, unless the claim takes what another pipeline has built.
func built(spec v1alpha1.PaymentDeliveryPipelineSpec, value string, path ...string) []named {
	if spec.Source.PromotedFrom != nil {
		return nil
	}
	return name(value, path...)
}

// buildImage is that of a claim which names none, too.
func buildImage(spec v1alpha1.PaymentDeliveryPipelineSpec) string {
	return build.Config{Runtime: spec.Service.Runtime, Architecture: spec.Service.Architecture, Build: spec.Build}.Image()
}

// sources are the accounts of other pipelines that a claim takes releases of.
func sources(s v1alpha1.Source) []named {
	if s.PromotedFrom == nil {
		return nil
	}
	return name(s.PromotedFrom.AccountID, "source", "promotedFrom", "accountId")
}

// nameEach value of a list.
func nameEach(at *field.Path, values []string) []named {
	var all []named
	for i, value := range values {
		all = append(all, named{at.Index(i), value})
	}
	return all
}

// networks that functions and builds are in.
func networks(spec v1alpha1.PaymentDeliveryPipelineSpec) (subnets, groups []named) {
	add := func(at *field.Path, subnetIDs, groupIDs []string) {
		subnets = append(subnets, nameEach(at.Child("subnetIds"), subnetIDs)...)
		groups = append(groups, nameEach(at.Child("securityGroupIds"), groupIDs)...)
	}
	if vpc := spec.Service.VPC; vpc != nil {
		add(field.NewPath("spec", "service", "vpc"), vpc.SubnetIDs, vpc.SecurityGroupIDs)
	}
	if vpc := spec.Build.VPC; vpc != nil {
		add(field.NewPath("spec", "build", "vpc"), vpc.SubnetIDs, vpc.SecurityGroupIDs)
	}
	return subnets, groups
}

// topics that a claim brings.
func topics(n v1alpha1.Notifications) []named {
	return slices.DeleteFunc(append(
		name(n.TopicARN, "notifications", "topicArn"),
		name(n.ApprovalTopicARN, "notifications", "approvalTopicArn")...,
	), func(n named) bool { return n.value == "" })
}

// actions that a claim's statements allow.
func actions(p v1alpha1.Permissions) []named {
	var all []named
	for i, s := range p.Statements {
		all = append(all, nameEach(permissionsPath().Child("statements").Index(i).Child("actions"), s.Actions)...)
	}
	return all
}
