package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// comparisons of a value of the request with one of a policy, by operators.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
var comparisons = map[string]func(policy, request string) bool{
	"ArnEquals":              sameARN,
	"ArnLike":                sameARN,
	"Bool":                   strings.EqualFold,
	"StringEquals":           func(policy, request string) bool { return policy == request },
	"StringEqualsIgnoreCase": strings.EqualFold,
	"StringLike":             Matches,
}

// sameARN compares ARNs part by part.
func sameARN(policy, request string) bool {
	const parts = 6
	want, got := strings.SplitN(policy, ":", parts), strings.SplitN(request, ":", parts)
	if len(want) != parts || len(got) != parts {
		return false
	}
	for i := range want {
		if !Matches(want[i], got[i]) {
			return false
		}
	}
	return true
}

// holds tells whether all comparisons of a condition hold.
func holds(condition iam.Condition, r Request) (bool, error) {
	for operator, keys := range condition {
		for key, want := range keys {
			ok, err := compare(string(operator), want, r.values(key))
			if err != nil || !ok {
				return false, err
			}
		}
	}
	return true, nil
}

// compare the request's values of a key with those of a policy.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
func compare(operator string, want, got []string) (bool, error) {
	name, all := strings.CutPrefix(operator, "ForAllValues:")
	name, some := strings.CutPrefix(name, "ForAnyValue:")
	name, optional := strings.CutSuffix(name, "IfExists")
	if name == "Null" {
		return slices.Contains(want, fmt.Sprint(len(got) == 0)), nil
	}
	positive := strings.Replace(name, "Not", "", 1)
	negated := positive != name
	same := comparisons[positive]
	if same == nil {
		return false, fmt.Errorf("condition operator %q is not known here", operator)
	}
	differs := func(value string) bool {
		return slices.ContainsFunc(want, func(w string) bool { return same(w, value) }) == negated
	}
	fits := func(value string) bool { return !differs(value) }
	switch {
	case all:
		return !slices.ContainsFunc(got, differs), nil
	case some:
		return slices.ContainsFunc(got, fits), nil
	case len(got) == 0:
		return negated || optional, nil
	case negated:
		return !slices.ContainsFunc(got, differs), nil
	default:
		return slices.ContainsFunc(got, fits), nil
	}
}
