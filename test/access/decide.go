package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// A Request is what IAM decides: one action on one resource.
type Request struct {
	Action, Resource string

	// Context has the values of the condition keys that AWS knows of the request.
	Context map[string][]string
}

// String leaves out the context.
func (r Request) String() string {
	return r.Action + " on " + r.Resource
}

// values of a condition key, whose letters match in whatever case. None: the request does not have the key.
func (r Request) values(key string) []string {
	for name, values := range r.Context {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}

// A Decision of IAM, as its own simulator names it.
type Decision string

// All decisions.
const (
	Allowed      Decision = "allowed"
	ImplicitDeny Decision = "implicitDeny"
	ExplicitDeny Decision = "explicitDeny"
)

// Policies that count for a request: those of the role that makes it, and those of the resource. Both are of one account, so that
// one of either kind is enough to allow it.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html.
type Policies struct {
	Identity, Resource []iam.Document
}

// Decide on a request. A policy with something that is not known here is an error, and no decision.
func (p Policies) Decide(r Request) (Decision, error) {
	decision := ImplicitDeny
	for _, document := range slices.Concat(p.Identity, p.Resource) {
		for _, s := range document.Statement {
			applies, err := applies(s, r)
			switch {
			case err != nil:
				return "", fmt.Errorf("statement %q: %w", s.Sid, err)
			case applies && s.Effect == iam.EffectDeny:
				return ExplicitDeny, nil
			case applies:
				decision = Allowed
			}
		}
	}
	return decision, nil
}

// applies tells whether a statement is about a request. Of a resource's policy, only statements about everybody and about the role
// itself are.
func applies(s iam.Statement, r Request) (bool, error) {
	is := func(pattern string) bool { return Matches(strings.ToLower(pattern), strings.ToLower(r.Action)) }
	switch {
	case !slices.ContainsFunc(s.Resource, func(pattern string) bool { return Matches(pattern, r.Resource) }),
		len(s.Action) > 0 && !slices.ContainsFunc(s.Action, is),
		slices.ContainsFunc(s.NotAction, is),
		!isOf(s.Principal, r):
		return false, nil
	}
	return holds(s.Condition, r)
}

// isOf tells whether a statement is about who makes a request. One of a role's own policies names no principal.
func isOf(p iam.Principal, r Request) bool {
	if len(p.AWS)+len(p.Service) == 0 {
		return true
	}
	return slices.ContainsFunc(p.AWS, func(arn string) bool { return arn == "*" || slices.Contains(r.values(principalARN), arn) }) ||
		slices.ContainsFunc(p.Service, func(name string) bool { return slices.Contains(r.values(ServiceName), name) })
}

// Matches tells whether a text is as a pattern says, in which a star stands for any text and a question mark for any character.
func Matches(pattern, text string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '*':
		return Matches(pattern[1:], text) || text != "" && Matches(pattern, text[1:])
	default:
		return text != "" && (pattern[0] == '?' || pattern[0] == text[0]) && Matches(pattern[1:], text[1:])
	}
}
