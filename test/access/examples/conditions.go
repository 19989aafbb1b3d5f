package examples

import (
	"maps"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// Values of condition keys.
const (
	namespace = "PaymentDelivery"
	other     = "Other"
	public    = "public"
	yes       = "true"
)

// An outcome of a condition for a value of the request.
type outcome struct {
	reason    string
	operator  iam.Operator
	policy    []string
	request   []string
	satisfied bool
}

// examples of a condition key of an action, which is allowed if the condition holds.
func examples(action, resource, key string, outcomes map[string]outcome) map[string]Example {
	all := map[string]Example{}
	for name, o := range outcomes {
		r := request(action, resource)
		if o.request != nil {
			r = having(r, key, o.request...)
		}
		want := access.ImplicitDeny
		if o.satisfied {
			want = access.Allowed
		}
		all[name] = Example{Reason: o.reason, Policies: own(iam.Allow("If", action).On("*").If(o.operator, key, o.policy...)), Request: r, Want: want}
	}
	return all
}

// conditions with keys that have one value.
func conditions() map[string]Example {
	all := examples("cloudwatch:PutMetricData", "*", "cloudwatch:namespace", map[string]outcome{
		"StringEquals":               {"The namespace is the one.", iam.StringEquals, []string{namespace}, []string{namespace}, true},
		"StringEqualsCase":           {"Letters differ.", iam.StringEquals, []string{namespace}, []string{"paymentdelivery"}, false},
		"StringEqualsStar":           {"A star is only a star.", iam.StringEquals, []string{"Payment*"}, []string{namespace}, false},
		"StringEqualsAny":            {"It is one of several.", iam.StringEquals, []string{other, namespace}, []string{namespace}, true},
		"StringEqualsMissing":        {"It is missing.", iam.StringEquals, []string{namespace}, nil, false},
		"StringEqualsIfExists":       {"It is missing, and may be.", "StringEqualsIfExists", []string{namespace}, nil, true},
		"StringEqualsIfExistsOther":  {"It is there, and another.", "StringEqualsIfExists", []string{namespace}, []string{other}, false},
		"StringEqualsIgnoreCase":     {"Letters may differ.", "StringEqualsIgnoreCase", []string{namespace}, []string{"paymentdelivery"}, true},
		"StringLike":                 {"A star is any text.", "StringLike", []string{"Payment*"}, []string{namespace}, true},
		"StringLikeOther":            {"It begins otherwise.", "StringLike", []string{"Payment*"}, []string{"Delivery"}, false},
		"StringNotEquals":            {"It is another.", iam.StringNotEquals, []string{namespace}, []string{other}, true},
		"StringNotEqualsIt":          {"It is that.", iam.StringNotEquals, []string{other, namespace}, []string{namespace}, false},
		"StringNotEqualsMissing":     {"What is missing is not that.", iam.StringNotEquals, []string{namespace}, nil, true},
		"StringNotLike":              {"It begins so.", "StringNotLike", []string{"Payment*"}, []string{namespace}, false},
		"StringNotEqualsIgnoreCase":  {"Letters may differ.", "StringNotEqualsIgnoreCase", []string{namespace}, []string{"PAYMENTDELIVERY"}, false},
		"NullMissing":                {"It must be missing.", "Null", []string{yes}, nil, true},
		"NullMissingButThere":        {"It must be missing, and is there.", "Null", []string{yes}, []string{other}, false},
		"NullThere":                  {"It must be there.", "Null", []string{"false"}, []string{other}, true},
		"NullThereButMissing":        {"It must be there, and is missing.", "Null", []string{"false"}, nil, false},
		"StringNotEqualsIfExists":    {"It is missing, and may be.", "StringNotEqualsIfExists", []string{namespace}, nil, true},
		"StringNotEqualsIfExistsNot": {"It is that.", "StringNotEqualsIfExists", []string{namespace}, []string{namespace}, false},
	})
	maps.Copy(all, arns())
	maps.Copy(all, examples("s3:GetObject", object, "aws:SecureTransport", map[string]outcome{
		"Bool":      {"It is so.", iam.Bool, []string{yes}, []string{yes}, true},
		"BoolFalse": {"It is not.", iam.Bool, []string{"false"}, []string{yes}, false},
	}))
	both := iam.Allow("If", "kms:CreateGrant").On(key).If(iam.StringEquals, "kms:ViaService", "lambda.us-east-1.amazonaws.com").If(iam.Bool, "kms:GrantIsForAWSResource", yes)
	grant := request("kms:CreateGrant", key)
	all["BothConditions"] = Example{
		Reason: "All comparisons must hold.", Policies: own(both), Want: access.Allowed,
		Request: having(having(grant, "kms:ViaService", "lambda.us-east-1.amazonaws.com"), "kms:GrantIsForAWSResource", yes),
	}
	all["OneCondition"] = Example{
		Reason: "One is not enough.", Policies: own(both), Want: access.ImplicitDeny,
		Request: having(request("kms:CreateGrant", key), "kms:ViaService", "lambda.us-east-1.amazonaws.com"),
	}
	all["KeyInCapitals"] = Example{
		Reason:   "Names of keys match in whatever case.",
		Policies: own(iam.Allow("If", "kms:Decrypt").On(key).If(iam.StringEquals, "KMS:viaservice", "lambda.us-east-1.amazonaws.com")),
		Request:  having(request("kms:Decrypt", key), "kms:ViaService", "lambda.us-east-1.amazonaws.com"), Want: access.Allowed,
	}
	return all
}

// arns are conditions with keys that are ARNs.
func arns() map[string]Example {
	all := examples("s3:GetObject", object, "aws:PrincipalArn", map[string]outcome{
		"ArnEquals":        {"The role is the one.", iam.ArnEquals, []string{Role}, []string{Role}, true},
		"ArnEqualsStar":    {"A star is any text here too.", iam.ArnEquals, []string{"arn:aws:iam::*:role/rel*"}, []string{Role}, true},
		"ArnEqualsOther":   {"It is another.", iam.ArnEquals, []string{Role + "-other"}, []string{Role}, false},
		"ArnLikeOther":     {"It is of another account.", iam.ArnLike, []string{"arn:aws:iam::444455556666:role/*"}, []string{Role}, false},
		"ArnNotEquals":     {"It is another.", iam.ArnNotEquals, []string{Role + "-other"}, []string{Role}, true},
		"ArnNotEqualsStar": {"It is like that.", iam.ArnNotEquals, []string{"arn:aws:iam::*:role/*"}, []string{Role}, false},
	})
	maps.Copy(all, examples("s3:GetObject", object, "aws:SourceArn", map[string]outcome{
		"ArnLikeParts":       {"A star stays in its part.", iam.ArnLike, []string{"arn:aws:lambda:*:f:1"}, []string{function + ":1"}, false},
		"ArnLikeLastPart":    {"Of which the last has colons.", iam.ArnLike, []string{"arn:aws:lambda:*:*:function:*"}, []string{function + ":1"}, true},
		"StringLikeAllParts": {"In text it does not.", "StringLike", []string{"arn:aws:lambda:*:f:1"}, []string{function + ":1"}, true},
	}))
	return all
}

// sets are conditions with keys that have several values.
func sets() map[string]Example {
	allowed := []string{"service#*", public}
	return examples("dynamodb:GetItem", table, "dynamodb:LeadingKeys", map[string]outcome{
		"ForAllValues":        {"All values are allowed.", iam.ForAllValuesStringLike, allowed, []string{"service#1", public}, true},
		"ForAllValuesOne":     {"One is not.", iam.ForAllValuesStringLike, allowed, []string{"service#1", "private"}, false},
		"ForAllValuesMissing": {"All of none are.", iam.ForAllValuesStringLike, allowed, nil, true},
		"ForAnyValue":         {"One is allowed.", "ForAnyValue:StringLike", allowed, []string{"private", public}, true},
		"ForAnyValueNone":     {"None is.", "ForAnyValue:StringLike", allowed, []string{"private"}, false},
		"ForAnyValueMissing":  {"There is none.", "ForAnyValue:StringLike", allowed, nil, false},
		"ForAnyValueNot":      {"One is not among them.", iam.ForAnyValueStringNotLike, allowed, []string{public, "private"}, true},
		"ForAnyValueNotAll":   {"All are among them.", iam.ForAnyValueStringNotLike, allowed, []string{public, "service#2"}, false},
		"ForAnyValueNotNone":  {"There is none.", iam.ForAnyValueStringNotLike, allowed, nil, false},
	})
}
