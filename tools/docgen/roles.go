package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A policy is what documents need of an IAM policy.
type policy struct {
	Statement []struct {
		Effect    string `json:"Effect"`
		Action    texts  `json:"Action"`
		Principal struct {
			Service texts `json:"Service"`
		} `json:"Principal"`
	} `json:"Statement"`
}

// texts are one text in JSON, or a list of them.
type texts []string

func (t *texts) UnmarshalJSON(b []byte) error {
	one := ""
	if json.Unmarshal(b, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// rolesTable documents the IAM roles in a rendered case: who assumes each, and which actions of its policies change something. Policies of
// AWS's own are named.
func rolesTable(path string) (string, error) {
	resources, err := readRendered(path)
	if err != nil {
		return "", err
	}
	byName := map[string]managedResource{}
	for _, r := range resources {
		if r.Kind == "Policy" {
			byName[r.Metadata.Name] = r
		}
	}
	rows := &strings.Builder{}
	rows.WriteString("| role | assumed by | may change |\n|---|---|---|\n")
	for _, role := range resources {
		if role.Kind != "Role" {
			continue
		}
		trust, err := readPolicy(role.Spec.ForProvider.AssumeRolePolicy)
		if err != nil {
			return "", fmt.Errorf("cannot parse whom %q trusts: %w", role.Metadata.Name, err)
		}
		changes, err := changesOf(role, resources, byName)
		if err != nil {
			return "", err
		}
		row(rows, code(named(role)), strings.Join(trust.services(), ", "), changes)
	}
	return rows.String(), nil
}

// named is a resource's name in AWS, with a placeholder for the suffix.
func named(r managedResource) string {
	return strings.ReplaceAll(r.Metadata.Annotations["crossplane.io/external-name"], lockedSuffix, "<suffix>")
}

func readPolicy(text string) (p policy, err error) {
	err = json.Unmarshal([]byte(text), &p)
	return p, err
}

func (p policy) services() (services []string) {
	for _, s := range p.Statement {
		services = append(services, s.Principal.Service...)
	}
	return services
}

// changesOf a role are the actions that change something, in the policies that are attached to it.
func changesOf(role managedResource, resources []managedResource, policies map[string]managedResource) (string, error) {
	var actions, others []string
	for _, a := range resources {
		p := a.Spec.ForProvider
		if a.Kind != "RolePolicyAttachment" || p.RoleRef.Name != role.Metadata.Name {
			continue
		}
		if p.PolicyARNRef.Name == "" {
			others = append(others, "AWS's "+code(p.PolicyARN[strings.LastIndex(p.PolicyARN, "/")+1:]))
			continue
		}
		attached, err := readPolicy(policies[p.PolicyARNRef.Name].Spec.ForProvider.Policy)
		if err != nil {
			return "", fmt.Errorf("cannot parse policy %q: %w", p.PolicyARNRef.Name, err)
		}
		actions = append(actions, attached.changes()...)
	}
	slices.Sort(actions)
	return strings.Join(slices.Concat(quoted(slices.Compact(actions)), others), ", "), nil
}

// reading begins the names of actions that change nothing.
var reading = []string{"BatchGet", "Describe", "Get", "Head", "List", "Query", "Scan"}

func (p policy) changes() (actions []string) {
	for _, s := range p.Statement {
		for _, action := range s.Action {
			_, verb, _ := strings.Cut(action, ":")
			reads := slices.ContainsFunc(reading, func(word string) bool { return strings.HasPrefix(verb, word) })
			if s.Effect == "Allow" && !reads {
				actions = append(actions, action)
			}
		}
	}
	return actions
}

func quoted(words []string) (quoted []string) {
	for _, word := range words {
		quoted = append(quoted, code(word))
	}
	return quoted
}
