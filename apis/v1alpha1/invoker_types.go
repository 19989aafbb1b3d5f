package v1alpha1

// An Invoker is who may call the live alias: an AWS service in the name of something, another account, or an organization.
// See https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html.
// +kubebuilder:validation:XValidation:rule="!self.principal.contains('.amazonaws.com') || size(self.sourceArn) > 0 || size(self.sourceAccount) > 0",message="a service calls for anybody in AWS unless sourceArn or sourceAccount says for whom",messageExpression=`'"' + self.principal + '" calls for anybody in AWS; say for whom in sourceArn or sourceAccount'`,fieldPath=".principal"
// +kubebuilder:validation:XValidation:rule="size(self.sourceArn) == 0 || size(self.sourceAccount) > 0 || self.sourceArn.matches('^arn:[^:]*:[^:]*:[^:]*:[0-9]{12}:')",message="this ARN names no account, and what it names may become another's: it needs a sourceAccount",messageExpression=`'"' + self.sourceArn + '" names no account, and what it names may become another account\'s; set sourceAccount too'`,fieldPath=".sourceArn"
// +kubebuilder:validation:XValidation:rule="self.principal.contains('.amazonaws.com') || size(self.sourceArn) == 0 && size(self.sourceAccount) == 0",message="sourceArn and sourceAccount say for whom a service calls, and an account calls for itself",messageExpression=`'"' + self.principal + '" is not an AWS service, and calls for itself; leave out sourceArn and sourceAccount'`,fieldPath=".principal"
// +kubebuilder:validation:XValidation:rule="size(self.organizationId) == 0 || !self.principal.contains('.amazonaws.com')",message="a service belongs to no organization: say for whom it calls",messageExpression=`'"' + self.organizationId + '" has accounts only, and "' + self.principal + '" is an AWS service; leave organizationId out, and set sourceArn or sourceAccount'`,fieldPath=".organizationId"
// +kubebuilder:validation:XValidation:rule="self.principal != '*' || size(self.organizationId) > 0",message="* is everybody in AWS: it needs an organizationId",messageExpression=`'"*" is everybody in AWS; set organizationId'`,fieldPath=".principal"
type Invoker struct {
	// Name of the invoker, one of its own in the claim.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule=`self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')`,message="must be lower-case letters, digits and hyphens, and begin and end with a letter or a digit: ledger"
	Name string `json:"name"`

	// Principal is an AWS service (apigateway.amazonaws.com), the id of an account, or * for all accounts of an organization.
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([a-z0-9-]+([.][a-z0-9-]+)*[.]amazonaws[.]com|[0-9]{12}|[*])$')`,message="must be an AWS service, such as apigateway.amazonaws.com, the 12 digits of an AWS account, or *; roles and users call by a policy of their own"
	Principal string `json:"principal"`

	// SourceARN is what the service calls for, and may have wildcards:
	// arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/POST/payments.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(arn:aws[a-z-]*:[a-z0-9-]+:([a-z]{2}(-gov)?-[a-z]+-[0-9])?:([0-9]{12})?:[A-Za-z0-9/][A-Za-z0-9_.:/=+,@$*?-]*)?$')`,message="must be the ARN of what the service calls for, which may have wildcards after the beginning of a name, such as arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/*/POST/payments"
	SourceARN string `json:"sourceArn,omitempty"`

	// SourceAccount is the account that has what the service calls for.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=12
	// +kubebuilder:validation:XValidation:rule=`self.matches('^([0-9]{12})?$')`,message="must be the id of an AWS account, which has 12 digits, such as 111122223333"
	SourceAccount string `json:"sourceAccount,omitempty"`

	// OrganizationID is the organization that the callers belong to.
	// +kubebuilder:default=""
	// +kubebuilder:validation:MaxLength=34
	// +kubebuilder:validation:XValidation:rule=`self.matches('^(o-[a-z0-9]{10,32})?$')`,message="must be the id of an organization, such as o-a1b2c3d4e5"
	OrganizationID string `json:"organizationId,omitempty"`
}
