package awsmodel

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// policies are the kinds and fields that are policies, and their schemas.
var policies = map[string]map[string]string{
	"iam/Policy":      {policyField: "identity"},
	"iam/Role":        {"assumeRolePolicy": "trust"},
	"s3/BucketPolicy": {policyField: "resource"},
	"sns/TopicPolicy": {policyField: "resource"},
}

// longest is how many characters IAM takes of a policy of a schema. What S3 and SNS take is far more than any pipeline has.
var longest = map[string]int{"identity": iam.MaxPolicySize, "trust": iam.MaxTrustSize}

// CheckPolicies of a managed resource.
func CheckPolicies(m Managed) []string {
	var findings []string
	for field, schema := range policies[m.Kind()] {
		text, _ := m.Spec.ForProvider[field].(string)
		if text == "" {
			continue
		}
		for _, finding := range CheckPolicy(schema, text) {
			findings = append(findings, field+": "+finding)
		}
	}
	return findings
}

// CheckPolicy in JSON: an "identity", "resource" or "trust" policy.
func CheckPolicy(schema, text string) []string {
	if findings := checkSchema(schema, text); len(findings) > 0 {
		return findings
	}
	policy, err := iam.Parse(text)
	if err != nil {
		return []string{err.Error()}
	}
	var findings []string
	if size, most := iam.Size(text), longest[schema]; most > 0 && size > most {
		findings = append(findings, fmt.Sprintf("%d characters, want at most %d", size, most))
	}
	for _, s := range policy.Statement {
		for _, finding := range checkOnce(s) {
			findings = append(findings, fmt.Sprintf("statement %q: %s", s.Sid, finding))
		}
	}
	return findings
}

// A granted action is one of those that a statement's actions stand for.
type granted struct {
	action  Action
	service Authorization
}

// statements that have been checked, in JSON.
var statements memo

// checkOnce as checkStatement does, but each statement only the first time.
func checkOnce(s iam.Statement) []string {
	text, err := json.Marshal(s)
	if err != nil {
		return []string{err.Error()}
	}
	return statements.get(string(text), func() []string { return checkStatement(s) })
}

func checkStatement(s iam.Statement) []string {
	var findings []string
	for _, name := range s.NotAction {
		if _, err := grant(name); err != nil {
			findings = append(findings, err.Error())
		}
	}
	var all []granted
	for _, name := range s.Action {
		actions, err := grantsIn(s, name)
		if err != nil {
			findings = append(findings, err.Error())
			continue
		}
		all = append(all, actions...)
		// A trust policy is about the role that it is a part of, and names no resource.
		if len(s.Resource) > 0 && !slices.ContainsFunc(s.Resource, func(r string) bool { return anyFits(actions, r) }) {
			findings = append(findings, fmt.Sprintf("%s is allowed on none of its types of resources: %s", name, types(actions)))
		}
		findings = append(findings, checkConditions(s.Condition, name, actions)...)
	}
	for _, resource := range s.Resource {
		if len(all) > 0 && !anyFits(all, resource) {
			findings = append(findings, fmt.Sprintf("resource %s fits none of the actions", resource))
		}
	}
	return findings
}

// grantsIn a statement by an action. One that denies may deny everything: all actions of the services of its resources.
func grantsIn(s iam.Statement, name string) ([]granted, error) {
	if name != "*" || s.Effect != iam.EffectDeny {
		return grant(name)
	}
	var all []granted
	for _, resource := range s.Resource {
		parts := strings.SplitN(resource, ":", arnParts)
		if len(parts) != arnParts {
			return nil, fmt.Errorf("%s is no ARN of a service's", resource)
		}
		actions, err := grant(parts[2] + ":*")
		if err != nil {
			return nil, err
		}
		all = append(all, actions...)
	}
	return all, nil
}

// grant the actions with a name, which may have stars.
func grant(name string) ([]granted, error) {
	prefix, pattern, _ := strings.Cut(name, ":")
	service, err := LoadAuthorization(prefix)
	if err != nil {
		return nil, err
	}
	var actions []granted
	for _, action := range service.named(pattern) {
		actions = append(actions, granted{action, service})
	}
	if len(actions) == 0 {
		return nil, fmt.Errorf("there is no action %s", name)
	}
	return actions, nil
}

func anyFits(actions []granted, resource string) bool {
	return slices.ContainsFunc(actions, func(g granted) bool { return g.service.fits(g.action, resource) })
}

// types of resources that some of the actions can be allowed on.
func types(actions []granted) string {
	names := map[string]bool{}
	for _, g := range actions {
		for _, name := range g.action.Resources {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return "all resources (*) only"
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), ", ")
}

// sourceFunction is a key of the credentials that a function's code has, and so of whatever it calls: AWS's data has it for Lambda only.
// See https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html.
const sourceFunction = "lambda:SourceFunctionArn"

// checkConditions of an action: the keys are known for it, and compared as what they are.
func checkConditions(condition iam.Condition, name string, actions []granted) []string {
	global, err := authorizations.load("iam/global.json")
	if err != nil {
		return []string{err.Error()}
	}

	var findings []string
	for _, operator := range slices.Sorted(maps.Keys(condition)) {
		for _, key := range slices.Sorted(maps.Keys(condition[operator])) {
			kind := ""
			for _, g := range actions {
				kind = max(kind, g.service.keyType(g.action, key, global.ConditionKeys))
			}
			if key == sourceFunction {
				kind = "ARN"
			}
			if kind == "" {
				findings = append(findings, fmt.Sprintf("%s has no condition key %s", name, key))
			} else if !compares(string(operator), kind) {
				findings = append(findings, fmt.Sprintf("%s cannot compare %s, which is of type %s", operator, key, kind))
			}
		}
	}
	return findings
}

// operators that compare keys of a type begin with one of these.
var operators = map[string][]string{
	"ARN":       {"Arn", "String"},
	"Bool":      {"Bool"},
	"Date":      {"Date", "Numeric"},
	"IPAddress": {"IpAddress", "NotIpAddress"},
	"Numeric":   {"Numeric"},
	"String":    {"String"},
}

// compares tells whether an operator can compare keys of a type. Those of lists say whether any or all must do.
func compares(operator, kind string) bool {
	item, list := strings.CutPrefix(kind, "ArrayOf")
	name, quantified := strings.CutPrefix(strings.Replace(operator, "ForAllValues:", "ForAnyValue:", 1), "ForAnyValue:")
	if name == "Null" {
		return true
	}
	begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	return list == quantified && slices.ContainsFunc(operators[item], begins)
}
