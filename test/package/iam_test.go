package package_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// texts are one text or a list of them, as IAM has it.
type texts []string

// UnmarshalJSON makes a list of a single text.
func (s *texts) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		data = slices.Concat([]byte("["), data, []byte("]"))
	}
	return json.Unmarshal(data, (*[]string)(s))
}

// A policyStatement is what our policies use of IAM's language. Parsing fails at anything else, such as NotAction.
type policyStatement struct {
	Sid       string                      `json:"Sid"`
	Effect    string                      `json:"Effect"`
	Action    texts                       `json:"Action"`
	Resource  texts                       `json:"Resource"`
	Condition map[string]map[string]texts `json:"Condition"`
}

// A policyFile is one of the policies of the providers' role.
type policyFile struct {
	Version   string            `json:"Version"`
	Statement []policyStatement `json:"Statement"`
}

// providerPolicies are the policies of the providers' role, by their file's name.
func providerPolicies(t *testing.T) map[string]policyFile {
	t.Helper()

	policies := map[string]policyFile{}
	for _, file := range glob(t, "examples/install/provider-policy/*.json") {
		d := json.NewDecoder(strings.NewReader(string(read(t, file))))
		d.DisallowUnknownFields()
		p := policyFile{}
		if err := d.Decode(&p); err != nil {
			t.Fatalf("cannot parse %s: %v", file, err)
		}
		policies[filepath.Base(file)] = p
	}
	return policies
}

// A request as IAM sees it: what is done to what, and what else is known.
type request struct {
	action, resource string
	context          map[string]string
}

// allowed reports whether any of the policies allows a request.
func allowed(t *testing.T, policies map[string]policyFile, r request) bool {
	t.Helper()

	for _, p := range policies {
		for _, s := range p.Statement {
			if matchesAny(s.Action, r.action) && matchesAny(s.Resource, r.resource) && s.holds(t, r.context) {
				return true
			}
		}
	}
	return false
}

// holds reports whether the conditions hold. A key that the request does not have fails its condition, unless that is a negative one.
func (s policyStatement) holds(t *testing.T, context map[string]string) bool {
	t.Helper()

	for operator, keys := range s.Condition {
		for key, want := range keys {
			got, ok := context[key]
			switch operator {
			case "StringEquals", "Bool":
				ok = ok && slices.Contains(want, got)
			case "StringNotEquals":
				// Of a key that the request does not have, too.
				ok = !ok || !slices.Contains(want, got)
			case "ArnLike":
				ok = ok && matchesAny(want, got)
			default:
				t.Fatalf("%s: this test does not know %s", s.Sid, operator)
			}
			if !ok {
				return false
			}
		}
	}
	return true
}

// matchesAny reports whether a text matches any of the patterns. A star matches anything, slashes and colons included.
func matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, text) })
}

func matches(pattern, text string) bool {
	start, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	if !strings.HasPrefix(text, start) {
		return false
	}
	for i := len(start); i <= len(text); i++ {
		if matches(rest, text[i:]) {
			return true
		}
	}
	return false
}
