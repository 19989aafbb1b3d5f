package examples

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

func statements() map[string]Example {
	read := iam.Allow("Read", "s3:GetObject").On(bucket + "/*")
	return map[string]Example{
		"Nothing":  {Reason: "What no policy allows is denied.", Request: request("s3:GetObject", object), Want: access.ImplicitDeny},
		"Allowed":  {Reason: "One statement that allows is enough.", Policies: own(iam.Allow("Write", "s3:PutObject").On("*"), read), Request: request("s3:GetObject", object), Want: access.Allowed},
		"Another":  {Reason: "Another action is not meant.", Policies: own(read), Request: request("s3:GetObjectVersion", object), Want: access.ImplicitDeny},
		"Deny":     {Reason: "One that denies outweighs it, in whatever order.", Policies: own(iam.Deny("No", "s3:Get*").On("*"), read), Request: request("s3:GetObject", object), Want: access.ExplicitDeny},
		"Capitals": {Reason: "Actions match in whatever case.", Policies: own(iam.Allow("Read", "S3:getobject").On(bucket + "/*")), Request: request("s3:GetObject", object), Want: access.Allowed},
		"Stars":    {Reason: "A star in an action is any text.", Policies: own(iam.Allow("Key", "kms:GenerateDataKey*").On(key)), Request: request("kms:GenerateDataKeyWithoutPlaintext", key), Want: access.Allowed},
		"StarsNot": {Reason: "But not what follows it.", Policies: own(iam.Allow("Key", "kms:*Key").On(key)), Request: request("kms:GenerateDataKeyWithoutPlaintext", key), Want: access.ImplicitDeny},
		"Service":  {Reason: "A star does not reach over services that are named.", Policies: own(iam.Allow("All", "s3:*").On("*")), Request: request("lambda:GetAlias", function), Want: access.ImplicitDeny},
		"AllBut":   {Reason: "Of all but some actions, another one is meant.", Policies: own(iam.Allow("All", "*").On("*"), iam.DenyAllBut("Only", "s3:Get*").On("*")), Request: request("s3:PutObject", object), Want: access.ExplicitDeny},
		"AllButIt": {Reason: "And none of these.", Policies: own(iam.Allow("All", "*").On("*"), iam.DenyAllBut("Only", "s3:get*").On("*")), Request: request("s3:GetObject", object), Want: access.Allowed},
	}
}

func resources() map[string]Example {
	return map[string]Example{
		"Object":      {Reason: "The resource must match.", Policies: own(iam.Allow("Read", "s3:GetObject").On(bucket + "/released/*")), Request: request("s3:GetObject", bucket+"/promoted/service.zip"), Want: access.ImplicitDeny},
		"Slashes":     {Reason: "A star is slashes too.", Policies: own(iam.Allow("Read", "s3:GetObject").On(bucket + "/*")), Request: request("s3:GetObject", object), Want: access.Allowed},
		"Question":    {Reason: "A question mark is one character.", Policies: own(iam.Allow("Read", "s3:GetObject").On(bucket + "/released/service.z?p")), Request: request("s3:GetObject", object), Want: access.Allowed},
		"QuestionNot": {Reason: "And not none.", Policies: own(iam.Allow("Read", "s3:GetObject").On(object + "?")), Request: request("s3:GetObject", object), Want: access.ImplicitDeny},
		"CaseMatters": {Reason: "Resources match in their own case only.", Policies: own(iam.Allow("Read", "s3:GetObject").On(bucket + "/Released/*")), Request: request("s3:GetObject", object), Want: access.ImplicitDeny},
		"Version":     {Reason: "A function is not its versions.", Policies: own(iam.Allow("Invoke", "lambda:InvokeFunction").On(function)), Request: request("lambda:InvokeFunction", function+":1"), Want: access.ImplicitDeny},
		"Function":    {Reason: "Nor are versions the function.", Policies: own(iam.Allow("Delete", "lambda:DeleteFunction").On(function + ":*")), Request: request("lambda:DeleteFunction", function), Want: access.ImplicitDeny},
		"BucketDenies": {
			Reason:   "The policy of a resource can deny what the role's own allows.",
			Policies: with(own(iam.Allow("Write", "s3:PutObject").On(object)), iam.Deny("OnlyReleases", "s3:PutObject").To(iam.Anyone()).On(object).If(iam.ArnNotEquals, "aws:PrincipalArn", Role+"-other")),
			Request:  request("s3:PutObject", object), Want: access.ExplicitDeny,
		},
		"BucketDeniesOthers": {
			Reason:   "It denies others only.",
			Policies: with(own(iam.Allow("Write", "s3:PutObject").On(object)), iam.Deny("OnlyReleases", "s3:PutObject").To(iam.Anyone()).On(object).If(iam.ArnNotEquals, "aws:PrincipalArn", Role)),
			Request:  request("s3:PutObject", object), Want: access.Allowed,
		},
		"BucketAllows": {
			Reason:   "In the same account, the policy of a resource is enough.",
			Policies: with(access.Policies{}, iam.Allow("Offer", "s3:GetObject").To(iam.AWS(Role)).On(object)),
			Request:  request("s3:GetObject", object), Want: access.Allowed,
		},
		"BucketAllowsOthers": {
			Reason:   "But not if it allows somebody else.",
			Policies: with(access.Policies{}, iam.Allow("Offer", "s3:GetObject").To(iam.AWS(Role+"-other")).On(object)),
			Request:  request("s3:GetObject", object), Want: access.ImplicitDeny,
		},
		"BucketAllowsService": {
			Reason:   "Nor a service.",
			Policies: with(access.Policies{}, iam.Allow("Offer", "s3:GetObject").To(iam.Service("logging.s3.amazonaws.com")).On(object)),
			Request:  request("s3:GetObject", object), Want: access.ImplicitDeny,
		},
	}
}
