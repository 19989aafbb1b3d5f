package iam

import "maps"

// An Operator compares a key of the request with values.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type Operator string

// The operators of the policies here: those of pipelines, and those of the provider.
const (
	ArnEquals                Operator = "ArnEquals"
	ArnLike                  Operator = "ArnLike"
	ArnLikeIfExists          Operator = "ArnLikeIfExists"
	ArnNotEquals             Operator = "ArnNotEquals"
	Bool                     Operator = "Bool"
	ForAllValuesStringLike   Operator = "ForAllValues:StringLike"
	ForAnyValueStringNotLike Operator = "ForAnyValue:StringNotLike"
	StringEquals             Operator = "StringEquals"
	StringLike               Operator = "StringLike"
	StringNotEquals          Operator = "StringNotEquals"
)

// A Condition has operators with the keys that each compares, and with what. It holds if all of its comparisons do.
type Condition map[Operator]map[string]Values

// and returns the condition with one more comparison.
func (c Condition) and(operator Operator, key string, values []string) Condition {
	all := maps.Clone(c)
	if all == nil {
		all = Condition{}
	}
	keys := maps.Clone(all[operator])
	if keys == nil {
		keys = map[string]Values{}
	}
	keys[key] = values
	all[operator] = keys
	return all
}
