package package_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// providerPolicies are the policies of the providers' role, by their file's name.
func providerPolicies(t *testing.T) map[string]iam.Document {
	t.Helper()

	policies := map[string]iam.Document{}
	for _, file := range glob(t, "examples/install/provider-policy/*.json") {
		p, err := iam.Parse(string(read(t, file)))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
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
func allowed(t *testing.T, policies map[string]iam.Document, r request) bool {
	t.Helper()

	for _, p := range policies {
		for _, s := range p.Statement {
			if matchesAny(s.Action, r.action) && matchesAny(s.Resource, r.resource) && holds(t, s, r.context) {
				return true
			}
		}
	}
	return false
}

// holds reports whether the conditions hold. A key that the request does not have fails its condition, unless that is a negative one.
func holds(t *testing.T, s iam.Statement, context map[string]string) bool {
	t.Helper()

	for operator, keys := range s.Condition {
		for key, want := range keys {
			got, ok := context[key]
			switch operator {
			case iam.StringEquals, iam.Bool:
				ok = ok && slices.Contains(want, got)
			case iam.StringNotEquals:
				// Of a key that the request does not have, too.
				ok = !ok || !slices.Contains(want, got)
			case iam.ArnLike:
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
