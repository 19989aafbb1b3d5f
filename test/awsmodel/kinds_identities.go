package awsmodel

// ARNs of what fields refer to. The account is an example's.
const (
	roleARN   = "arn:aws:iam::111122223333:role/*"
	policyARN = "arn:aws:iam::111122223333:policy/*"
	topicARN  = "arn:aws:sns:us-east-1:111122223333:*"
)

// identityKinds are roles and what they may do.
var identityKinds = map[string]Kind{
	"iam/Policy": {
		Service: "iam",
		Create:  "CreatePolicy",
		Name:    []string{"CreatePolicy.PolicyName"},
		Fields: map[string]Parameter{
			policyField: to("CreatePolicy.PolicyDocument"),
			tagsField:   to("CreatePolicy.Tags").pairs("Key", "Value"),
		},
	},
	"iam/Role": {
		Service: "iam",
		Create:  "CreateRole",
		Name:    []string{"CreateRole.RoleName"},
		Fields: map[string]Parameter{
			"assumeRolePolicy":    to("CreateRole.AssumeRolePolicyDocument"),
			"permissionsBoundary": to("CreateRole.PermissionsBoundary"),
			tagsField:             to("CreateRole.Tags").pairs("Key", "Value"),
		},
		Local: map[string]string{"forceDetachPolicies": "what the provider does before it deletes the role"},
	},
	"iam/RolePolicyAttachment": {
		Service: "iam",
		Create:  "AttachRolePolicy",
		Fields: map[string]Parameter{
			"policyArn": to("AttachRolePolicy.PolicyArn").arn(policyARN),
			"role":      to("AttachRolePolicy.RoleName"),
		},
	},
	"sns/TopicPolicy": {
		Service: "sns",
		Create:  "SetTopicAttributes",
		Fields: map[string]Parameter{
			"arn":       to("SetTopicAttributes.TopicArn").arn(topicARN),
			policyField: to("SetTopicAttributes.AttributeValue"),
		},
		Adds: map[string]string{"SetTopicAttributes.AttributeName": "Policy"},
	},
}
