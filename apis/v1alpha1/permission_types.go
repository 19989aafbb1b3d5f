package v1alpha1

// Permissions are what the functions may do beyond writing logs, keeping items of their own in the history table, and reading
// their secrets. Nothing lets them change the history or what delivers them.
type Permissions struct {
	// Statements allow actions on resources, in the policy of the functions' role.
	// +kubebuilder:validation:MaxItems=10
	// +listType=atomic
	Statements []PermissionStatement `json:"statements,omitempty"`

	// PolicyARNs are managed policies, of the pipeline's account or of AWS, that are attached to the functions' role. IAM attaches
	// 10 to a role. The pipeline has three of them, and one more while it is upgraded. See
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
	// +kubebuilder:validation:MaxItems=6
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:items:XValidation:rule=`self.matches('^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+$')`,message="must be the ARN of a managed policy, such as arn:aws:iam::111122223333:policy/payment-service-audit"
	// +kubebuilder:validation:items:XValidation:rule="!self.contains(':policy/lambda-dynamodb-policy-')",message="must not be a policy of a pipeline, which attaches its own itself; name others"
	// +listType=set
	PolicyARNs []string `json:"policyArns,omitempty"`
}

// A PermissionStatement allows each of its actions on each of its resources.
type PermissionStatement struct {
	// Actions of AWS services: sqs:SendMessage. Each is one action.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:XValidation:rule="self.matches('^[a-z0-9-]+:[A-Za-z0-9]+$')",message="must be one action of a service, such as sqs:SendMessage; a wildcard would allow also those that AWS adds later"
	// +listType=set
	Actions []string `json:"actions"`

	// Resources are ARNs of what the actions are allowed on. Wildcards may follow the beginning of a name.
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MaxLength=512
	// +kubebuilder:validation:items:XValidation:rule="self.matches('^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}|aws)?:[A-Za-z0-9/][A-Za-z0-9_.:/=+,@*?-]*$')",message="must be an ARN, which may have wildcards after the beginning of a name, such as arn:aws:s3:::payments-receipts/*"
	// +listType=set
	Resources []string `json:"resources"`
}
